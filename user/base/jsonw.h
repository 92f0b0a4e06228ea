/* SPDX-License-Identifier: GPL-2.0-only */
/* A streaming JSON writer (RFC 8259) that cannot miss a comma. */
#ifndef BASE_JSONW_H
#define BASE_JSONW_H

#include <stdbool.h>

#include "base/strbuf.h"

struct jsonw {
	struct strbuf *out;
	bool comma; /* something stands before the next member */
};

static inline void jsonw_init(struct jsonw *w, struct strbuf *out)
{
	*w = (struct jsonw){ .out = out };
}

/* A key of our own: plain ASCII that needs no escapes. NULL inside arrays. Half of what a line consists of
 * is keys: here, so that the compiler sees how long each of them is. */
static inline void jsonw_key(struct jsonw *w, const char *key)
{
	size_t len = key ? strlen(key) : 0;
	char *p = strbuf_room(w->out, len + 4);

	if (!p)
		return;
	*p = ',';
	p += w->comma;
	w->comma = true;
	if (key) {
		*p++ = '"';
		memcpy(p, key, len);
		p += len;
		*p++ = '"';
		*p++ = ':';
	}
	strbuf_end(w->out, p);
}

/* Where whole members of at most len bytes may be written, without the comma before them; strbuf_end() closes.
 * NULL: there is no room. */
static inline char *jsonw_room(struct jsonw *w, size_t len)
{
	char *p = strbuf_room(w->out, len + 1);

	if (!p)
		return NULL;
	*p = ',';
	p += w->comma;
	w->comma = true;
	return p;
}

static inline void jsonw_open(struct jsonw *w, const char *key, char bracket) /* '{' or '[' */
{
	jsonw_key(w, key);
	strbuf_putc(w->out, bracket);
	w->comma = false;
}

static inline void jsonw_close(struct jsonw *w, char bracket) /* '}' or ']' */
{
	strbuf_putc(w->out, bracket);
	w->comma = true;
}

static inline void jsonw_u64(struct jsonw *w, const char *key, uint64_t v)
{
	jsonw_key(w, key);
	strbuf_u64(w->out, v);
}

static inline void jsonw_bool(struct jsonw *w, const char *key, bool v)
{
	jsonw_key(w, key);
	strbuf_puts(w->out, v ? "true" : "false");
}

static inline void jsonw_null(struct jsonw *w, const char *key)
{
	jsonw_key(w, key);
	strbuf_add(w->out, "null", 4);
}

/* Members that were written before, without the comma before or behind them. */
static inline void jsonw_raw(struct jsonw *w, const char *members, size_t size)
{
	jsonw_key(w, NULL);
	strbuf_add(w->out, members, size);
}

/* The value alone, of any bytes: escaped where it must be, what is no UTF-8 becomes U+FFFD. */
void jsonw_text(struct strbuf *out, const char *text, size_t size);

static inline void jsonw_bytes(struct jsonw *w, const char *key, const char *text, size_t size)
{
	jsonw_key(w, key);
	jsonw_text(w->out, text, size);
}

/* The same of a string. NULL: null. */
static inline void jsonw_string(struct jsonw *w, const char *key, const char *text)
{
	if (text)
		jsonw_bytes(w, key, text, strlen(text));
	else
		jsonw_null(w, key);
}

#endif
