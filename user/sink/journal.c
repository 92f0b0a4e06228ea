// SPDX-License-Identifier: GPL-2.0-only
/* A loss as an entry of systemd's journal, in its native protocol (systemd.io, JOURNAL_NATIVE_PROTOCOL). */
#include <ctype.h>
#include <endian.h>
#include <string.h>

#include "sink/attributes.h"
#include "sink/drop_text.h"
#include "sink/out.h"
#include "sink/sinks.h"

/* A value with a new line in it comes behind its length instead of '='. */
static void field(struct strbuf *b, const char *name, const char *value, size_t size)
{
	uint64_t length = htole64(size);

	strbuf_puts(b, name);
	if (memchr(value, '\n', size)) {
		strbuf_putc(b, '\n');
		strbuf_add(b, (const char *)&length, sizeof(length));
	} else {
		strbuf_putc(b, '=');
	}
	strbuf_add(b, value, size);
	strbuf_putc(b, '\n');
}

static void number_field(struct strbuf *b, const char *name, uint64_t value)
{
	char text[24];
	struct strbuf t;

	strbuf_init(&t, text, sizeof(text));
	strbuf_u64(&t, value);
	field(b, name, text, t.len);
}

static void string_field(struct strbuf *b, const char *name, const char *value)
{
	field(b, name, value, strlen(value));
}

/* "k8s.pod.name" is K8S_POD_NAME: the journal's names are upper case, digits and '_'. */
static void attribute_field(struct strbuf *b, const char *prefix, const char *attribute,
			    const struct attribute_value *v)
{
	char name[96];
	struct strbuf n;

	strbuf_init(&n, name, sizeof(name));
	strbuf_puts(&n, prefix);
	strbuf_puts(&n, attribute);
	for (char *c = name; *c; c++)
		*c = isalnum((unsigned char)*c) ? toupper((unsigned char)*c) : '_';
	if (v->string)
		field(b, name, v->string, v->size);
	else
		number_field(b, name, v->number);
}

static void message(struct strbuf *b, const struct drop *d, const struct host *h)
{
	char text[DROP_SENTENCE];
	struct strbuf t;

	strbuf_init(&t, text, sizeof(text));
	drop_sentence(&t, d, h);
	field(b, "MESSAGE", text, t.len);
}

/* Each entry is a datagram of its own: it is handed on at once. */
static int journal_drop(struct sink *s, const struct drop *d)
{
	const struct cause *c = d->verdict->cause;
	const struct host *h = s->config.host;
	struct out *out = s->state;
	struct strbuf *b = &out->buf;
	struct attribute_value v;

	message(b, d, h);
	number_field(b, "PRIORITY", attribute_gravity(d)->priority);
	string_field(b, "SYSLOG_IDENTIFIER", "whydrop");
	/* when it was lost: the journal's own time is when it heard of it */
	number_field(b, "WHYDROP_TIME_NS", d->time_real_ns);
	if (s->config.node)
		string_field(b, "HOST_NAME", s->config.node);
	for (size_t i = 0; i < attributes_count; i++)
		if (attribute_get(&attributes[i], &v, d, h))
			attribute_field(b, "", attributes[i].name, &v);
	for (int i = 0; i < CAUSE_EVIDENCE && c->evidence[i]; i++)
		if (attribute_evidence(c->evidence[i], &v, d, h))
			attribute_field(b, EVIDENCE_PREFIX, c->evidence[i], &v);
	return out_flush(out);
}

const struct sink_ops sink_journal = {
	.name = "journal",
	.help = "entries of systemd's journal",
	.open = out_sink_open,
	.drop = journal_drop,
	.tick = out_sink_tick,
	.close = out_sink_close,
};
