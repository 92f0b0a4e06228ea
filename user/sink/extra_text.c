/* SPDX-License-Identifier: GPL-2.0-only */
/* How the values of structures are grouped: "sk_buff.len" is len of sk_buff, and those of one follow one another. */
#include <string.h>

#include "sink/extra_text.h"

static size_t structure(const struct extra_value *v)
{
	return strcspn(v->name, ".");
}

static const char *field(const struct extra_value *v)
{
	size_t len = structure(v);

	return v->name + len + (v->name[len] == '.');
}

/* Whether the value is the first of its structure. */
static bool is_first(const struct extra *x, uint32_t i)
{
	const struct extra_value *v = &x->values[i];

	return !i || structure(v) != structure(v - 1) || strncmp(v->name, v[-1].name, structure(v));
}

void extra_lines(struct strbuf *b, const struct extra *x, const char *indent)
{
	if (x->frame_count)
		strbuf_printf(b, "%sUser stack:\n", indent);
	for (uint32_t i = 0; i < x->frame_count; i++)
		strbuf_printf(b, "%s %s\n", indent, x->frames[i]);
	for (uint32_t i = 0; i < x->value_count; i++) {
		const struct extra_value *v = &x->values[i];

		if (is_first(x, i))
			strbuf_printf(b, "%s%sstruct %.*s:", i ? "\n" : "", indent,
				      (int)structure(v), v->name);
		strbuf_printf(b, " %s=", field(v));
		extra_text(b, v);
	}
	if (x->value_count)
		strbuf_putc(b, '\n');
}

static void structures(struct jsonw *w, const struct extra *x)
{
	char type[EXTRA_NAME];

	jsonw_open(w, "structures", '{');
	for (uint32_t i = 0; i < x->value_count; i++) {
		const struct extra_value *v = &x->values[i];
		bool hex = v->format == EXTRA_HEX || v->format == EXTRA_NETWORK;

		if (is_first(x, i)) {
			if (i)
				jsonw_close(w, '}');
			memcpy(type, v->name, structure(v));
			type[structure(v)] = 0;
			jsonw_open(w, type, '{');
		}
		jsonw_key(w, field(v));
		if (hex)
			strbuf_putc(w->out, '"');
		extra_text(w->out, v);
		if (hex)
			strbuf_putc(w->out, '"');
	}
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

void extra_json(struct jsonw *w, const struct extra *x)
{
	if (x->frame_count) {
		jsonw_open(w, "user_stack", '[');
		for (uint32_t i = 0; i < x->frame_count; i++)
			jsonw_string(w, NULL, x->frames[i]);
		jsonw_close(w, ']');
	}
	if (x->value_count)
		structures(w, x);
}
