/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON lines: which member holds what. The members are described in schema.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/jsonw.h"
#include "classify/advice.h"
#include "fields.h"
#include "kernel/ksyms.h"
#include "schema.h"
#include "sink/extra_text.h"
#include "sink/flow_text.h"
#include "sink/out.h"
#include "sink/sinks.h"

#define RENDERED 1024

/* What is the same for all events of one verdict, as members ready to be copied. */
struct rendered {
	char *text;  /* NULL: not rendered yet */
	uint32_t id; /* of the verdict */
	size_t head; /* bytes of the members before the packet's */
	size_t size; /* of these and those behind it */
	uint32_t generation;
	const struct field *evidence[CAUSE_EVIDENCE];
};

struct json {
	struct out out;
	struct rendered rendered[RENDERED]; /* by verdict id, as many as there is room for */
	time_t second;			    /* that `prefix` is of */
	char prefix[24];
};

static int json_open(struct sink *s)
{
	struct json *j = calloc(1, sizeof(*j));

	if (!j)
		return -ENOMEM;
	out_init(&j->out, &s->config);
	j->second = -1;
	s->state = j;
	return 0;
}

static void json_close(struct sink *s)
{
	struct json *j = s->state;

	out_flush(&j->out);
	for (size_t i = 0; i < RENDERED; i++)
		free(j->rendered[i].text);
	free(j);
	s->state = NULL;
}

static void owner(struct jsonw *w, const char *key, const struct owner *o, uint64_t at_ns)
{
	static const struct {
		uint8_t flag;
		const char *name;
	} flags[] = {
		{ OWNER_AMBIGUOUS, "ambiguous" },
		{ OWNER_CGROUP_MISMATCH, "cgroup-mismatch" },
		{ OWNER_TERMINATED, "terminated" },
		{ OWNER_HOST_NETWORK, "host-network" },
	};

	jsonw_open(w, key, '{');
	jsonw_string(w, "namespace", o->ns);
	jsonw_string(w, "pod", o->pod);
	jsonw_string(w, "uid", o->uid);
	jsonw_string(w, "container", o->container);
	jsonw_string(w, "container_id", o->container_id);
	jsonw_string(w, "unit", o->unit);
	jsonw_string(w, "netns_name", o->netns_name);
	jsonw_string(w, "how", how_name(o->how));
	jsonw_open(w, "flags", '[');
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (o->flags & flags[i].flag &&
		    (flags[i].flag != OWNER_TERMINATED || owner_is_terminated(o, at_ns)))
			jsonw_string(w, NULL, flags[i].name);
	jsonw_close(w, ']');
	if (owner_is_terminated(o, at_ns))
		jsonw_u64(w, "terminated_ms", (at_ns - o->terminated_ns) / 1000000);
	else
		jsonw_null(w, "terminated_ms");
	jsonw_close(w, '}');
}

/* As text: a JSON number holds 53 bits safely. */
static void address(struct jsonw *w, const char *key, uint64_t addr)
{
	jsonw_key(w, key);
	strbuf_puts(w->out, "\"0x");
	strbuf_hex(w->out, addr);
	strbuf_putc(w->out, '"');
}

static void head(struct jsonw *w, const struct verdict *v)
{
	const struct loss *l = &v->loss;

	jsonw_string(w, "cause", v->cause->name);
	jsonw_string(w, "severity", severity_name(v->cause->severity));
	jsonw_string(w, "reason", l->reason_full);
	jsonw_string(w, "symbol", *l->symbol ? l->symbol : NULL);
	jsonw_u64(w, "offset", l->offset);
	jsonw_string(w, "module", *l->module ? l->module : NULL);
	address(w, "location", v->key.location);
	jsonw_u64(w, "netns", v->key.netns);
	jsonw_u64(w, "netns_cookie", v->key.netns_cookie);
}

static void tail(struct jsonw *w, const struct verdict *v, uint64_t at_ns)
{
	owner(w, "victim", &v->victim, at_ns);
	if (!v->cause->advise)
		jsonw_string(w, "remedy", v->cause->remedy);
}

/* What depends on the evidence. */
static void remedy(struct jsonw *w, const struct drop *d, const struct host *h)
{
	char text[ADVICE_SIZE];
	struct strbuf b;

	if (!d->verdict->cause->advise)
		return;
	strbuf_init(&b, text, sizeof(text));
	advice(&b, d, h);
	jsonw_string(w, "remedy", text);
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

static int render(struct rendered *r, const struct verdict *v, uint64_t at_ns)
{
	char data[OUT_LINE];
	struct strbuf b;
	struct jsonw w;

	strbuf_init(&b, data, sizeof(data));
	jsonw_init(&w, &b);
	head(&w, v);
	r->head = b.len;
	w.comma = false;
	tail(&w, v, at_ns);
	if (b.truncated)
		return -EMSGSIZE;
	r->size = b.len;
	free(r->text);
	r->text = strdup(data);
	r->id = v->id;
	r->generation = v->generation;
	for (int i = 0; i < CAUSE_EVIDENCE; i++)
		r->evidence[i] = v->cause->evidence[i] ? field_find(v->cause->evidence[i]) : NULL;
	return r->text ? 0 : -ENOMEM;
}

static int find_rendered(struct json *j, const struct verdict *v, uint64_t at_ns,
			 const struct rendered **out)
{
	struct rendered *r = &j->rendered[v->id % RENDERED];
	int err = 0;

	/* the age of an end differs from loss to loss */
	if (!r->text || r->id != v->id || r->generation != v->generation ||
	    v->victim.flags & OWNER_TERMINATED)
		err = render(r, v, at_ns);
	*out = r;
	return err;
}

/* RFC 3339 in UTC with nanoseconds; the part up to the second is kept. */
static void time_member(struct json *j, struct jsonw *w, uint64_t real_ns)
{
	time_t second = real_ns / 1000000000;
	struct tm tm;

	if (second != j->second) {
		gmtime_r(&second, &tm);
		strftime(j->prefix, sizeof(j->prefix), "%Y-%m-%dT%H:%M:%S.", &tm);
		j->second = second;
	}
	jsonw_key(w, "time");
	strbuf_putc(w->out, '"');
	strbuf_add(w->out, j->prefix, 20);
	strbuf_u64_pad(w->out, real_ns % 1000000000, 9);
	strbuf_add(w->out, "Z\"", 2);
}

static void endpoint(struct jsonw *w, const char *key, const struct flow *f, const uint8_t *addr,
		     uint16_t port)
{
	if (!f->family) {
		jsonw_null(w, key);
		return;
	}
	jsonw_open(w, key, '{');
	jsonw_key(w, "addr");
	strbuf_putc(w->out, '"');
	strbuf_addr(w->out, f->family, addr);
	strbuf_putc(w->out, '"');
	if (f->has_ports)
		jsonw_u64(w, "port", port);
	else
		jsonw_null(w, "port");
	jsonw_close(w, '}');
}

static void flow(struct jsonw *w, const struct flow *f)
{
	const char *proto = f->family ? proto_name(f->family, f->proto) : NULL;

	jsonw_key(w, "proto");
	if (proto || f->family) {
		strbuf_putc(w->out, '"');
		if (proto)
			strbuf_puts(w->out, proto);
		else
			strbuf_u64(w->out, f->proto);
		strbuf_putc(w->out, '"');
	} else {
		strbuf_add(w->out, "null", 4);
	}
	if (f->has_tcp) {
		jsonw_key(w, "tcp_flags");
		strbuf_putc(w->out, '"');
		tcp_flags_text(w->out, f->tcp_flags);
		strbuf_putc(w->out, '"');
	} else {
		jsonw_null(w, "tcp_flags");
	}
	endpoint(w, "src", f, f->src, f->sport);
	endpoint(w, "dst", f, f->dst, f->dport);
}

static void packet(struct jsonw *w, const struct drop *d)
{
	const char *tunnel = tunnel_name(d->pkt.tunnel);

	flow(w, &d->pkt.outer);
	jsonw_u64(w, "length", d->ev->length);
	jsonw_u64(w, "segs", d->ev->segs);
	if (d->ev->dev[0])
		jsonw_bytes(w, "iface", d->ev->dev, strnlen(d->ev->dev, sizeof(d->ev->dev)));
	else
		jsonw_null(w, "iface");
	jsonw_u64(w, "ifindex", d->ev->key.ifindex);
	jsonw_u64(w, "mark", d->ev->mark);
	jsonw_string(w, "tunnel", tunnel);
	if (!tunnel) {
		jsonw_null(w, "inner");
		return;
	}
	jsonw_open(w, "inner", '{');
	jsonw_u64(w, "vni", d->pkt.vni);
	flow(w, &d->pkt.inner);
	jsonw_close(w, '}');
}

static void evidence(struct jsonw *w, const struct rendered *r, const struct drop *d,
		     const struct host *h)
{
	struct field_value value;

	jsonw_open(w, "evidence", '{');
	for (int i = 0; i < CAUSE_EVIDENCE; i++) {
		const struct field *f = r->evidence[i];

		if (!f || !field_get(f, d, h, &value))
			continue;
		if (value.is_string)
			jsonw_bytes(w, f->name, value.string, value.size);
		else
			jsonw_u64(w, f->name, value.number);
	}
	jsonw_close(w, '}');
}

static void stack(struct jsonw *w, const struct drop *d, const struct host *h)
{
	char text[160];
	struct strbuf b;
	struct ksym sym;

	if (!d->ev->stack_size) {
		jsonw_null(w, "stack");
		return;
	}
	jsonw_open(w, "stack", '[');
	for (int i = 0; i < d->ev->stack_size; i++) {
		uint64_t at = d->ev->stack[i];

		strbuf_init(&b, text, sizeof(text));
		if (h->ksyms && ksyms_find(h->ksyms, at - 1, &sym))
			strbuf_printf(&b, "%s+0x%lx/0x%lx%s%s", sym.name, at - sym.start, sym.size,
				      *sym.module ? " " : "", sym.module);
		else
			strbuf_printf(&b, "0x%lx", at);
		jsonw_string(w, NULL, text);
	}
	jsonw_close(w, ']');
}

static int json_drop(struct sink *s, const struct drop *d)
{
	struct json *j = s->state;
	const struct verdict *v = d->verdict;
	const struct rendered *r;
	struct jsonw w;
	size_t start;
	int err = out_reserve(&j->out);

	if (!err)
		err = find_rendered(j, v, d->ev->time_ns, &r);
	if (err)
		return err;
	start = j->out.buf.len;
	jsonw_init(&w, &j->out.buf);
	jsonw_open(&w, NULL, '{');
	jsonw_u64(&w, "v", SCHEMA_VERSION);
	time_member(j, &w, d->time_real_ns);
	jsonw_u64(&w, "mono_ns", d->ev->time_ns);
	jsonw_u64(&w, "cpu", d->ev->cpu);
	jsonw_raw(&w, r->text, r->head);
	packet(&w, d);
	jsonw_raw(&w, r->text + r->head, r->size - r->head);
	if (d->peer.how == HOW_NONE)
		jsonw_null(&w, "peer");
	else
		owner(&w, "peer", &d->peer, d->ev->time_ns);
	remedy(&w, d, s->config.host);
	process(&w, &d->process);
	evidence(&w, r, d, s->config.host);
	stack(&w, d, s->config.host);
	if (d->extra)
		extra_json(&w, d->extra);
	jsonw_close(&w, '}');
	strbuf_putc(w.out, '\n');
	if (w.out->truncated) { /* half a line would not be JSON */
		w.out->len = start;
		w.out->truncated = false;
		return -EMSGSIZE;
	}
	return 0;
}

static int json_tick(struct sink *s, uint64_t now_ns)
{
	struct json *j = s->state;

	(void)now_ns;
	return out_flush(&j->out);
}

const struct sink_ops sink_json = {
	.name = "json",
	.help = "one JSON object per line",
	.open = json_open,
	.drop = json_drop,
	.tick = json_tick,
	.close = json_close,
};
