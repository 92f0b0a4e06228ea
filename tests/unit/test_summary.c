/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of a run: rows merged and sorted, each cause explained once, each buffer accounted for. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "summary.h"

static const struct cause first = {
	.name = "first-cause",
	.severity = SEV_LOSS,
	.summary = "the first",
	.remedy = "Do the first thing.",
};
static const struct cause second = {
	.name = "second-cause",
	.severity = SEV_LOSS,
	.summary = "the second",
	.remedy = "Do this, and that, and more, and then even more, until the line is longer than "
		  "any terminal that is eighty columns wide would hold it.",
};
static const struct cause normal = {
	.name = "normal-cause",
	.severity = SEV_NORMAL,
	.summary = "no loss",
	.remedy = "None.",
};

static const struct owner db = { .ns = "shop", .pod = "db-0", .how = HOW_SK_CGROUP };
static const struct owner web = { .ns = "shop", .pod = "web-0", .how = HOW_NETNS };

static char *text;

static const char *print(struct summary *s)
{
	size_t size;
	FILE *f;

	free(text);
	f = open_memstream(&text, &size);
	cr_assert_not_null(f);
	summary_print(f, s, build_host());
	fclose(f);
	return text;
}

static int times(const char *what)
{
	int n = 0;

	for (const char *p = text; (p = strstr(p, what)); p++)
		n++;
	return n;
}

static struct summary_row row(const struct verdict *v, uint64_t packets, bool hidden)
{
	return (struct summary_row){ v, { packets / 2, packets, packets * 100 }, hidden };
}

Test(summary, rows_are_merged_and_sorted)
{
	const struct verdict a = { .cause = &first, .victim = db, .id = 1 };
	const struct verdict again = { .cause = &first, .victim = db, .id = 2 };
	const struct verdict other = { .cause = &first, .victim = web, .id = 3 };
	const struct verdict b = { .cause = &second, .victim = db, .id = 4 };
	struct summary_row rows[] = { row(&other, 10, false), row(&a, 100, false),
				      row(&b, 700, false), row(&again, 190, false) };
	struct summary s = { .rows = rows, .count = 4, .account = { 0 } };

	print(&s);
	cr_expect_not_null(strstr(text,
				  "   packets  share  cause                        whose\n"
				  "       700  70.0%  second-cause                 shop/db-0\n"
				  "       290  29.0%  first-cause                  shop/db-0\n"
				  "        10   1.0%  first-cause                  shop/web-0\n"),
			   "%s", text);
	cr_expect_eq(s.count, 3);
}

Test(summary, each_cause_is_explained_once)
{
	const struct verdict a = { .cause = &first, .victim = db };
	const struct verdict other = { .cause = &first, .victim = web };
	const struct verdict b = { .cause = &second, .victim = db };
	struct summary_row rows[] = { row(&a, 3, false), row(&b, 2, false), row(&other, 1, false) };
	struct summary s = { .rows = rows, .count = 3, .account = { 0 } };

	print(&s);
	cr_expect_eq(times("\nfirst-cause: the first\n  Do the first thing.\n"), 1);
	cr_expect_eq(times("Do the first thing."), 1);
	cr_expect_eq(times("\nsecond-cause: the second\n  Do this, and that"), 1);
	for (char *l = strtok(text, "\n"); l; l = strtok(NULL, "\n"))
		cr_expect_leq(strlen(l), 80, "%s", l);
}

Test(summary, hidden_rows_are_told_in_the_account)
{
	const struct verdict a = { .cause = &first, .victim = db };
	const struct verdict n = { .cause = &normal, .victim = db };
	const struct verdict m = { .cause = &normal, .victim = web };
	struct summary_row rows[] = { row(&n, 8, true), row(&a, 2, false), row(&m, 40, true) };
	struct summary s = { .rows = rows,
			     .count = 3,
			     .account = { .seen = 25, .shown = 1, .hidden = 24 } };

	print(&s);
	cr_expect_not_null(strstr(text, "         2 100.0%  first-cause"), "%s", text);
	cr_expect_not_null(
		strstr(text,
		       "        25 events were seen, of them\n"
		       "         1 shown\n"
		       "        24 hidden as normal: normal-cause 24; --all shows them\n"
		       "         0 filtered\n"
		       "         0 lost (counted, but not shown: the ring buffer was full)\n"),
		"%s", text);
	cr_expect_eq(times("no loss"), 0);
}

Test(summary, normal_ones_that_were_asked_for_are_rows)
{
	const struct verdict n = { .cause = &normal, .victim = db };
	struct summary_row rows[] = { row(&n, 8, false) };
	struct summary s = { .rows = rows, .count = 1, .account = { .seen = 4, .shown = 4 } };

	print(&s);
	cr_expect_eq(times("\nnormal-cause: no loss\n"), 1);
	cr_expect_not_null(strstr(text, "         0 hidden as normal\n"), "%s", text);
}

Test(summary, nothing_was_lost)
{
	struct summary s = { 0 };

	print(&s);
	cr_expect_eq(times("\nno losses\n"), 1);
	cr_expect_eq(times("%"), 0);
}

Test(summary, a_row_without_packets_divides_by_nothing)
{
	const struct verdict a = { .cause = &first, .victim = db };
	struct summary_row rows[] = { row(&a, 0, false) };
	struct summary s = { .rows = rows, .count = 1, .account = { 0 } };

	print(&s);
	cr_expect_not_null(strstr(text, "         0   0.0%  first-cause"), "%s", text);
}

Test(summary, what_is_rare_is_told_when_it_happened)
{
	static const char *const rare[] = {
		"this terminal's own connection",
		"left in the ring buffer",
		"not understood",
		"counted without cause",
		"the kernel skipped nested",
		"counted (--count-only)",
	};
	struct summary s = { 0 };

	print(&s);
	for (size_t i = 0; i < sizeof(rare) / sizeof(rare[0]); i++)
		cr_expect_eq(times(rare[i]), 0, "%s", rare[i]);
	s.account = (struct summary_account){ .own = 11,
					      .left = 12,
					      .bad = 13,
					      .other = 14,
					      .missed = 15,
					      .counted = 16,
					      .lost = 123456789012 };
	print(&s);
	for (size_t i = 0; i < sizeof(rare) / sizeof(rare[0]); i++)
		cr_expect_eq(times(rare[i]), 1, "%s", rare[i]);
	cr_expect_eq(times("\n        13 not understood\n"), 1);
	cr_expect_eq(times("\n123456789012 lost"), 1);
}
