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

typedef signed char block __attribute__((vector_size(16)));

static bool is_plain_block(const char *s)
{
	uint64_t words[2];
	block b;

	memcpy(&b, s, sizeof(b));
	/* what is no ASCII is negative */
	b = (b < ' ') | (b == '"') | (b == '\\');
	memcpy(words, &b, sizeof(b));
	return !(words[0] | words[1]);
}

/* How many bytes from s on are ASCII that JSON takes as it is; many at once as long as all of them are. */
static size_t plain(const char *s, size_t size)
{
	size_t len = 0;

	while (len + sizeof(block) <= size && is_plain_block(s + len))
		len += sizeof(block);
	/* the rest together with what is before it */
	if (len && len + sizeof(block) > size && is_plain_block(s + size - sizeof(block)))
		return size;
	while (len < size && is_plain(s[len]))
		len++;
	return len;
}

/* As it is, if that is possible. */
static bool add_plain(struct strbuf *out, const char *text, size_t size)
{
	char *p = plain(text, size) == size ? strbuf_room(out, size + 2) : NULL;

	if (!p)
		return false;
	*p++ = '"';
	memcpy(p, text, size);
	p += size;
	*p++ = '"';
	strbuf_end(out, p);
	return true;
}

void jsonw_text(struct strbuf *out, const char *text, size_t size)
{
	const char *end = text + size;
	size_t len;

	if (add_plain(out, text, size))
		return;
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
