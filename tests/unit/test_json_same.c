/* SPDX-License-Identifier: GPL-2.0-only */
/* What JSON keeps of one loss for the next is right: whatever differs between the two, the second one's line is that
 * of a sink that has kept nothing. */
#include <criterion/criterion.h>
#include <string.h>

#include "build.h"
#include "classify/classify.h"
#include "fields.h"
#include "sink/sinks.h"

struct lines {
	struct sink sink;
	char text[32768];
	size_t size;
};

/* A loss, all in one place, with room for the stack that a wrong count of frames speaks of. */
struct model {
	struct verdict verdict;
	struct drop drop;
	struct event ev;
	uint64_t stack[256];
};

static struct lines kept, fresh;
static struct model first, second;

static int take(void *arg, const char *data, size_t size)
{
	struct lines *l = arg;

	cr_assert_lt(size, sizeof(l->text));
	memcpy(l->text, data, size);
	l->size = size;
	return 0;
}

static void open_lines(struct lines *l)
{
	l->sink =
		(struct sink){ .ops = &sink_json,
			       .config = { .write = take, .write_arg = l, .host = build_host() } };
	cr_assert_eq(l->sink.ops->open(&l->sink), 0);
}

static void show(struct lines *l, const struct model *m)
{
	cr_assert_eq(l->sink.ops->drop(&l->sink, &m->drop), 0);
	cr_assert_eq(l->sink.ops->tick(&l->sink, 1), 0);
}

/* One sink has just shown the first; to the other one the pods have changed, so that it renders anew. */
static bool right(void)
{
	static uint32_t generation;

	second.drop.verdict = &second.verdict;
	second.drop.ev = &second.ev;
	show(&kept, &first);
	show(&kept, &second);
	second.verdict.generation = ++generation;
	show(&fresh, &second);
	second.verdict.generation = first.verdict.generation;
	return kept.size == fresh.size && !memcmp(kept.text, fresh.text, kept.size);
}

static void make(const struct cause *c, enum detail_kind kind, uint8_t byte)
{
	const struct drop *golden = build_golden(0);
	static uint32_t id;

	first = (struct model){ .verdict = *golden->verdict, .drop = *golden };
	first.verdict.cause = c;
	first.verdict.id = ++id;
	first.drop.verdict = &first.verdict;
	first.drop.ev = &first.ev;
	first.drop.process.pid = 7;
	memset(&first.ev, byte, sizeof(first.ev));
	first.ev.key = first.verdict.key;
	first.ev.stack_size = first.ev.has_more = 0;
	first.ev.detail_kind = kind;
	second = first;
}

/* The key is the verdict's. */
static void try_record(const char *cause)
{
	for (size_t i = 0; i < sizeof(first.ev); i++) {
		if (i >= offsetof(struct event, key) &&
		    i < offsetof(struct event, key) + sizeof(first.ev.key))
			continue;
		second = first;
		((uint8_t *)&second.ev)[i] ^= 1;
		cr_expect(right(), "%s, detail %u: byte %zu of the record", cause,
			  first.ev.detail_kind, i);
	}
}

static void try_rest(const char *cause)
{
	for (size_t i = 0; i < sizeof(first.drop.pkt); i++) {
		second = first;
		((uint8_t *)&second.drop.pkt)[i] ^= 1;
		cr_expect(right(), "%s: byte %zu of the packet", cause, i);
	}
	for (size_t i = 0; i < sizeof(first.drop.process); i++) {
		second = first;
		((uint8_t *)&second.drop.process)[i] ^= 1;
		cr_expect(right(), "%s: byte %zu of the process", cause, i);
	}
}

/* Details that the cause's evidence speaks of, and none. */
static bool speaks_of(const struct cause *c, enum detail_kind kind)
{
	for (int i = 0; i < CAUSE_EVIDENCE && c->evidence[i]; i++)
		if (field_find(c->evidence[i])->detail == kind)
			return true;
	return !kind;
}

Test(json_same, whatever_differs_in_the_record_is_told)
{
	open_lines(&kept);
	open_lines(&fresh);
	for (size_t i = 0; i < causes_count; i++)
		for (int kind = 0; kind < DETAIL_KIND_MAX; kind++) {
			if (!speaks_of(&causes[i], kind))
				continue;
			make(&causes[i], kind, 0);
			try_record(causes[i].name);
			make(&causes[i], kind, 4); /* an address's family among others */
			try_record(causes[i].name);
			try_rest(causes[i].name);
		}
	kept.sink.ops->close(&kept.sink);
	fresh.sink.ops->close(&fresh.sink);
}

Test(json_same, whoever_else_owns_it_is_told)
{
	open_lines(&kept);
	open_lines(&fresh);
	make(&causes[0], DETAIL_NONE, 0);
	cr_expect(right());
	second.drop.peer = (struct owner){ .pod = "another", .how = HOW_IP_SRC };
	cr_expect(right());
	/* an end is longer ago with each loss */
	make(&causes[0], DETAIL_NONE, 0);
	first.verdict.victim.flags |= OWNER_TERMINATED;
	second = first;
	second.ev.time_ns += 5000000000;
	cr_expect(right());
	make(&causes[0], DETAIL_NONE, 0);
	first.drop.peer =
		(struct owner){ .pod = "gone", .how = HOW_IP_SRC, .flags = OWNER_TERMINATED };
	second = first;
	second.ev.time_ns += 5000000000;
	cr_expect(right());
	kept.sink.ops->close(&kept.sink);
	fresh.sink.ops->close(&fresh.sink);
}
