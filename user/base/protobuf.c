/* SPDX-License-Identifier: GPL-2.0-only */
/* How protocol buffers lay a field out, and what cannot be one. */
#include "base/protobuf.h"

enum wire {
	WIRE_VARINT,
	WIRE_64,
	WIRE_TEXT,
	WIRE_GROUP, /* and its end, 4: no longer written by anybody */
	WIRE_32 = 5,
};

#define MAX_NUMBER ((1U << 29) - 1)

/* Seven bits a byte, the lowest first; the highest bit says that more follow. Ten bytes hold 64 bits. */
static uint64_t varint(struct protobuf *p)
{
	uint64_t v = 0;

	for (int shift = 0; shift < 70 && p->size; shift += 7) {
		uint8_t byte = *p->data++;

		p->size--;
		if (shift == 63 && byte > 1)
			break;
		v |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return v;
	}
	p->failed = true;
	return 0;
}

static const uint8_t *take(struct protobuf *p, uint64_t size)
{
	const uint8_t *at = p->data;

	if (p->failed || size > p->size) {
		p->failed = true;
		return NULL;
	}
	p->data += size;
	p->size -= size;
	return at;
}

static uint64_t fixed(struct protobuf *p, size_t size)
{
	const uint8_t *at = take(p, size);
	uint64_t v = 0;

	for (size_t i = 0; at && i < size; i++)
		v |= (uint64_t)at[i] << 8 * i;
	return v;
}

bool protobuf_next(struct protobuf *p, struct protobuf_field *f)
{
	uint64_t key;

	*f = (struct protobuf_field){ 0 };
	if (p->failed || !p->size)
		return false;
	key = varint(p);
	f->number = key >> 3;
	if (!f->number || key >> 3 > MAX_NUMBER)
		p->failed = true;
	switch (key & 7) {
	case WIRE_VARINT:
		f->value = varint(p);
		break;
	case WIRE_64:
		f->value = fixed(p, 8);
		break;
	case WIRE_32:
		f->value = fixed(p, 4);
		break;
	case WIRE_TEXT:
		f->is_text = true;
		f->size = varint(p);
		f->data = take(p, f->size);
		break;
	default:
		p->failed = true;
	}
	return !p->failed;
}
