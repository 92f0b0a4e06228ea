/* SPDX-License-Identifier: GPL-2.0-only */
/* What a loss carries for those who asked for more: values of kernel structures, the caller's stack, a longer packet. */
#ifndef EXTRA_H
#define EXTRA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXTRA_VALUES 96
#define EXTRA_FRAMES 32
#define EXTRA_NAME   64 /* names are shorter */

enum extra_format {
	EXTRA_DECIMAL,
	EXTRA_SIGNED,
	EXTRA_HEX,
	EXTRA_NETWORK, /* hexadecimal; 16 bits that the kernel keeps in network byte order */
	EXTRA_FORMATS
};

struct extra_value {
	const char *name; /* "sk_buff.len": structure, field */
	uint64_t value;
	enum extra_format format;
};

/* Names live as long as the run; snap as long as the record. */
struct extra {
	struct extra_value values[EXTRA_VALUES];
	const char *frames
		[EXTRA_FRAMES]; /* "libc.so.6+0x10e0b3": file and offset in it, innermost first */
	uint32_t value_count, frame_count;
	const uint8_t *snap; /* NULL: the record's own is all there is */
	uint32_t snap_size;
};

/* A value as text: "12", "-1", "0x1f". */
struct strbuf;
void extra_text(struct strbuf *b, const struct extra_value *v);

#endif
