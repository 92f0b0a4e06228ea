/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of an owner's names people want to see first. */
#include "sink/owner_text.h"

/* Names of cgroups and namespaces are file names: anybody's bytes. */
static void name(struct strbuf *b, const char *text)
{
	strbuf_printable(b, text, strlen(text));
}

static void pod(struct strbuf *b, const struct owner *o)
{
	if (o->ns) {
		name(b, o->ns);
		strbuf_putc(b, '/');
	}
	name(b, o->pod ? o->pod : o->uid);
	if (o->container) {
		strbuf_putc(b, '/');
		name(b, o->container);
	}
}

static void netns(struct strbuf *b, const struct owner *o)
{
	if (o->netns) {
		strbuf_puts(b, "netns:");
		strbuf_u64(b, o->netns);
	} else {
		strbuf_putc(b, '-');
	}
}

static void age(struct strbuf *b, uint64_t ns)
{
	uint64_t s = ns / 1000000000;

	strbuf_putc(b, ' ');
	strbuf_u64(b, s >= 60 ? s / 60 : s ? s : ns / 1000000);
	strbuf_puts(b, s >= 60 ? "m" : s ? "s" : "ms");
	if (s >= 60) {
		strbuf_u64_pad(b, s % 60, 2);
		strbuf_putc(b, 's');
	}
	strbuf_puts(b, " ago");
}

void owner_text(struct strbuf *b, const struct owner *o, const struct host *h, uint64_t at_ns)
{
	if (h->numeric)
		netns(b, o);
	else if (o->pod || o->uid)
		pod(b, o);
	else if (o->unit)
		name(b, o->unit);
	else if (o->how == HOW_HOST)
		strbuf_puts(b, "host");
	else if (o->netns_name)
		name(b, o->netns_name);
	else
		netns(b, o);
	if (owner_is_terminated(o, at_ns)) {
		strbuf_puts(b, " (terminated");
		if (at_ns)
			age(b, at_ns - o->terminated_ns);
		strbuf_putc(b, ')');
	}
	if (o->flags & OWNER_AMBIGUOUS)
		strbuf_puts(b, " (ambiguous)");
}
