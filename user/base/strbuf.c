/* SPDX-License-Identifier: GPL-2.0-only */
/* How text is put together without printf, which costs several times more. */
#include <stdarg.h>
#include <stdio.h>

#include "base/put.h"
#include "base/strbuf.h"

/* Each is short: it is written aside where the buffer may end before PUT_MAX. */
void strbuf_u64_pad(struct strbuf *b, uint64_t v, int width)
{
	char text[PUT_MAX], *end = put_u64(text, v), *p;
	int len = end - text, zeros = width > len ? width - len : 0;

	p = strbuf_room(b, zeros + len);
	if (!p)
		return;
	memset(p, '0', zeros);
	memcpy(p + zeros, text, len);
	strbuf_end(b, p + zeros + len);
}

void strbuf_u64(struct strbuf *b, uint64_t v)
{
	if (b->size - b->len > PUT_MAX)
		strbuf_end(b, put_u64(b->data + b->len, v));
	else
		strbuf_u64_pad(b, v, 1);
}

void strbuf_hex(struct strbuf *b, uint64_t v)
{
	char text[PUT_MAX], *end = put_hex(text, v);

	strbuf_add(b, text, end - text);
}

void strbuf_addr(struct strbuf *b, int family, const uint8_t *addr)
{
	char text[PUT_MAX], *end = put_addr(text, family, addr);

	strbuf_add(b, text, end - text);
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
