/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables by keys of bytes, and strings kept once: the memory behind every index. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Open addressing over keys of one fixed size (padding in them must be zero); values are not NULL. */
struct hash {
	uint8_t *slots; /* value and key, side by side */
	size_t key_size;
	size_t stride;
	uint32_t count;
	uint32_t size; /* slots, a power of two; 0 before the first put */
};

void hash_init(struct hash *h, size_t key_size);
/* Free the table, not the values. */
void hash_free(struct hash *h);
/* The value of the key, NULL if there is none. */
void *hash_get(const struct hash *h, const void *key);
/* Set or replace. 0 or -ENOMEM. */
int hash_put(struct hash *h, const void *key, void *value);
/* Remove; the value that was there, or NULL. */
void *hash_del(struct hash *h, const void *key);
/*
 * Walk: *pos starts at 0; NULL at the end. Nothing may be added meanwhile. After removing the value
 * just returned, decrement *pos: another may have moved into its slot (one may then be seen twice).
 */
void *hash_next(const struct hash *h, uint32_t *pos);

/* Strings kept once each: two equal ones have the same address, valid until intern_free(). */
struct intern {
	const char **slots;
	struct intern_block *blocks;
	uint32_t count;
	uint32_t size;
	size_t bytes; /* memory used, table included */
};

void intern_init(struct intern *t);
void intern_free(struct intern *t);
/* The kept copy of len bytes (no 0 among them); NULL when out of memory. */
const char *intern_add(struct intern *t, const char *s, size_t len);
/* The kept copy if there is one, else NULL. */
const char *intern_find(const struct intern *t, const char *s, size_t len);

#endif
