/* SPDX-License-Identifier: GPL-2.0-only */
/* The grammar of cgroup paths against real layouts, and against bytes nobody would write. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/cgroup_path.h"

#define FIXTURE	     "tests/fixtures/cgroup-paths.tsv"
#define FIXTURE_ROWS 83
#define UID	     "3f5c1d2e-8a4b-4c7d-9e1f-0123456789ab"
#define UID_SLICE    "3f5c1d2e_8a4b_4c7d_9e1f_0123456789ab"
#define ID	     "605439acbd4fb18c145069289094b17f17e0cfa938f78012d4960bc797305f22"

static struct cgroup_path parse(const char *path)
{
	struct cgroup_path p;

	cgroup_path_parse(&p, path, strlen(path));
	return p;
}

static const char *shown(const char *s)
{
	return s && *s ? s : "-";
}

Test(cgroup_path, every_layout_of_the_table)
{
	FILE *f = fopen(FIXTURE, "r");
	char line[2048], *column[5], *rest;
	struct cgroup_path p;
	int rows = 0;

	cr_assert(f, "%s is missing: run from the top directory", FIXTURE);
	for (; fgets(line, sizeof(line), f); rows++) {
		line[strcspn(line, "\n")] = 0;
		rest = line;
		for (int i = 0; i < 5; i++)
			cr_assert(column[i] = strsep(&rest, "\t"), "row %d is short", rows + 1);
		p = parse(column[0]);
		cr_expect_str_eq(shown(p.uid), column[1], "pod of %s: %s", line, p.uid);
		cr_expect_str_eq(shown(p.container), column[2], "container of %s: %s", line,
				 p.container);
		cr_expect_str_eq(shown(cgroup_runtime_name(p.runtime)), column[3],
				 "runtime of %s: %s", line, cgroup_runtime_name(p.runtime));
		cr_expect_str_eq(shown(cgroup_qos_name(p.qos)), column[4], "qos of %s: %s", line,
				 cgroup_qos_name(p.qos));
		cr_expect(!p.uid[0] || !p.unit[0], "%s is a pod's and a unit", line);
	}
	fclose(f);
	cr_expect_eq(rows, FIXTURE_ROWS);
}

Test(cgroup_path, host_units_are_cut_after_the_unit)
{
	static const char *const rows[][2] = {
		{ "/", "" },
		{ "", "" },
		{ "/init.scope", "init.scope" },
		{ "/system.slice/kubelet.service", "system.slice/kubelet.service" },
		{ "/system.slice/kubelet.service/own/deep", "system.slice/kubelet.service" },
		{ "/system.slice/kubelet.service (deleted)", "system.slice/kubelet.service" },
		{ "/user.slice/user-1000.slice/session-3.scope",
		  "user.slice/user-1000.slice/session-3.scope" },
		{ "/user.slice/user-1000.slice/user@1000.service/app.slice/x.service/y",
		  "user.slice/user-1000.slice/user@1000.service/app.slice/x.service" },
		{ "/podruntime/kubelet", "podruntime/kubelet" },
		{ "/../../system.slice/a.service", "system.slice/a.service" },
		{ "/..", ".." },
		{ "/a b/\x01\xff", "a?b/??" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_str_eq(parse(rows[i][0]).unit, rows[i][1], "%s: %s", rows[i][0],
				 parse(rows[i][0]).unit);
}

Test(cgroup_path, near_misses_are_no_pods)
{
	static const char *const rows[] = {
		"/kubepods/burstablepod" UID,
		"/kubepods/burstable/burstable/pod" UID,
		"/kubepods/x/pod" UID,
		"/kubepods.slice/kubepods-burstablepod" UID_SLICE ".slice",
		"/kubepods.slice/kubepods-pod" UID ".slice",
		"/kubepods/pod" UID_SLICE,
		"/kubepods.slice/Kube-kubepods-pod" UID_SLICE ".slice",
		"/-kubepods-pod" UID_SLICE ".slice",
		"/kubepods-pod" UID_SLICE ".slice:other:" ID,
		"/kubepods-pod" UID_SLICE ".slice:cri-containerd:" ID "0",
		"/KUBEPODS/pod" UID,
		"/kubepods/pod3F5C1D2E-8a4b-4c7d-9e1f-0123456789ab",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_str_empty(parse(rows[i]).uid, "%s", rows[i]);
}

Test(cgroup_path, where_pods_are_made)
{
	static const char *const yes[] = { "/kubepods", "/kubepods/burstable", "/kubepods.slice",
					   "/kubepods.slice/kubepods-besteffort.slice",
					   "/kubelet.slice/kubelet-kubepods.slice" };
	static const char *const no[] = { "/", "/system.slice", "/kubepods/pod" UID,
					  "/kubepods/burstable/other", "/kubepods-x.slice" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		cr_expect(parse(yes[i]).holds_pods, "%s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		cr_expect_not(parse(no[i]).holds_pods, "%s", no[i]);
}

Test(cgroup_path, container_without_pod_at_the_top)
{
	cr_expect_str_eq(parse("/" ID).container, ID);
	cr_expect_str_empty(parse("/kubepods.slicex/" ID).container);
}

/* What may be said of any result; the fuzzer checks the same. */
static void check_sane(const struct cgroup_path *p, const char *path)
{
	size_t uid = strlen(p->uid), container = strlen(p->container);

	cr_assert(uid == 0 || uid == 32 || uid == 36, "%s", path);
	cr_assert(container == 0 || container == 64, "%s", path);
	cr_assert(strlen(p->unit) < sizeof(p->unit));
	cr_assert(strspn(p->uid, "0123456789abcdef-") == uid);
}

/* A copy on the heap without a closing 0, so that the sanitizer sees every byte read too many. */
static void parse_exactly(const char *path, size_t len)
{
	struct cgroup_path a, b;
	char *copy = malloc(len ? len : 1);

	memcpy(copy, path, len);
	cgroup_path_parse(&a, copy, len);
	cgroup_path_parse(&b, copy, len);
	free(copy);
	check_sane(&a, path);
	cr_assert(!memcmp(&a, &b, sizeof(a)), "two results for %s", path);
}

Test(cgroup_path, truncated_anywhere)
{
	FILE *f = fopen(FIXTURE, "r");
	char line[2048];

	cr_assert(f);
	while (fgets(line, sizeof(line), f)) {
		size_t len = strcspn(line, "\t");

		for (size_t i = 0; i <= len; i++) {
			parse_exactly(line, i);
			parse_exactly(line + i, len - i);
		}
	}
	fclose(f);
}

Test(cgroup_path, random_bytes_and_words)
{
	static const char *const words[] = { "/",
					     "kubepods",
					     "-",
					     "pod",
					     UID,
					     UID_SLICE,
					     ID,
					     ".slice",
					     ".scope",
					     ":",
					     "cri-containerd",
					     "crio",
					     "burstable",
					     "..",
					     "libpod-conmon",
					     " (deleted)",
					     "docker",
					     "\xff",
					     "" };
	char path[4096];
	size_t len;

	srand(1);
	for (int round = 0; round < 20000; round++) {
		len = 0;
		for (int n = rand() % 12; n--;)
			len += snprintf(path + len, sizeof(path) - len, "%s",
					words[rand() % (sizeof(words) / sizeof(words[0]))]);
		for (int n = rand() % 3; n-- && len;)
			path[rand() % len] = rand();
		parse_exactly(path, len);
	}
}

Test(cgroup_path, very_long)
{
	size_t size = 1 << 20;
	char *path = malloc(size);

	for (size_t i = 0; i < size; i++)
		path[i] = "/kubepods-"[i % 10];
	parse_exactly(path, size);
	memset(path, '/', size);
	parse_exactly(path, size);
	memset(path, 'a', size);
	parse_exactly(path, size);
	free(path);
}
