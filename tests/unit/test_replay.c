/* SPDX-License-Identifier: GPL-2.0-only */
/* Losses recorded on each kernel (tests/vm/run -r): judged today as they were, counted or described. */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/pods.h"
#include "build.h"
#include "classify/classify.h"
#include "pipeline.h"
#include "verdicts.h"

struct recorded {
	char cause[64], reason[64], where[128];
	struct loss_key key;
};

/* A line of `trace -o key`. */
static bool parse(const char *line, struct recorded *r)
{
	unsigned int kind, l3, proto, facts, note;

	memset(r, 0, sizeof(*r));
	if (sscanf(line, "%63s %63s %127s %u %x %u %x %x", r->cause, r->reason, r->where, &kind,
		   &l3, &proto, &facts, &note) != 8)
		return false;
	r->key.kind = kind;
	r->key.l3 = l3;
	r->key.proto = proto;
	r->key.facts = facts;
	r->key.note = note;
	r->key.reason = strcmp(r->reason, "-") ? 2 : 0;
	return true;
}

static const struct cause *judge(const struct recorded *r)
{
	struct loss l = { .key = &r->key,
			  .reason = r->key.reason ? r->reason : NULL,
			  .where = strcmp(r->where, "-") ? r->where : "" };

	return classify(&l);
}

static void each(void (*test)(const struct recorded *r, const char *at))
{
	char line[512], at[256];
	glob_t files;
	size_t lines;

	cr_assert_eq(glob("tests/recordings/*", 0, NULL, &files), 0, "nothing was recorded");
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *f = fopen(files.gl_pathv[i], "r");
		struct recorded r;

		cr_assert_not_null(f);
		for (lines = 0; fgets(line, sizeof(line), f); lines++) {
			snprintf(at, sizeof(at), "%s:%zu", files.gl_pathv[i], lines + 1);
			cr_assert(parse(line, &r), "%s", at);
			test(&r, at);
		}
		fclose(f);
		cr_expect(lines >= 20, "%s: only %zu losses", files.gl_pathv[i], lines);
	}
	globfree(&files);
}

static void is_judged_as_recorded(const struct recorded *r, const char *at)
{
	cr_expect_str_eq(judge(r)->name, r->cause, "%s: %s, recorded %s", at, judge(r)->name,
			 r->cause);
}

Test(replay, causes_are_those_recorded)
{
	each(is_judged_as_recorded);
}

static const struct verdict *described;

static int remember(struct sink *s, const struct drop *d)
{
	(void)s;
	described = d->verdict;
	return 0;
}

/* What travels as an event and what is counted under the same key meet in one verdict. */
static void event_is_judged_as_its_count(const struct recorded *r, const char *at)
{
	static const struct sink_ops ops = { .name = "test", .drop = remember };
	struct sink sink = { .ops = &ops };
	struct host host = *build_host();
	struct pipeline p = { .host = &host, .sink = &sink, .wanted = { .normal = true } };
	struct bytes none = { .size = 0 };
	struct event ev = build_event(&none, r->key.l3);
	const struct verdict *counted;

	cr_assert_eq(pods_new(&host.pods), 0);
	cr_assert_eq(verdicts_new(&p.verdicts, &host, NULL), 0);
	ev.key = r->key;
	ev.key.netns = 4026532000;
	ev.key.cgroup = 77;
	ev.key.reason = 0; /* its name is this kernel's own, and not known here */
	described = NULL;
	cr_assert_eq(pipeline_feed(&p, &ev, sizeof(ev)), 0, "%s", at);
	counted = verdicts_get(p.verdicts, &ev.key);
	cr_assert_not_null(described, "%s", at);
	cr_expect_eq(described, counted, "%s", at);
	cr_expect_str_eq(described->cause->name, counted->cause->name, "%s", at);
	cr_expect_eq(described->victim.how, counted->victim.how, "%s", at);
	verdicts_free(p.verdicts);
	pods_free(host.pods);
}

Test(replay, events_are_judged_as_their_counts)
{
	each(event_is_judged_as_its_count);
}

/* A kernel that is tested is recorded too. */
Test(replay, every_kernel_is_there)
{
	static const char *const kernels[] = { "5.10", "6.1", "6.12", "7" };
	char path[64];

	for (size_t i = 0; i < 4; i++) {
		FILE *f;

		snprintf(path, sizeof(path), "tests/recordings/%s", kernels[i]);
		f = fopen(path, "r");
		cr_expect_not_null(f, "%s", path);
		if (f)
			fclose(f);
	}
}
