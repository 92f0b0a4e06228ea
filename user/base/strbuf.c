/* SPDX-License-Identifier: GPL-2.0-only */
/* How numbers and addresses are written as text without printf, which costs several times more. */
#include <stdarg.h>
#include <stdio.h>

#include "base/strbuf.h"

static int count_digits(uint64_t v)
{
	int n = 1;

	for (; v >= 10000; v /= 10000)
		n += 4;
	return n + (v >= 10) + (v >= 100) + (v >= 1000);
}

/* Two digits at once, from the last on: a division takes longer than all else here. */
static void write_digits(char *end, uint64_t v, int n)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";

	for (; n >= 2; n -= 2) {
		end -= 2;
		memcpy(end, pairs + v % 100 * 2, 2);
		v /= 100;
	}
	if (n)
		end[-1] = '0' + v;
}

void strbuf_u64_pad(struct strbuf *b, uint64_t v, int width)
{
	int n = count_digits(v);
	char *p;

	if (n < width)
		n = width;
	p = strbuf_room(b, n);
	if (!p)
		return;
	write_digits(p + n, v, n);
	strbuf_end(b, p + n);
}

void strbuf_u64(struct strbuf *b, uint64_t v)
{
	if (v < 10)
		strbuf_putc(b, '0' + v);
	else
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

/* One of the conversions that texts are full of; false: another one. */
static bool convert(struct strbuf *b, const char **fmt, va_list *ap)
{
	const char *f = *fmt + 1;

	if (*f == 's')
		strbuf_puts(b, va_arg(*ap, const char *));
	else if (*f == 'u')
		strbuf_u64(b, va_arg(*ap, unsigned int));
	else if (!strncmp(f, "llu", 3))
		strbuf_u64(b, va_arg(*ap, unsigned long long));
	else
		return false;
	*fmt = f + (*f == 'l' ? 3 : 1);
	return true;
}

__attribute__((format(printf, 2, 0))) static void print_rest(struct strbuf *b, const char *fmt,
							     va_list *ap)
{
	int n = vsnprintf(b->data + b->len, b->size - b->len, fmt, *ap);

	if (n < 0 || (size_t)n >= b->size - b->len)
		b->truncated = true;
	else
		b->len += n;
}

void strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
	bool truncated = b->truncated;
	size_t start = b->len;
	const char *next;
	va_list ap;

	b->truncated = false;
	va_start(ap, fmt);
	do {
		next = strchrnul(fmt, '%');
		strbuf_add(b, fmt, next - fmt);
		fmt = next;
	} while (*fmt && convert(b, &fmt, &ap));
	if (*fmt)
		print_rest(b, fmt, &ap);
	va_end(ap);
	if (b->truncated) { /* all or nothing */
		b->len = start;
		b->data[start] = 0;
	}
	b->truncated |= truncated;
}
