/* SPDX-License-Identifier: GPL-2.0-only */
/* What may differ between two losses without a difference in what is said of them. */
#include "classify/advice.h"
#include "sink/json_owner.h"
#include "sink/json_repeat.h"

static void copy_advised(struct json_made_of *of, const struct drop *d)
{
	memcpy(&of->ev, d->ev, offsetof(struct event, snap));
	of->ev.stack_size = of->ev.snap_size = 0;
	of->ev.time_ns = of->ev.skb = of->ev.hash = of->ev.sk_drops = 0;
	of->pkt.outer.family = d->pkt.outer.family;
	of->pkt.outer.dont_fragment = d->pkt.outer.dont_fragment;
	of->pkt.inner.family = d->pkt.inner.family;
	of->pkt.inner_offset = d->pkt.inner_offset;
}

static void copy(struct json_made_of *of, const struct drop *d)
{
	memset(of, 0, sizeof(*of));
	of->verdict = d->verdict;
	of->generation = d->verdict->generation;
	of->peer = d->peer;
	of->process = d->process;
	if (d->verdict->cause->advise)
		copy_advised(of, d);
	/* the age of an end differs from loss to loss */
	if (d->peer.flags & OWNER_TERMINATED)
		of->ev.time_ns = d->ev->time_ns;
}

static void remedy(struct jsonw *w, const struct json_made_of *of, const struct host *h)
{
	struct drop d = { .ev = &of->ev, .pkt = of->pkt, .verdict = of->verdict };
	char text[ADVICE_SIZE];
	struct strbuf b;

	if (!of->verdict->cause->advise)
		return;
	strbuf_init(&b, text, sizeof(text));
	advice(&b, &d, h);
	jsonw_bytes(w, "remedy", text, b.len);
}

/* The caller, or who has the socket open: several may, and then the first of them is named. */
static void process(struct jsonw *w, const struct process *p)
{
	if (!p->pid) {
		jsonw_null(w, "process");
		return;
	}
	jsonw_open(w, "process", '{');
	jsonw_u64(w, "pid", p->pid);
	jsonw_bytes(w, "comm", p->comm, strnlen(p->comm, sizeof(p->comm)));
	jsonw_string(w, "how", p->holders ? "socket" : "call");
	jsonw_u64(w, "holders", p->holders ? p->holders : 1);
	jsonw_close(w, '}');
}

/* From what will be compared and nothing else, so that it cannot depend on more. */
static void write_members(struct jsonw *w, const struct json_made_of *of, const struct host *h)
{
	if (of->peer.how == HOW_NONE)
		jsonw_null(w, "peer");
	else
		json_owner(w, "peer", &of->peer, of->ev.time_ns);
	remedy(w, of, h);
	process(w, &of->process);
}

static void keep(struct json_repeat *r, const struct json_made_of *of, const char *text,
		 size_t size)
{
	r->size = 0;
	if (size > sizeof(r->text))
		return;
	r->of = *of;
	memcpy(r->text, text, size);
	r->size = size;
}

void json_repeats(struct jsonw *w, struct json_repeat *r, const struct drop *d,
		  const struct host *h)
{
	size_t start = w->out->len + 1; /* behind the comma */
	struct json_made_of of;

	copy(&of, d);
	if (r->size && !memcmp(&of, &r->of, offsetof(struct json_made_of, ev.snap))) {
		jsonw_raw(w, r->text, r->size);
		return;
	}
	write_members(w, &of, h);
	if (!w->out->truncated)
		keep(r, &of, w->out->data + start, w->out->len - start);
}
