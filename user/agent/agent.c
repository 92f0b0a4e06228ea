// SPDX-License-Identifier: GPL-2.0-only
/* When the kernel's counts are read, who is told of them, and how all of it starts and ends. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/answers.h"
#include "agent/counts.h"
#include "agent/http.h"
#include "agent/recent.h"
#include "agent/remainder.h"
#include "agent/series.h"
#include "agent/syscalls.h"
#include "attribute/pods.h"
#include "base/clock.h"
#include "base/log.h"
#include "probe/loader.h"
#include "sink/sinks.h"

#define SECOND 1000000000ULL

#define TICK_NS	   SECOND	 /* what nobody waits for need not be seen sooner */
#define COLLECT_NS (5 * SECOND)	 /* pods that have ended are known for longer than that */
#define EXPIRE_NS  (10 * SECOND) /* between two looks for series and keys that may leave */
#define FORGET_MAX 64

struct agent {
	const struct agent_config *config;
	struct tracer tracer;
	struct series_set *series;
	struct counts *counts;
	struct outlet *outlet;
	struct sink parts[2]; /* where details go also to the journal */
	struct recent *recent;
	struct http *http;
	struct remainder *remainder; /* NULL: not (yet) looked at */
	bool read;		     /* the kernel's counters, to be compared when all is counted */
	uint64_t audited_ns;
	struct answers answers;
	uint64_t counted;		   /* by the kernel, at the last look */
	int same;			   /* looks since that has not changed */
	uint64_t collected_ns, expired_ns; /* when that was */
};

/* Whether all is read that was counted. What was lost while the counts were read may have been missed, so they
 * are read once more after they have come to rest. */
static bool is_settled(struct agent *a, uint64_t counted)
{
	if (counted != a->counted)
		a->same = 0;
	a->counted = counted;
	return a->same++ > 1 && !counts_wait(a->counts);
}

/* The names of a module that came are read before its losses are judged. */
static int collect(struct agent *a)
{
	uint64_t counters[CNT_MAX];
	int err = loader_counters(a->tracer.loader, counters);

	a->collected_ns = now_ns();
	if (!err && is_settled(a, counters[CNT_COUNTED]))
		return 0;
	host_know_address(a->tracer.live_host, UINT64_MAX);
	if (!err)
		err = loader_losses(a->tracer.loader, counts_add, a->counts);
	if (!err)
		err = counts_settle(a->counts, a->collected_ns);
	return err ? log_warn(err, "the kernel's counts cannot be read") : 0;
}

/* All that waits is looked at before anybody is answered. */
static int refresh(void *arg)
{
	struct agent *a = arg;
	int err = tracer_tick(&a->tracer);

	return err < 0 ? err : collect(a);
}

/* The kernel's map has room for so many keys: those of pods that have ended go, and if many are left, any. */
static bool forget(void *arg, const struct loss_key *key, const struct loss_count *sum)
{
	struct agent *a = arg;
	const struct verdict *v = verdicts_get(a->tracer.pipeline.verdicts, key);
	bool many = counts_keys(a->counts) > loader_losses_max(a->tracer.loader) / 4 * 3;

	if (!many && !(v && v->victim.flags & OWNER_TERMINATED))
		return false;
	return !loader_forget(a->tracer.loader, key, sum);
}

static void expire(struct agent *a, uint64_t now)
{
	a->expired_ns = now;
	series_expire(a->series, a->tracer.live_host->host.pods, now, a->config->grace_ns);
	counts_forget(a->counts, now, a->config->grace_ns, FORGET_MAX, forget, a);
}

/* Not before the agent is ready: a node with many pods has many namespaces to enter. */
static int begin_audit(struct agent *a)
{
	int err = remainder_new(&a->remainder, &a->tracer.live_host->host, a->config->tracer.root,
				a->config->node);

	if (err)
		return err;
	counts_audit(a->counts, remainder_ledger(a->remainder));
	a->answers.metrics.remainder = a->remainder;
	return 0;
}

/* What was counted before the first look is none of it; where that fails it is not tried again. */
static void audit(struct agent *a, uint64_t now)
{
	bool first = !a->audited_ns;

	if (!a->config->audit_ns || (!first && now - a->audited_ns < a->config->audit_ns))
		return;
	a->audited_ns = now;
	if (first && !collect(a))
		begin_audit(a);
	else if (a->remainder)
		a->read = !remainder_read(a->remainder);
}

/* Losses of pods that are about to be named would be missed. */
static void compare(struct agent *a)
{
	if (!a->read || counts_wait(a->counts))
		return;
	a->read = false;
	if (remainder_compare(a->remainder))
		log_warn(-ENOMEM, "the kernel's counters were not compared");
}

static int on_tick(void *arg)
{
	struct agent *a = arg;
	uint64_t now = now_ns();
	int err = tracer_tick(&a->tracer);

	audit(a, now);
	if (a->read || now - a->collected_ns >= COLLECT_NS)
		collect(a);
	compare(a);
	if (now - a->expired_ns >= EXPIRE_NS)
		expire(a, now);
	http_tick(a->http);
	if (a->outlet)
		outlet_tick(a->outlet, now);
	return err;
}

static int on_http(void *arg)
{
	struct agent *a = arg;

	http_serve(a->http);
	return 0;
}

static int on_hangup(void *arg)
{
	struct agent *a = arg;

	if (a->outlet)
		outlet_reopen(a->outlet, now_ns());
	return 0;
}

static bool for_journal(const struct agent *a)
{
	return a->outlet && outlet_is_journal(a->config->events.target);
}

/* An entry of the journal. */
static int on_entry(void *arg, const char *entry, size_t size)
{
	struct agent *a = arg;

	outlet_write(a->outlet, entry, size, now_ns());
	return 0;
}

/* What the sink has written. */
static int on_lines(void *arg, const char *lines, size_t size)
{
	struct agent *a = arg;

	if (a->recent)
		recent_add(a->recent, lines, size);
	if (a->outlet && !for_journal(a))
		outlet_write(a->outlet, lines, size, now_ns());
	return 0;
}

static struct answers answers_of(struct agent *a)
{
	return (struct answers){
		.metrics = { .loader = a->tracer.loader,
			     .pipeline = &a->tracer.pipeline,
			     .counts = a->counts,
			     .series = a->series,
			     .http = a->http,
			     .outlet = a->outlet,
			     .start_time = clock_ns(CLOCK_REALTIME) / 1e9 },
		.recent = a->recent,
		.serve_drops = a->config->serve_drops,
		.refresh = refresh,
		.refresh_arg = a,
	};
}

static int open_ends(struct agent *a)
{
	const struct agent_config *c = a->config;
	int err = http_new(&a->http, answers_give, &a->answers);

	for (int i = 0; i < c->listen_count && !err; i++)
		err = http_listen(a->http, c->listen[i]);
	if (!err && c->events.target)
		err = outlet_new(&a->outlet, &c->events, now_ns());
	if (!err && c->tracer.knobs.events)
		err = recent_new(&a->recent, c->recent);
	return err;
}

/* JSON lines, and beside them what the journal wants. */
static void choose_sink(struct agent *a, struct tracer_config *config)
{
	config->sink = a->config->otel ? &sink_otel : &sink_json;
	config->sink_config.node = a->config->node;
	config->sink_config.write = on_lines;
	config->sink_config.write_arg = a;
	if (!for_journal(a))
		return;
	for (int i = 0; i < 2; i++)
		a->parts[i] = (struct sink){ .ops = config->sink, .config = config->sink_config };
	a->parts[1].ops = &sink_journal;
	a->parts[1].config.write = on_entry;
	config->sink = &sink_tee;
	config->sink_config = (struct sink_config){ .parts = a->parts, .part_count = 2 };
}

/* What can be refused for the asking comes before the hooks. */
static int open_all(struct agent *a)
{
	struct tracer_config config = a->config->tracer;
	int err = open_ends(a);

	config.tick_ns = TICK_NS;
	choose_sink(a, &config);
	if (!err)
		err = tracer_open(&a->tracer, &config);
	if (!err)
		err = series_new(&a->series, a->config->node, a->config->max_series);
	if (!err)
		err = counts_new(&a->counts, a->tracer.pipeline.verdicts, a->series);
	a->answers = answers_of(a);
	if (!err)
		syscalls_reduce();
	return err;
}

static void close_all(struct agent *a)
{
	http_free(a->http);
	remainder_free(a->remainder);
	counts_free(a->counts);
	series_free(a->series);
	tracer_close(&a->tracer);
	outlet_free(a->outlet);
	recent_free(a->recent);
}

int agent_run(const struct agent_config *config)
{
	struct agent a = { .config = config, .tracer = { .modules = -1 } };
	struct session_config session = { .begun = config->begun };
	struct session_result result;
	int err = open_all(&a);

	if (!err) {
		tracer_watch(&a.tracer, &session);
		session.sources[3] = (struct session_source){ http_fd(a.http), false, on_http, &a };
		session.tick = on_tick;
		session.hangup = on_hangup;
		session.arg = &a;
		err = session_run(&session, &result);
		if (!err)
			err = tracer_finish(&a.tracer);
		if (err < 0)
			log_err(err, "the agent ended");
	}
	close_all(&a);
	return err < 0 ? err : 0;
}
