// SPDX-License-Identifier: GPL-2.0-only
/* What the two text formats differ in, and what a label may hold. */
#include <inttypes.h>
#include <string.h>

#include "agent/exposition.h"
#include "base/utf8.h"

const char *expo_media_type(bool openmetrics)
{
	return openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
			   : "text/plain; version=0.0.4; charset=utf-8";
}

bool expo_wants_openmetrics(const char *accept)
{
	return strstr(accept, "application/openmetrics-text");
}

/* OpenMetrics names the family of a counter without _total, the older format as its samples. */
void expo_family(struct exposition *e, const char *name, enum metric_type type, const char *help)
{
	const char *suffix = type == METRIC_COUNTER && !e->openmetrics ? "_total" : "";

	e->name = name;
	e->type = type;
	fprintf(e->to, "# HELP %s%s %s\n# TYPE %s%s %s\n", name, suffix, help, name, suffix,
		type == METRIC_COUNTER ? "counter" : "gauge");
}

static void sample(struct exposition *e, const char *labels)
{
	fputs(e->name, e->to);
	if (e->type == METRIC_COUNTER)
		fputs("_total", e->to);
	if (*labels)
		fprintf(e->to, "{%s}", labels);
}

void expo_u64(struct exposition *e, const char *labels, uint64_t value)
{
	sample(e, labels);
	fprintf(e->to, " %" PRIu64 "\n", value);
}

void expo_double(struct exposition *e, const char *labels, double value)
{
	sample(e, labels);
	fprintf(e->to, " %.17g\n", value);
}

void expo_end(struct exposition *e)
{
	if (e->openmetrics)
		fputs("# EOF\n", e->to);
}

static void escape(struct strbuf *out, char c)
{
	strbuf_putc(out, '\\');
	strbuf_putc(out, c == '\n' ? 'n' : c);
}

void expo_label(struct strbuf *out, const char *name, const char *value)
{
	const unsigned char *s = (const unsigned char *)(value ? value : "");
	size_t left = strlen((const char *)s);

	if (out->len)
		strbuf_putc(out, ',');
	strbuf_puts(out, name);
	strbuf_puts(out, "=\"");
	for (size_t len; left; s += len, left -= len) {
		len = utf8_sequence(s, left);
		if (*s == '"' || *s == '\\' || *s == '\n')
			escape(out, *s);
		else if (len)
			strbuf_add(out, (const char *)s, len);
		else
			strbuf_puts(out, "\xef\xbf\xbd");
		len = len ? len : 1;
	}
	strbuf_putc(out, '"');
}
