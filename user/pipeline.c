/* SPDX-License-Identifier: GPL-2.0-only */
/* The order of the stages, and which judged losses go on to the sink. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/attribute.h"
#include "base/clock.h"
#include "base/log.h"
#include "decode/decode.h"
#include "extras.h"
#include "pipeline.h"
#include "rules/rules.h"

enum fate pipeline_fate(const struct pipeline *p, const struct verdict *v)
{
	const struct wanted *w = &p->wanted;

	if (!wanted_lists(&w->causes, v->cause->name) || !wanted_owner(w, &v->victim))
		return FATE_UNWANTED;
	/* what was asked for by name is not hidden */
	if ((v->cause->severity == SEV_NORMAL || v->cause->severity == SEV_INFO) && !w->normal &&
	    !w->causes.count)
		return FATE_HIDDEN;
	return FATE_SHOWN;
}

/* A packet is freed in whatever context the CPU is in: only a call's caller is current. */
static void find_process(struct process *out, const struct pipeline *p, const struct event *ev)
{
	*out = (struct process){ .pid = ev->pid };
	if (ev->pid)
		memcpy(out->comm, ev->comm, sizeof(out->comm));
	else if (p->processes)
		processes_find(p->processes, ev->key.cgroup, ev->sk_inode, ev->time_ns, out);
}

static void find_holder(struct process *out, const struct pipeline *p, const struct event *ev)
{
	const struct detail_ports *ports = &ev->detail.ports;

	*out = (struct process){ 0 };
	if (ev->detail_kind == DETAIL_PORTS && ports->holder_inode && p->processes)
		processes_find(p->processes, ports->holder_cgroup, ports->holder_inode, ev->time_ns,
			       out);
}

/* Asked once per event, so that all sinks get the same answer. */
static const struct rule_info *find_rule(const struct pipeline *p, const struct event *ev)
{
	if (ev->detail_kind != DETAIL_NF_RULE || !p->host->rules)
		return NULL;
	return rules_get(p->host->rules, &ev->detail.nf_rule);
}

static int bad_record(struct pipeline *p, int err, size_t size)
{
	if (!p->fates[FATE_BAD]++)
		log_warn(err,
			 "a record of %zu bytes from the kernel makes no sense; such records are "
			 "counted",
			 size);
	return 0;
}

static bool is_early(const struct pipeline *p, const struct drop *d)
{
	return p->patience_ns && verdicts_may_change(p->verdicts, d->verdict) &&
	       now_ns() < d->ev->time_ns + p->patience_ns;
}

static int hold(struct pipeline *p, const void *data, size_t size)
{
	if (data == p->held)
		return -EAGAIN;
	p->held = malloc(size);
	if (!p->held)
		return -ENOMEM;
	memcpy(p->held, data, size);
	p->held_size = size;
	return -EAGAIN;
}

static bool is_shown(struct pipeline *p, const struct drop *d)
{
	enum fate fate = pipeline_fate(p, d->verdict);

	p->fates[fate]++;
	return fate == FATE_SHOWN;
}

/* What is known only now, and what was found out when a recording was made. */
static void find_out(struct drop *d, const struct pipeline *p)
{
	find_process(&d->process, p, d->ev);
	find_holder(&d->holder, p, d->ev);
	d->rule = find_rule(p, d->ev);
	attribute_peer(&d->peer, d, p->host);
	if (d->more && p->extras)
		d->extra = extras_find(p->extras, d, p->host);
	d->time_real_ns = d->ev->time_ns + p->real_offset_ns;
}

static void take_over(struct drop *d, const struct told *told)
{
	d->process = told->process;
	d->holder = told->holder;
	d->rule = told->rule;
	d->peer = *told->peer;
	d->extra = told->extra;
	d->time_real_ns = told->time_real_ns;
}

/* `told` is NULL for a live one. */
static int feed(struct pipeline *p, const void *data, size_t size, const struct told *told)
{
	struct drop d;
	int err;

	if (p->limit && p->fates[FATE_SHOWN] >= p->limit)
		return 1;
	err = decode(&d, data, size);
	if (err)
		return bad_record(p, err, size);
	d.verdict = told ? verdicts_told(p->verdicts, &d.ev->key, told->victim)
			 : verdicts_get(p->verdicts, &d.ev->key);
	if (!d.verdict)
		return -ENOMEM;
	if (!told && is_early(p, &d))
		return hold(p, data, size);
	if (!is_shown(p, &d))
		return 0;
	if (told)
		take_over(&d, told);
	else
		find_out(&d, p);
	verdicts_keep(&d);
	return p->sink->ops->drop(p->sink, &d);
}

int pipeline_feed(struct pipeline *p, const void *data, size_t size)
{
	return feed(p, data, size, NULL);
}

int pipeline_feed_told(struct pipeline *p, const void *data, size_t size, const struct told *told)
{
	return feed(p, data, size, told);
}

int pipeline_resume(struct pipeline *p)
{
	int err = p->held ? pipeline_feed(p, p->held, p->held_size) : 0;

	if (p->held && err != -EAGAIN) {
		free(p->held);
		p->held = NULL;
	}
	return err;
}

void pipeline_close(struct pipeline *p)
{
	free(p->held);
	p->held = NULL;
}

int pipeline_tick(struct pipeline *p)
{
	int64_t mono = now_ns();

	p->real_offset_ns = clock_ns(CLOCK_REALTIME) - mono;
	return p->sink->ops->tick(p->sink, mono);
}
