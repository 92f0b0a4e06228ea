/* SPDX-License-Identifier: GPL-2.0-only */
/* A recording in the making: what an event takes along so that it can be judged and shown elsewhere. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute/who.h"
#include "classify/advice.h"
#include "environment.h"
#include "extra.h"
#include "fields.h"
#include "redact.h"
#include "sink/sinks.h"
#include "sink/tell.h"
#include "summary.h"

struct record {
	struct oracle oracle; /* first: the evidence asks it, and it writes the answer down */
	struct sink *sink;
	struct host host; /* the real one, but for the oracle */
	struct writer w;
	struct teller told;
	struct hash answers; /* by question: 1 + id of the owner */
	size_t items;	     /* of the environment that were written */
};

static bool answer(struct oracle *o, struct owner *out, const struct question *q, uint64_t time_ns)
{
	struct record *r = (struct record *)o;
	bool known = who_is(out, r->sink->config.host, q, time_ns);
	uint32_t owner = known ? tell_owner(&r->told, out) : 0;
	struct question told = *q;

	if (r->sink->config.redact && q->kind == WHO_ADDR)
		redact_addr(r->sink->config.redact, q->family, told.addr);
	if (hash_get(&r->answers, &told) == (void *)(uintptr_t)(owner + 1))
		return known;
	if (hash_put(&r->answers, &told, (void *)(uintptr_t)(owner + 1)))
		r->w.error = -ENOMEM;
	writer_begin(&r->w, REC_ANSWER);
	pack_u32(&r->w.batch, told.kind);
	pack_u32(&r->w.batch, told.family);
	pack_raw(&r->w.batch, told.addr, sizeof(told.addr));
	pack_u64(&r->w.batch, told.id);
	pack_u32(&r->w.batch, owner);
	writer_end(&r->w);
	return known;
}

/* Write the evidence into nowhere, to hear what it asks. Only details name others. */
static void tell_answers(struct record *r, const struct drop *d)
{
	const struct cause *c = d->verdict->cause;
	const struct event *ev = d->ev;
	struct field_value value;
	char text[ADVICE_SIZE];
	struct strbuf b;

	if (ev->detail_kind == DETAIL_NONE)
		return;
	for (int i = 0; i < CAUSE_EVIDENCE && c->evidence[i]; i++) {
		const struct field *f = field_find(c->evidence[i]);

		if (f && f->type == FIELD_TEXT)
			field_get(f, d, &r->host, &value);
	}
	strbuf_init(&b, text, sizeof(text));
	if (c->advise)
		advice(&b, d, &r->host);
	if (ev->detail_kind != DETAIL_NF_HOOK)
		return;
	for (int i = 0; i < ev->detail.nf_hook.count && i < NF_HOOKS; i++)
		tell_address(&r->told, ev->detail.nf_hook.function[i]);
}

static void pack_process(struct record *r, const struct process *p)
{
	pack_u32(&r->w.batch, p->pid);
	pack_u32(&r->w.batch, p->holders);
	pack_raw(&r->w.batch, p->comm, sizeof(p->comm));
}

/* A checksum tells of what was left out. */
static bool is_told(const struct record *r, const struct extra_value *v)
{
	return !r->sink->config.redact || strcmp(v->name, "sk_buff.csum");
}

static void pack_extra(struct record *r, const struct extra *x)
{
	uint32_t values = 0;

	for (uint32_t i = 0; i < x->value_count; i++)
		values += is_told(r, &x->values[i]);
	writer_begin(&r->w, REC_EXTRA);
	pack_u32(&r->w.batch, values);
	pack_u32(&r->w.batch, x->frame_count);
	for (uint32_t i = 0; i < x->value_count; i++) {
		if (!is_told(r, &x->values[i]))
			continue;
		pack_text(&r->w.batch, x->values[i].name);
		pack_u64(&r->w.batch, x->values[i].value);
		pack_u8(&r->w.batch, x->values[i].format);
	}
	for (uint32_t i = 0; i < x->frame_count; i++)
		pack_text(&r->w.batch, x->frames[i]);
	pack_u32(&r->w.batch, x->snap_size);
	pack_raw(&r->w.batch, x->snap, x->snap_size);
	writer_end(&r->w);
}

static int record_drop(struct sink *s, const struct drop *d)
{
	struct record *r = s->state;
	uint32_t victim = tell_owner(&r->told, &d->verdict->victim);
	uint32_t peer = d->peer.how == HOW_NONE ? 0 : tell_owner(&r->told, &d->peer);
	uint32_t rule = tell_rule(&r->told, d->rule), stack = tell_stack(&r->told, d->ev);
	struct event ev = *d->ev;

	if (ev.has_more) { /* that is told as an entry of its own */
		ev.has_more = 0;
		ev.size = sizeof(ev) + EVENT_STACK * sizeof(ev.stack[0]);
	}
	tell_names(&r->told, d->verdict);
	tell_answers(r, d);
	if (s->config.redact)
		redact_event(s->config.redact, &ev);
	if (d->extra)
		pack_extra(r, d->extra);
	writer_begin(&r->w, REC_EVENT);
	pack_u32(&r->w.batch, victim);
	pack_u32(&r->w.batch, peer);
	pack_u32(&r->w.batch, rule);
	pack_u32(&r->w.batch, stack);
	pack_u64(&r->w.batch, d->time_real_ns);
	pack_process(r, &d->process);
	pack_process(r, &d->holder);
	pack_raw(&r->w.batch, &ev, sizeof(ev));
	writer_end(&r->w);
	return writer_flush_full(&r->w);
}

static void tell_environment(struct record *r)
{
	const struct environment *e = r->sink->config.environment;

	for (; e && r->items < e->count; r->items++) {
		writer_begin(&r->w, REC_TEXT);
		pack_text(&r->w.batch, e->items[r->items].name);
		pack_text(&r->w.batch, e->items[r->items].text);
		writer_end(&r->w);
		writer_flush_full(&r->w);
	}
}

static void tell_host(struct record *r)
{
	const struct host *h = &r->host;
	const uint64_t limits[] = { h->netns,		h->rmem_default, h->rmem_max,
				    h->wmem_default,	h->wmem_max,	 h->netdev_max_backlog,
				    h->somaxconn,	h->tcp_rmem_max, h->neigh_gc_thresh3,
				    h->unres_qlen_bytes };

	writer_begin(&r->w, REC_HOST);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		pack_u64(&r->w.batch, limits[i]);
	writer_end(&r->w);
}

static int record_open(struct sink *s)
{
	struct record *r = calloc(1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	r->sink = s;
	r->oracle.answer = answer;
	r->host = *s->config.host;
	r->host.oracle = &r->oracle;
	teller_init(&r->told, &r->w, r->host.ksyms, s->config.redact);
	hash_init(&r->answers, sizeof(struct question));
	s->state = r;
	/* a recording that was there; a pipe has no length */
	if (ftruncate(s->config.fd, 0) && errno != EINVAL)
		return -errno;
	if (writer_open(&r->w, s->config.fd))
		return r->w.error;
	tell_host(r);
	writer_flush(&r->w);
	tell_environment(r);
	return writer_flush(&r->w);
}

static int record_tick(struct sink *s, uint64_t now_ns)
{
	struct record *r = s->state;

	(void)now_ns;
	return writer_flush(&r->w);
}

static int record_end(struct sink *s, const struct summary *sum)
{
	struct record *r = s->state;

	tell_environment(r);
	for (size_t i = 0; i < sum->count; i++) {
		const struct summary_row *row = &sum->rows[i];
		uint32_t victim = tell_owner(&r->told, &row->verdict->victim);

		tell_names(&r->told, row->verdict);
		writer_begin(&r->w, REC_COUNT);
		pack_raw(&r->w.batch, &row->verdict->key, sizeof(row->verdict->key));
		pack_u32(&r->w.batch, victim);
		pack_u32(&r->w.batch, row->hidden);
		pack_u64(&r->w.batch, row->count.buffers);
		pack_u64(&r->w.batch, row->count.packets);
		pack_u64(&r->w.batch, row->count.bytes);
		writer_end(&r->w);
		writer_flush_full(&r->w);
	}
	writer_begin(&r->w, REC_ACCOUNT);
	for (size_t i = 0; i < sizeof(sum->account) / sizeof(uint64_t); i++)
		pack_u64(&r->w.batch, ((const uint64_t *)&sum->account)[i]);
	writer_end(&r->w);
	return writer_flush(&r->w);
}

static void record_close(struct sink *s)
{
	struct record *r = s->state;

	writer_flush(&r->w);
	writer_close(&r->w);
	teller_free(&r->told);
	hash_free(&r->answers);
	free(r);
	s->state = NULL;
}

const struct sink_ops sink_record = {
	.name = "record",
	.help = "a recording for whydrop replay",
	.open = record_open,
	.drop = record_drop,
	.tick = record_tick,
	.end = record_end,
	.close = record_close,
};
