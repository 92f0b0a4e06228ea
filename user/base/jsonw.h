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

/* A key of our own: plain ASCII that needs no escapes. NULL inside arrays. */
void jsonw_key(struct jsonw *w, const char *key);
void jsonw_open(struct jsonw *w, const char *key, char bracket); /* '{' or '[' */
void jsonw_close(struct jsonw *w, char bracket);		 /* '}' or ']' */
/* Text of any bytes: escaped where it must be, what is no UTF-8 becomes U+FFFD. NULL: null. */
void jsonw_string(struct jsonw *w, const char *key, const char *text);
void jsonw_bytes(struct jsonw *w, const char *key, const char *text, size_t size);
void jsonw_u64(struct jsonw *w, const char *key, uint64_t v);
void jsonw_bool(struct jsonw *w, const char *key, bool v);
void jsonw_null(struct jsonw *w, const char *key);
/* Members that were written before, without the comma before or behind them. */
void jsonw_raw(struct jsonw *w, const char *members, size_t size);

#endif
