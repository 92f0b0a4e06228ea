// SPDX-License-Identifier: GPL-2.0-only
/* JSON lines for OpenTelemetry: what stands beside the attributes. The members are described in schema_otel.c. */
#include <string.h>
#include <time.h>

#include "base/jsonw.h"
#include "schema.h"
#include "sink/attributes.h"
#include "sink/drop_text.h"
#include "sink/out.h"
#include "sink/owner_text.h"
#include "sink/sinks.h"

static void timestamp(struct jsonw *w, uint64_t real_ns)
{
	time_t second = real_ns / 1000000000;
	char text[40];
	struct tm tm;
	size_t len;
	struct strbuf b;

	gmtime_r(&second, &tm);
	strbuf_init(&b, text, sizeof(text));
	len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S.", &tm);
	strbuf_end(&b, text + len);
	strbuf_u64_pad(&b, real_ns % 1000000000, 9);
	strbuf_putc(&b, 'Z');
	jsonw_string(w, "timestamp", text);
}

static void body(struct jsonw *w, const struct drop *d, const struct host *h)
{
	char text[DROP_SENTENCE];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	drop_sentence(&b, d, h);
	jsonw_string(w, "body", text);
}

static void write_value(struct jsonw *w, const char *name, const struct attribute_value *v)
{
	if (v->string)
		jsonw_bytes(w, name, v->string, v->size);
	else
		jsonw_u64(w, name, v->number);
}

static void evidence(struct jsonw *w, const struct drop *d, const struct host *h)
{
	const struct cause *c = d->verdict->cause;
	struct attribute_value v;
	char name[96];
	struct strbuf b;

	for (int i = 0; i < CAUSE_EVIDENCE && c->evidence[i]; i++) {
		if (!attribute_evidence(c->evidence[i], &v, d, h))
			continue;
		strbuf_init(&b, name, sizeof(name));
		strbuf_puts(&b, EVIDENCE_PREFIX);
		strbuf_puts(&b, c->evidence[i]);
		write_value(w, name, &v);
	}
}

static int otel_drop(struct sink *s, const struct drop *d)
{
	const struct host *h = s->config.host;
	struct out *out = s->state;
	struct attribute_value v;
	struct jsonw w;
	size_t start;
	int err = out_reserve(out);

	if (err)
		return err;
	start = out->buf.len;
	jsonw_init(&w, &out->buf);
	jsonw_open(&w, NULL, '{');
	timestamp(&w, d->time_real_ns);
	jsonw_string(&w, "severity_text", attribute_gravity(d)->text);
	jsonw_u64(&w, "severity_number", attribute_gravity(d)->number);
	body(&w, d, h);
	if (s->config.node)
		jsonw_string(&w, "host.name", s->config.node);
	jsonw_u64(&w, "whydrop.schema.version", OTEL_SCHEMA_VERSION);
	for (size_t i = 0; i < attributes_count; i++)
		if (attribute_get(&attributes[i], &v, d, h))
			write_value(&w, attributes[i].name, &v);
	evidence(&w, d, h);
	jsonw_close(&w, '}');
	strbuf_putc(w.out, '\n');
	return out_end_line(out, start);
}

const struct sink_ops sink_otel = {
	.name = "otel",
	.help = "one JSON object per line, with the names of OpenTelemetry",
	.open = out_sink_open,
	.drop = otel_drop,
	.tick = out_sink_tick,
	.close = out_sink_close,
};
