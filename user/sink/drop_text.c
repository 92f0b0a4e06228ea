// SPDX-License-Identifier: GPL-2.0-only
/* What of a loss is for people, and in which order. */
#include <string.h>

#include "fields.h"
#include "sink/drop_text.h"
#include "sink/flow_text.h"
#include "sink/owner_text.h"

void drop_flow_text(struct strbuf *b, const struct drop *d)
{
	if (d->pkt.outer.family) {
		flow_text(b, &d->pkt.outer);
	} else {
		strbuf_puts(b, "ethertype 0x");
		strbuf_hex(b, d->pkt.ethertype);
	}
	if (!d->pkt.tunnel)
		return;
	strbuf_printf(b, " %s %u", tunnel_name(d->pkt.tunnel), d->pkt.vni);
	if (d->pkt.inner.family) {
		strbuf_puts(b, " { ");
		flow_text(b, &d->pkt.inner);
		strbuf_puts(b, " }");
	}
}

/* Where it happened: all that is known of a loss whose cause is not. */
static void place(struct strbuf *b, const struct loss *l)
{
	if (*l->symbol)
		strbuf_printf(b, " at %s+0x%lx", l->symbol, l->offset);
	else
		strbuf_printf(b, " at 0x%lx", (unsigned long)l->key->location);
	if (*l->module)
		strbuf_printf(b, " [%s]", l->module);
	if (l->reason)
		strbuf_printf(b, " reason %s", l->reason);
}

/* A limit stands behind its value already. */
static bool is_shown_as_limit(const struct cause *c, int i)
{
	for (int j = 0; j < i; j++) {
		const struct field *f = field_find(c->evidence[j]);

		if (f && f->limit && !strcmp(f->limit, c->evidence[i]))
			return true;
	}
	return false;
}

void drop_evidence_text(struct strbuf *b, const struct drop *d, const struct host *h)
{
	const struct cause *c = d->verdict->cause;
	const struct field *f, *limit;
	struct field_value v;

	for (int i = 0; i < CAUSE_EVIDENCE && c->evidence[i]; i++) {
		f = field_find(c->evidence[i]);
		if (!f || !field_get(f, d, h, &v) || is_shown_as_limit(c, i))
			continue;
		strbuf_putc(b, ' ');
		strbuf_puts(b, f->name);
		strbuf_putc(b, '=');
		if (v.is_string)
			strbuf_printable(b, v.string, v.size);
		else
			strbuf_u64(b, v.number);
		limit = f->limit ? field_find(f->limit) : NULL;
		if (limit && field_get(limit, d, h, &v)) {
			strbuf_putc(b, '/');
			strbuf_u64(b, v.number);
		}
	}
	if (!c->evidence[0])
		place(b, &d->verdict->loss);
}

void drop_sentence(struct strbuf *b, const struct drop *d, const struct host *h)
{
	strbuf_puts(b, d->verdict->cause->name);
	strbuf_putc(b, ' ');
	owner_text(b, &d->verdict->victim, h, d->ev->time_ns);
	strbuf_putc(b, ' ');
	drop_flow_text(b, d);
	if (d->ev->dev[0])
		strbuf_putc(b, ' ');
	strbuf_printable(b, d->ev->dev, strnlen(d->ev->dev, sizeof(d->ev->dev)));
	drop_evidence_text(b, d, h);
}
