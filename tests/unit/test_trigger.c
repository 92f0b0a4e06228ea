/* SPDX-License-Identifier: GPL-2.0-only */
/* Triggers: how they are written, and which rates meet them. */
#include <criterion/criterion.h>
#include <errno.h>

#include <linux/types.h>

#include "base/clock.h"
#include "build.h"
#include "classify/classify.h"
#include "pipeline.h"
#include "rules/rules.h"
#include "sink/hold.h"
#include "sink/sinks.h"
#include "trigger.h"

#define MS 1000000ULL

static struct trigger t;
static uint64_t recent;

Test(trigger, is_written_in_words)
{
	cr_assert_eq(trigger_parse(&t, "cause=accept-queue-full rate>100/s"), 0);
	cr_expect_eq(t.more_than, 100);
	cr_expect_eq(t.window_ns, 1000 * MS);
	cr_expect(trigger_names(&t, cause_find("accept-queue-full")));
	cr_expect_not(trigger_names(&t, cause_find("no-listener")));
	cr_assert_eq(trigger_parse(&t, " rate>0/m  cause=no-listener cause=no-route"), 0);
	cr_expect_eq(t.more_than, 0);
	cr_expect_eq(t.window_ns, 60000 * MS);
	cr_expect(trigger_names(&t, cause_find("no-route")));
	cr_assert_eq(trigger_parse(&t, "rate>5/h"), 0);
	cr_expect_eq(t.window_ns, 3600000 * MS);
	cr_expect(trigger_names(&t, cause_find("no-route")), "without a name any will do");
}

Test(trigger, what_cannot_be_is_refused)
{
	static const char *const wrong[] = {
		"",
		"cause=no-listener",
		"rate>",
		"rate>100",
		"rate>100/d",
		"rate>-1/s",
		"rate>x/s",
		"rate>99999999999999999999/s",
		"rate>1/s rate>2/s",
		"rate<1/s",
		"cause=nonsense rate>1/s",
		"pod=a rate>1/s",
		"cause=no-listener cause=no-route cause=ttl-expired cause=tc-drop cause=xdp-drop rate>1/s",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_eq(trigger_parse(&t, wrong[i]), -EINVAL, "'%s'", wrong[i]);
}

/* The milliseconds after which this many losses each tick of 50 ms meet it; 0: not within 10 s. */
static int met_after(const char *text, int each)
{
	uint64_t total = 500, now = 77000 * MS;

	cr_assert_eq(trigger_parse(&t, text), 0);
	cr_assert_not(trigger_read(&t, total, now, &recent), "what was before is nobody's");
	for (int ms = 50; ms <= 10000; ms += 50)
		if (trigger_read(&t, total += each, now + ms * MS, &recent))
			return ms;
	return 0;
}

Test(trigger, is_met_as_soon_as_there_are_more)
{
	cr_expect_eq(met_after("rate>100/s", 101), 50);
	cr_expect_eq(recent, 101);
	cr_expect_eq(met_after("rate>100/s", 100), 100);
	cr_expect_eq(met_after("rate>100/s", 6), 850);
	cr_expect_eq(met_after("rate>0/s", 1), 50);
}

Test(trigger, is_not_met_by_as_many)
{
	cr_expect_eq(met_after("rate>100/s", 5), 0, "that is 100 a second");
	cr_expect_eq(met_after("rate>0/s", 0), 0);
	cr_expect_eq(met_after("rate>6000/m", 5), 0);
	cr_expect_eq(met_after("rate>600/m", 5), 6050, "before the minute is over");
}

Test(trigger, what_is_long_ago_does_not_count)
{
	uint64_t now = 1;

	cr_assert_eq(trigger_parse(&t, "rate>100/s"), 0);
	trigger_read(&t, 0, now, &recent);
	for (int i = 0; i < 100; i++)
		cr_assert_not(trigger_read(&t, i * 90, now += 1100 * MS, &recent), "reading %d", i);
}

Test(trigger, of_a_long_gap_the_average_counts)
{
	cr_assert_eq(trigger_parse(&t, "rate>100/s"), 0);
	trigger_read(&t, 0, 1, &recent);
	cr_expect_not(trigger_read(&t, 390, 1 + 4000 * MS, &recent));
	cr_expect(trigger_read(&t, 390 + 410, 1 + 8000 * MS, &recent));
	cr_expect_eq(recent, 410);
}

/* A sum that was read while it grew. */
Test(trigger, a_total_that_falls_is_no_rate)
{
	cr_assert_eq(trigger_parse(&t, "rate>100/s"), 0);
	trigger_read(&t, 1000, 1, &recent);
	cr_expect_not(trigger_read(&t, 900, 50 * MS, &recent));
	cr_expect_eq(recent, 0);
}

/* What came through, in order. */
static struct seen {
	uint32_t lengths[16];
	const char *chain;
	int count, ticks, ends;
} seen;

static int seen_open(struct sink *s)
{
	seen = (struct seen){ .count = 0 };
	s->state = &seen;
	return 0;
}

static int seen_drop(struct sink *s, const struct drop *d)
{
	(void)s;
	seen.chain = d->rule ? strdup(d->rule->chain) : NULL;
	seen.lengths[seen.count++] = d->ev->length;
	return 0;
}

static int seen_tick(struct sink *s, uint64_t now_ns)
{
	(void)s;
	(void)now_ns;
	seen.ticks++;
	return 0;
}

static int seen_end(struct sink *s, const struct summary *sum)
{
	(void)s;
	(void)sum;
	seen.ends++;
	return 0;
}

static void seen_close(struct sink *s)
{
	s->state = NULL;
}

static const struct sink_ops sink_seen = {
	.name = "seen",
	.open = seen_open,
	.drop = seen_drop,
	.tick = seen_tick,
	.end = seen_end,
	.close = seen_close,
};

static struct sink part = { .ops = &sink_seen };
static struct sink hold = { .ops = &sink_hold, .config = { .parts = &part } };

static void lose(uint32_t from, uint32_t to)
{
	for (uint32_t length = from; length <= to; length++) {
		struct rule_info rule = { .chain = "fw" };
		struct drop d = *build_golden(0);
		struct event ev = *d.ev;

		ev.length = length;
		d.ev = &ev;
		d.rule = length % 2 ? &rule : NULL;
		cr_assert_eq(hold.ops->drop(&hold, &d), 0);
		rule.chain[0] = 0; /* none of it outlives the call */
		ev.length = 0;
	}
}

Test(hold, passes_on_the_last_and_all_that_follow)
{
	hold.config.keep = 3;
	cr_assert_eq(hold.ops->open(&hold), 0);
	lose(1, 5);
	cr_expect_eq(seen.count, 0);
	cr_expect_eq(hold_dropped(&hold), 2);
	cr_expect_eq(hold_release(&hold), 3);
	cr_assert_str_eq(seen.chain, "fw", "the rule is kept, too");
	lose(6, 7);
	cr_assert_eq(seen.count, 5);
	for (uint32_t i = 0; i < 5; i++)
		cr_expect_eq(seen.lengths[i], i + 3);
	cr_expect_eq(hold_dropped(&hold), 2);
	hold.ops->tick(&hold, 1);
	sink_end(&hold, NULL);
	hold.ops->close(&hold);
	cr_expect_eq(seen.ticks + seen.ends, 2);
	cr_expect_null(part.state);
}

Test(hold, that_is_never_released_passes_nothing)
{
	hold.config.keep = 2;
	cr_assert_eq(hold.ops->open(&hold), 0);
	lose(1, 3);
	hold.ops->close(&hold);
	cr_expect_eq(seen.count, 0);
}
