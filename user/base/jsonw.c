/* SPDX-License-Identifier: GPL-2.0-only */
/* Which bytes JSON does not take as they are. */
#include "base/jsonw.h"
#include "base/utf8.h"

/* In one piece: half of what a line consists of is keys. */
void jsonw_key(struct jsonw *w, const char *key)
{
	struct strbuf *out = w->out;
	size_t len = key ? strlen(key) : 0;
	char *p = out->data + out->len;

	if (out->size - out->len <= len + 4) {
		out->truncated = true;
		return;
	}
	if (w->comma)
		*p++ = ',';
	w->comma = true;
	if (key) {
		*p++ = '"';
		memcpy(p, key, len);
		p += len;
		*p++ = '"';
		*p++ = ':';
	}
	*p = 0;
	out->len = p - out->data;
}

void jsonw_open(struct jsonw *w, const char *key, char bracket)
{
	jsonw_key(w, key);
	strbuf_putc(w->out, bracket);
	w->comma = false;
}

void jsonw_close(struct jsonw *w, char bracket)
{
	strbuf_putc(w->out, bracket);
	w->comma = true;
}

static void escape(struct strbuf *out, unsigned char c)
{
	if (c == '"' || c == '\\') {
		strbuf_putc(out, '\\');
		strbuf_putc(out, c);
	} else {
		strbuf_puts(out, "\\u00");
		strbuf_putc(out, '0' + (c >> 4));
		strbuf_putc(out, "0123456789abcdef"[c & 15]);
	}
}

void jsonw_bytes(struct jsonw *w, const char *key, const char *text, size_t size)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t plain = 0;

	jsonw_key(w, key);
	strbuf_putc(w->out, '"');
	for (size_t i = 0, len; i < size; i += len ? len : 1) {
		len = utf8_sequence(s + i, size - i);
		if (len == 1 && (s[i] < 0x20 || s[i] == '"' || s[i] == '\\')) {
			strbuf_add(w->out, text + plain, i - plain);
			escape(w->out, s[i]);
			plain = i + 1;
		} else if (!len) {
			strbuf_add(w->out, text + plain, i - plain);
			strbuf_puts(w->out, "\\ufffd");
			plain = i + 1;
		}
	}
	strbuf_add(w->out, text + plain, size - plain);
	strbuf_putc(w->out, '"');
}

void jsonw_string(struct jsonw *w, const char *key, const char *text)
{
	if (text)
		jsonw_bytes(w, key, text, strlen(text));
	else
		jsonw_null(w, key);
}

void jsonw_u64(struct jsonw *w, const char *key, uint64_t v)
{
	jsonw_key(w, key);
	strbuf_u64(w->out, v);
}

void jsonw_bool(struct jsonw *w, const char *key, bool v)
{
	jsonw_key(w, key);
	strbuf_puts(w->out, v ? "true" : "false");
}

void jsonw_null(struct jsonw *w, const char *key)
{
	jsonw_key(w, key);
	strbuf_add(w->out, "null", 4);
}

void jsonw_raw(struct jsonw *w, const char *members, size_t size)
{
	jsonw_key(w, NULL);
	strbuf_add(w->out, members, size);
}
