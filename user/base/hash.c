/* SPDX-License-Identifier: GPL-2.0-only */
/* How keys are spread over slots, and how the tables grow and shrink. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define FIRST_SIZE	  16
#define INTERN_BLOCK_SIZE 4096

/* FNV-1a over words, with the finaliser of MurmurHash3, because the slots are taken from the low bits. */
static uint32_t hash_bytes(const void *data, size_t size)
{
	uint64_t h = 0xcbf29ce484222325ULL + size, word;
	const uint8_t *byte = data;

	for (; size >= 8; size -= 8, byte += 8) {
		memcpy(&word, byte, 8);
		h = (h ^ word) * 0x100000001b3ULL;
		h ^= h >> 32; /* a product's high bits say nothing to its low ones */
	}
	for (; size; size--)
		h = (h ^ *byte++) * 0x100000001b3ULL;
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdULL;
	h ^= h >> 33;
	return (uint32_t)h;
}

static void **value_at(const struct hash *h, uint32_t slot)
{
	return (void **)(h->slots + slot * h->stride);
}

static void *key_at(const struct hash *h, uint32_t slot)
{
	return h->slots + slot * h->stride + sizeof(void *);
}

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t find_slot(const struct hash *h, const void *key)
{
	uint32_t slot = hash_bytes(key, h->key_size) & (h->size - 1);

	while (*value_at(h, slot) && memcmp(key_at(h, slot), key, h->key_size))
		slot = (slot + 1) & (h->size - 1);
	return slot;
}

void hash_init(struct hash *h, size_t key_size)
{
	*h = (struct hash){
		.key_size = key_size,
		.stride = sizeof(void *) + (key_size + 7) / 8 * 8,
	};
}

void hash_free(struct hash *h)
{
	free(h->slots);
	hash_init(h, h->key_size);
}

void *hash_get(const struct hash *h, const void *key)
{
	return h->size ? *value_at(h, find_slot(h, key)) : NULL;
}

static int grow(struct hash *h)
{
	struct hash old = *h;
	uint32_t slot;

	h->size = old.size ? old.size * 2 : FIRST_SIZE;
	h->slots = calloc(h->size, h->stride);
	if (!h->slots) {
		*h = old;
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < old.size; i++) {
		if (!*value_at(&old, i))
			continue;
		slot = find_slot(h, key_at(&old, i));
		memcpy(value_at(h, slot), value_at(&old, i), h->stride);
	}
	free(old.slots);
	return 0;
}

int hash_put(struct hash *h, const void *key, void *value)
{
	uint32_t slot;
	int err;

	/* at most three quarters full: probes stay short */
	if ((h->count + 1) * 4 > h->size * 3) {
		err = grow(h);
		if (err)
			return err;
	}
	slot = find_slot(h, key);
	if (!*value_at(h, slot)) {
		h->count++;
		memcpy(key_at(h, slot), key, h->key_size);
	}
	*value_at(h, slot) = value;
	return 0;
}

void *hash_del(struct hash *h, const void *key)
{
	uint32_t mask = h->size - 1, hole, slot, home;
	void *value;

	if (!h->size)
		return NULL;
	hole = find_slot(h, key);
	value = *value_at(h, hole);
	if (!value)
		return NULL;
	/* Knuth's algorithm R: move back what could not be found across the hole */
	for (slot = (hole + 1) & mask; *value_at(h, slot); slot = (slot + 1) & mask) {
		home = hash_bytes(key_at(h, slot), h->key_size) & mask;
		if (((slot - home) & mask) < ((slot - hole) & mask))
			continue;
		memcpy(value_at(h, hole), value_at(h, slot), h->stride);
		hole = slot;
	}
	*value_at(h, hole) = NULL;
	h->count--;
	return value;
}

void *hash_next(const struct hash *h, uint32_t *pos)
{
	void *value;

	while (*pos < h->size) {
		value = *value_at(h, (*pos)++);
		if (value)
			return value;
	}
	return NULL;
}

struct intern_block {
	struct intern_block *next;
	size_t used;
	size_t size;
	char data[];
};

void intern_init(struct intern *t)
{
	*t = (struct intern){ 0 };
}

void intern_free(struct intern *t)
{
	struct intern_block *next;

	for (struct intern_block *b = t->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(t->slots);
	intern_init(t);
}

static bool is_string(const char *kept, const char *s, size_t len)
{
	return !strncmp(kept, s, len) && !kept[len];
}

static uint32_t find_string(const struct intern *t, const char *s, size_t len)
{
	uint32_t slot = hash_bytes(s, len) & (t->size - 1);

	while (t->slots[slot] && !is_string(t->slots[slot], s, len))
		slot = (slot + 1) & (t->size - 1);
	return slot;
}

static int grow_strings(struct intern *t)
{
	struct intern old = *t;

	t->size = old.size ? old.size * 2 : FIRST_SIZE;
	t->slots = calloc(t->size, sizeof(*t->slots));
	if (!t->slots) {
		*t = old;
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < old.size; i++)
		if (old.slots[i])
			t->slots[find_string(t, old.slots[i], strlen(old.slots[i]))] = old.slots[i];
	t->bytes += (t->size - old.size) * sizeof(*t->slots);
	free(old.slots);
	return 0;
}

static char *take_bytes(struct intern *t, size_t size)
{
	struct intern_block *b = t->blocks;
	size_t room = INTERN_BLOCK_SIZE - sizeof(*b);

	if (!b || b->size - b->used < size) {
		if (room < size)
			room = size;
		b = malloc(sizeof(*b) + room);
		if (!b)
			return NULL;
		*b = (struct intern_block){ .next = t->blocks, .size = room };
		t->blocks = b;
		t->bytes += sizeof(*b) + room;
	}
	b->used += size;
	return b->data + b->used - size;
}

const char *intern_add(struct intern *t, const char *s, size_t len)
{
	uint32_t slot;
	char *copy;

	if ((t->count + 1) * 4 > t->size * 3 && grow_strings(t))
		return NULL;
	slot = find_string(t, s, len);
	if (t->slots[slot])
		return t->slots[slot];
	copy = take_bytes(t, len + 1);
	if (!copy)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = 0;
	t->slots[slot] = copy;
	t->count++;
	return copy;
}

const char *intern_find(const struct intern *t, const char *s, size_t len)
{
	return t->size ? t->slots[find_string(t, s, len)] : NULL;
}
