/* SPDX-License-Identifier: GPL-2.0-only */
/* A text buffer of fixed size that never overflows and remembers whether it was too small. */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct strbuf {
	char *data;
	size_t size;	/* of data */
	size_t len;	/* bytes used, without the closing 0 */
	bool truncated; /* something did not fit and was left out */
};

/* Use `data` (size >= 1, owned by the caller) as an empty buffer. */
static inline void strbuf_init(struct strbuf *b, char *data, size_t size)
{
	*b = (struct strbuf){ .data = data, .size = size };
	data[0] = 0;
}

static inline void strbuf_reset(struct strbuf *b)
{
	b->len = 0;
	b->truncated = false;
	b->data[0] = 0;
}

/* Where `len` more bytes and a closing 0 may be written; NULL, and truncated set, if they do not fit. */
static inline char *strbuf_room(struct strbuf *b, size_t len)
{
	if (b->size - b->len > len)
		return b->data + b->len;
	b->truncated = true;
	return NULL;
}

/* There it has been written up to `end`. */
static inline void strbuf_end(struct strbuf *b, char *end)
{
	*end = 0;
	b->len = end - b->data;
}

/* Append len bytes, or nothing and set truncated when they do not fit with a closing 0. */
static inline void strbuf_add(struct strbuf *b, const char *s, size_t len)
{
	char *p = strbuf_room(b, len);

	if (!p)
		return;
	memcpy(p, s, len);
	strbuf_end(b, p + len);
}

static inline void strbuf_puts(struct strbuf *b, const char *s)
{
	strbuf_add(b, s, strlen(s));
}

static inline void strbuf_putc(struct strbuf *b, char c)
{
	strbuf_add(b, &c, 1);
}

/* Decimal; the fast path of the sinks, several times cheaper than printf. */
void strbuf_u64(struct strbuf *b, uint64_t v);
/* Decimal padded with zeros to `width` digits. */
void strbuf_u64_pad(struct strbuf *b, uint64_t v, int width);
/* Lower-case hexadecimal without prefix. */
void strbuf_hex(struct strbuf *b, uint64_t v);
/* IPv4 (family 4) or IPv6 (family 6, RFC 5952) address in network byte order. */
void strbuf_addr(struct strbuf *b, int family, const uint8_t *addr);
/* Text from outside, for a terminal: what is no printable ASCII becomes '?'. */
void strbuf_printable(struct strbuf *b, const char *s, size_t len);
void strbuf_printf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
