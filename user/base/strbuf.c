/* SPDX-License-Identifier: GPL-2.0-only */
/* How numbers and addresses are written as text without printf, which costs several times more. */
#include <stdarg.h>
#include <stdio.h>

#include "base/strbuf.h"

void strbuf_u64_pad(struct strbuf *b, uint64_t v, int width)
{
	char digits[24], *p = digits + sizeof(digits);

	do {
		*--p = '0' + v % 10;
		v /= 10;
		width--;
	} while (v);
	while (width-- > 0 && p > digits)
		*--p = '0';
	strbuf_add(b, p, digits + sizeof(digits) - p);
}

void strbuf_u64(struct strbuf *b, uint64_t v)
{
	strbuf_u64_pad(b, v, 1);
}

void strbuf_hex(struct strbuf *b, uint64_t v)
{
	char digits[16], *p = digits + sizeof(digits);

	do {
		*--p = "0123456789abcdef"[v & 15];
		v >>= 4;
	} while (v);
	strbuf_add(b, p, digits + sizeof(digits) - p);
}

static void ipv4(struct strbuf *b, const uint8_t *addr)
{
	char text[16], *p = text;

	for (int i = 0; i < 4; i++) {
		if (addr[i] >= 100)
			*p++ = '0' + addr[i] / 100;
		if (addr[i] >= 10)
			*p++ = '0' + addr[i] / 10 % 10;
		*p++ = '0' + addr[i] % 10;
		*p++ = '.';
	}
	strbuf_add(b, text, p - 1 - text);
}

/* RFC 5952: the longest run of at least two zero groups is left out, the first of equal ones. */
static void ipv6(struct strbuf *b, const uint8_t *addr)
{
	int best = -1, best_len = 1;
	uint16_t group[8];

	for (int i = 0; i < 8; i++)
		group[i] = addr[2 * i] << 8 | addr[2 * i + 1];
	for (int i = 0, len; i < 8; i += len + 1) {
		for (len = 0; i + len < 8 && !group[i + len]; len++)
			;
		if (len > best_len) {
			best = i;
			best_len = len;
		}
	}
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			strbuf_add(b, "::", 2);
			i += best_len - 1;
			continue;
		}
		if (i && i != best + best_len)
			strbuf_putc(b, ':');
		else if (i && best < 0)
			strbuf_putc(b, ':');
		strbuf_hex(b, group[i]);
	}
}

void strbuf_addr(struct strbuf *b, int family, const uint8_t *addr)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (family == 4) {
		ipv4(b, addr);
	} else if (!memcmp(addr, mapped, sizeof(mapped))) {
		strbuf_puts(b, "::ffff:");
		ipv4(b, addr + 12);
	} else {
		ipv6(b, addr);
	}
}

void strbuf_printable(struct strbuf *b, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		strbuf_putc(b, s[i] >= ' ' && s[i] < 0x7f ? s[i] : '?');
}

void strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(b->data + b->len, b->size - b->len, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= b->size - b->len) {
		b->data[b->len] = 0;
		b->truncated = true;
		return;
	}
	b->len += n;
}
