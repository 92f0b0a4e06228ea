/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON lines: which member holds what. The members are described in schema.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/jsonw.h"
#include "base/put.h"
#include "classify/advice.h"
#include "fields.h"
#include "kernel/ksyms.h"
#include "schema.h"
#include "sink/extra_text.h"
#include "sink/json_labels.h"
#include "sink/json_packet.h"
#include "sink/json_same.h"
#include "sink/out.h"
#include "sink/sinks.h"

#define RENDERED      1024
#define EVIDENCE_TEXT (FIELD_NAME_MAX + 4 + PUT_U64_MAX)

/* What is the same for all events of one verdict, as members ready to be copied. */
struct rendered {
	char *text;  /* NULL: not rendered yet */
	uint32_t id; /* of the verdict */
	size_t head; /* bytes of the members before the packet's */
	size_t size; /* of these and those behind it */
	uint32_t generation;
	struct evidence {
		const struct field *field; /* NULL: none */
		uint64_t value;		   /* the last one: most do not change from loss to loss */
		uint8_t key_size, size;
		char text[EVIDENCE_TEXT + 1]; /* ,"name":value */
	} evidence[CAUSE_EVIDENCE];
};

struct json {
	struct out out;
	struct rendered rendered[RENDERED]; /* by verdict id, as many as there is room for */
	struct same_table same;
	time_t second; /* that `prefix` is of */
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
	same_free(&j->same);
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
	if (o->labels)
		json_labels(w, o->labels);
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

static void render_evidence(struct evidence *e, const char *name)
{
	struct strbuf b;

	e->field = name ? field_find(name) : NULL;
	strbuf_init(&b, e->text, sizeof(e->text));
	strbuf_printf(&b, ",\"%s\":", name ? name : "");
	e->key_size = b.len;
	e->value = 0;
	e->size = put_u64(e->text + e->key_size, 0) - e->text;
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
		render_evidence(&r->evidence[i], v->cause->evidence[i]);
	return r->text ? 0 : -ENOMEM;
}

static int find_rendered(struct json *j, const struct verdict *v, uint64_t at_ns,
			 struct rendered **out)
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
static const char *until_second(struct json *j, uint64_t real_ns)
{
	time_t second = real_ns / 1000000000;
	struct tm tm;

	if (second != j->second) {
		gmtime_r(&second, &tm);
		strftime(j->prefix, sizeof(j->prefix), "%Y-%m-%dT%H:%M:%S.", &tm);
		j->second = second;
	}
	return j->prefix;
}

/* "v" to "cpu". */
static void begin(struct jsonw *w, struct json *j, const struct drop *d)
{
	char *p = jsonw_room(w, 64 + 4 * PUT_MAX);

	if (!p)
		return;
	p = put_u64(PUT(p, "\"v\":"), SCHEMA_VERSION);
	p = put_text(PUT(p, ",\"time\":\""), until_second(j, d->time_real_ns), 20);
	p = put_nanoseconds(p, d->time_real_ns % 1000000000);
	p = put_u64(PUT(p, "Z\",\"mono_ns\":"), d->ev->time_ns);
	p = put_u64(PUT(p, ",\"cpu\":"), d->ev->cpu);
	strbuf_end(w->out, p);
}

/* More is copied than it takes: a constant size needs no call. */
static void number(struct jsonw *w, struct evidence *e, uint64_t v)
{
	char *p = strbuf_room(w->out, EVIDENCE_TEXT);

	if (!p)
		return;
	if (v != e->value)
		e->size = put_u64(e->text + e->key_size, v) - e->text;
	e->value = v;
	memcpy(p, e->text + !w->comma, EVIDENCE_TEXT);
	strbuf_end(w->out, p + e->size - !w->comma);
	w->comma = true;
}

static void evidence(struct jsonw *w, struct rendered *r, const struct drop *d,
		     const struct host *h)
{
	struct field_value value;

	jsonw_open(w, "evidence", '{');
	for (int i = 0; i < CAUSE_EVIDENCE; i++) {
		struct evidence *e = &r->evidence[i];

		if (!e->field || !field_get(e->field, d, h, &value))
			continue;
		if (value.is_string)
			jsonw_bytes(w, e->field->name, value.string, value.size);
		else
			number(w, e, value.number);
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

/* From the victim to the process. */
static void told(struct jsonw *w, const struct rendered *r, const struct drop *d,
		 const struct host *h)
{
	jsonw_raw(w, r->text + r->head, r->size - r->head);
	if (d->peer.how == HOW_NONE)
		jsonw_null(w, "peer");
	else
		owner(w, "peer", &d->peer, d->ev->time_ns);
	remedy(w, d, h);
	process(w, &d->process);
}

/* What was said of a loss like this one need not be found out again. */
static void say(struct jsonw *w, struct json *j, struct rendered *r, const struct drop *d,
		const struct host *h)
{
	struct same_text known, said = { 0 };
	size_t begin = w->out->len, middle, end;

	same_find(&j->same, d, &known);
	if (known.packet)
		jsonw_raw(w, known.packet, known.packet_size);
	else
		json_packet(w, d);
	middle = w->out->len;
	if (known.told)
		jsonw_raw(w, known.told, known.told_size);
	else
		told(w, r, d, h);
	end = w->out->len;
	if (known.evidence) {
		jsonw_raw(w, known.evidence, known.evidence_size);
	} else {
		evidence(w, r, d, h);
		stack(w, d, h);
	}
	if (w->out->truncated || (known.packet && known.told))
		return;
	/* without the commas */
	if (!known.packet) {
		said.packet = w->out->data + begin + 1;
		said.packet_size = middle - begin - 1;
	}
	if (!known.told) {
		said.told = w->out->data + middle + 1;
		said.told_size = end - middle - 1;
		said.evidence = w->out->data + end + 1;
		said.evidence_size = w->out->len - end - 1;
	}
	same_keep(&j->same, d, &said);
}

static int json_drop(struct sink *s, const struct drop *d)
{
	struct json *j = s->state;
	const struct verdict *v = d->verdict;
	struct rendered *r;
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
	begin(&w, j, d);
	jsonw_raw(&w, r->text, r->head);
	say(&w, j, r, d, s->config.host);
	if (d->extra)
		extra_json(&w, d->extra);
	jsonw_close(&w, '}');
	strbuf_putc(w.out, '\n');
	return out_end_line(&j->out, start);
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
