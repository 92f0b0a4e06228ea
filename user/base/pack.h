/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers and texts as bytes of a file: little-endian, and never read beyond the end. */
#ifndef BASE_PACK_H
#define BASE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that grow. Without memory nothing is added any more and `failed` is set. */
struct packer {
	uint8_t *data; /* the packer's own: pack_free() */
	size_t len, size;
	bool failed;
};

void pack_free(struct packer *p);
void pack_u8(struct packer *p, uint8_t v);
void pack_u32(struct packer *p, uint32_t v);
void pack_u64(struct packer *p, uint64_t v);
/* Where `size` more bytes are, to be filled; NULL without memory. */
uint8_t *pack_space(struct packer *p, size_t size);
void pack_raw(struct packer *p, const void *data, size_t size);
/* Its length, then the text, without the closing 0; NULL is told from "". */
void pack_text(struct packer *p, const char *text);
/* Put v where a pack_u32() was made at this place. */
void pack_u32_at(struct packer *p, size_t at, uint32_t v);

/* Bytes of others. What is not there reads as 0, sets `failed` and stays where it is. */
struct unpacker {
	const uint8_t *data;
	size_t len, at;
	bool failed;
};

uint8_t unpack_u8(struct unpacker *u);
uint32_t unpack_u32(struct unpacker *u);
uint64_t unpack_u64(struct unpacker *u);
/* Where the next `size` bytes are, NULL if there are not as many. */
const uint8_t *unpack_raw(struct unpacker *u, size_t size);
/* A text that pack_text() wrote, not 0-terminated; NULL stands for NULL, or for a failure. One with a 0 in
 * it is a failure. */
const char *unpack_text(struct unpacker *u, size_t *len);

#endif
