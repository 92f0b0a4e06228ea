/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages of protocol buffers (protobuf.dev/programming-guides/encoding), read field by field from bytes of others. */
#ifndef BASE_PROTOBUF_H
#define BASE_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct protobuf {
	const uint8_t *data; /* what is left of the message */
	size_t size;
	bool failed; /* these bytes are no message */
};

struct protobuf_field {
	uint32_t number;
	bool is_text;	     /* a string, bytes or a message */
	uint64_t value;	     /* a number, 0 for a text */
	const uint8_t *data; /* the text, not 0-terminated; NULL for a number */
	size_t size;
};

/* The next field, in the order of the message; false at its end, and where it makes no sense (p->failed). */
bool protobuf_next(struct protobuf *p, struct protobuf_field *f);

#endif
