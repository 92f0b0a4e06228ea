/* SPDX-License-Identifier: GPL-2.0-only */
/* Which bytes JSON does not take as they are. */
#include "base/jsonw.h"
#include "base/utf8.h"

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

static bool is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
}

/* How many bytes from s on are ASCII that JSON takes as it is; eight at once as long as all of them are. */
static size_t plain(const char *s, size_t size)
{
	const uint64_t each = 0x0101010101010101;
	size_t len = 0;
	uint64_t w;

	for (; len + 8 <= size; len += 8) {
		memcpy(&w, s + len, 8);
		/* a byte's top bit: it is no ASCII, below ' ', a quote or a backslash */
		if ((w | (w - each * ' ') | ((w ^ each * '"') - each) |
		     ((w ^ each * '\\') - each)) &
		    each << 7)
			break;
	}
	while (len < size && is_plain(s[len]))
		len++;
	return len;
}

void jsonw_text(struct strbuf *out, const char *text, size_t size)
{
	const char *end = text + size;
	size_t len;

	strbuf_putc(out, '"');
	for (;; text += len ? len : 1) {
		len = plain(text, end - text);
		strbuf_add(out, text, len);
		text += len;
		if (text == end)
			break;
		len = utf8_sequence((const unsigned char *)text, end - text);
		if (len > 1)
			strbuf_add(out, text, len);
		else if (len)
			escape(out, *text);
		else
			strbuf_puts(out, "\\ufffd");
	}
	strbuf_putc(out, '"');
}
