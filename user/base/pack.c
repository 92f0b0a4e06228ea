/* SPDX-License-Identifier: GPL-2.0-only */
/* How numbers and texts are laid out in a file that other machines read. */
#include <stdlib.h>
#include <string.h>

#include "base/pack.h"

#define NO_TEXT 0xffffffff /* the length that stands for NULL */

void pack_free(struct packer *p)
{
	free(p->data);
	*p = (struct packer){ 0 };
}

uint8_t *pack_space(struct packer *p, size_t size)
{
	size_t room = p->size ? p->size : 4096;
	uint8_t *grown;

	while (room - p->len < size)
		room *= 2;
	if (room != p->size && !p->failed) {
		grown = realloc(p->data, room);
		p->failed = !grown;
		p->data = grown ? grown : p->data;
		p->size = grown ? room : p->size;
	}
	if (p->failed)
		return NULL;
	p->len += size;
	return p->data + p->len - size;
}

void pack_raw(struct packer *p, const void *data, size_t size)
{
	uint8_t *at = pack_space(p, size);

	if (at && size)
		memcpy(at, data, size);
}

void pack_u8(struct packer *p, uint8_t v)
{
	pack_raw(p, &v, 1);
}

static void put_u32(uint8_t *b, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		b[i] = v >> (8 * i);
}

void pack_u32(struct packer *p, uint32_t v)
{
	uint8_t b[4];

	put_u32(b, v);
	pack_raw(p, b, sizeof(b));
}

void pack_u64(struct packer *p, uint64_t v)
{
	pack_u32(p, v);
	pack_u32(p, v >> 32);
}

void pack_text(struct packer *p, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	pack_u32(p, text ? len : NO_TEXT);
	pack_raw(p, text, len);
}

void pack_u32_at(struct packer *p, size_t at, uint32_t v)
{
	if (!p->failed)
		put_u32(p->data + at, v);
}

const uint8_t *unpack_raw(struct unpacker *u, size_t size)
{
	const uint8_t *at = u->data + u->at;

	if (u->failed || u->len - u->at < size) {
		u->failed = true;
		return NULL;
	}
	u->at += size;
	return at;
}

uint8_t unpack_u8(struct unpacker *u)
{
	const uint8_t *b = unpack_raw(u, 1);

	return b ? *b : 0;
}

uint32_t unpack_u32(struct unpacker *u)
{
	const uint8_t *b = unpack_raw(u, 4);

	return b ? b[0] | b[1] << 8 | b[2] << 16 | (uint32_t)b[3] << 24 : 0;
}

uint64_t unpack_u64(struct unpacker *u)
{
	uint64_t low = unpack_u32(u);

	return low | (uint64_t)unpack_u32(u) << 32;
}

const char *unpack_text(struct unpacker *u, size_t *len)
{
	uint32_t size = unpack_u32(u);
	const char *text;

	*len = 0;
	if (size == NO_TEXT)
		return NULL;
	text = (const char *)unpack_raw(u, size);
	if (text && memchr(text, 0, size)) {
		u->failed = true;
		return NULL;
	}
	*len = text ? size : 0;
	return text;
}
