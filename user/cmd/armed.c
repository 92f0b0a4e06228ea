/* SPDX-License-Identifier: GPL-2.0-only */
/* When the kernel's counts are held against a trigger, and what changes when it is met. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/armed.h"
#include "probe/loader.h"
#include "sink/hold.h"
#include "summary.h"

#define DETAIL_RATE 10 /* losses of one kind that are described a second: the agent's default */
#define SECOND	    1000000000ULL

void armed_knobs(struct knobs *k)
{
	k->detail_gap_ns = SECOND / DETAIL_RATE;
	k->detail_burst_ns = SECOND - k->detail_gap_ns;
}

struct sum {
	const struct armed *a;
	uint64_t buffers;
};

/* Without a cause's name whatever would be shown counts. */
static void add(void *arg, const struct loss_key *key, const struct loss_count *count)
{
	struct sum *s = arg;
	const struct pipeline *p = &s->a->tracer->pipeline;
	const struct verdict *v = key ? verdicts_get(p->verdicts, key) : NULL;

	if (!v || !trigger_names(&s->a->trigger, v->cause) || !wanted_owner(&p->wanted, &v->victim))
		return;
	if (s->a->trigger.cause_count || pipeline_fate(p, v) == FATE_SHOWN)
		s->buffers += count->buffers;
}

/* As long as nothing is counted there is nothing to add up. */
static int count(struct armed *a)
{
	struct sum sum = { .a = a };
	uint64_t counters[CNT_MAX];
	int err = loader_counters(a->tracer->loader, counters);

	if (err || counters[CNT_COUNTED] == a->counted)
		return err;
	a->counted = counters[CNT_COUNTED];
	host_know_address(a->tracer->live_host, UINT64_MAX);
	err = loader_losses(a->tracer->loader, add, &sum);
	if (!err)
		a->total = sum.buffers;
	return err;
}

static int begin(struct armed *a, uint64_t now)
{
	struct pipeline *p = &a->tracer->pipeline;
	long held;

	loader_describe_all(a->tracer->loader);
	held = hold_release(&a->tracer->sink);
	if (held < 0)
		return held;
	a->met = true;
	a->before = held;
	p->limit = a->limit ? p->fates[FATE_SHOWN] + a->limit : 0;
	a->end_ns = a->duration_ns ? now + a->duration_ns : 0;
	log_info(
		"the trigger is met after %.1f s: %s: %llu losses; recording, with %ld losses before it",
		a->waited_ns / 1e9, a->text, (unsigned long long)a->recent, held);
	return 0;
}

static int look(struct armed *a)
{
	uint64_t now = now_ns();
	int err = count(a);

	a->waited_ns = now - a->began_ns;
	if (!err && trigger_read(&a->trigger, a->total, now, &a->recent))
		err = begin(a, now);
	return err;
}

static int on_tick(void *arg)
{
	struct armed *a = arg;
	int err = a->tick(a->tick_arg);

	if (!err && !a->met)
		err = look(a);
	return !err && a->met && a->end_ns && now_ns() >= a->end_ns ? 1 : err;
}

void armed_watch(struct armed *a, struct tracer *t, struct session_config *session, uint64_t limit)
{
	a->tracer = t;
	a->tick = session->tick;
	a->tick_arg = session->arg;
	a->duration_ns = session->duration_ns;
	a->limit = limit;
	a->began_ns = now_ns();
	session->duration_ns = 0;
	session->tick = on_tick;
	session->arg = a;
}

int armed_finish(struct armed *a)
{
	int err = a->met ? 0 : a->tick(a->tick_arg);

	return err < 0 || a->met ? err : look(a);
}

void armed_account(const struct armed *a, struct summary_account *account)
{
	uint64_t dropped = hold_dropped(&a->tracer->sink);

	account->shown -= dropped;
	account->waited += dropped;
}
