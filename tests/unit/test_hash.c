/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables and interned strings against a plain array that does the same slowly. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define KEYS 500

Test(hash, agrees_with_an_array)
{
	void *model[KEYS] = { NULL };
	struct hash h;
	uint32_t count = 0, seen = 0, pos = 0;
	int values[3];

	srand(1);
	hash_init(&h, sizeof(uint32_t));
	for (int step = 0; step < 50000; step++) {
		uint32_t key = rand() % KEYS;
		void *value = &values[rand() % 3];

		if (rand() % 2) {
			cr_assert_eq(hash_put(&h, &key, value), 0);
			count += !model[key];
			model[key] = value;
		} else {
			cr_assert_eq(hash_del(&h, &key), model[key]);
			count -= !!model[key];
			model[key] = NULL;
		}
		key = rand() % KEYS;
		cr_assert_eq(hash_get(&h, &key), model[key], "key %u at step %d", key, step);
	}
	while (hash_next(&h, &pos))
		seen++;
	cr_expect_eq(seen, count);
	cr_expect_eq(h.count, count);
	hash_free(&h);
}

Test(hash, empty)
{
	struct hash h;
	uint64_t key = 1;
	uint32_t pos = 0;

	hash_init(&h, sizeof(key));
	cr_expect_null(hash_get(&h, &key));
	cr_expect_null(hash_del(&h, &key));
	cr_expect_null(hash_next(&h, &pos));
	hash_free(&h);
}

Test(hash, removing_while_walking_misses_nothing)
{
	struct hash h;
	uint32_t key[KEYS], *value, pos = 0, left = KEYS;

	hash_init(&h, sizeof(uint32_t));
	for (uint32_t i = 0; i < KEYS; i++) {
		key[i] = i * 7919;
		cr_assert_eq(hash_put(&h, &key[i], &key[i]), 0);
	}
	for (; (value = hash_next(&h, &pos)); pos--, left--)
		cr_assert_eq(hash_del(&h, value), value);
	cr_expect_eq(left, 0);
	hash_free(&h);
}

Test(intern, one_copy_of_each)
{
	struct intern t;
	const char *kept[KEYS];
	char text[32], big[10000];

	intern_init(&t);
	cr_expect_null(intern_find(&t, "x", 1));
	for (int i = 0; i < KEYS; i++) {
		snprintf(text, sizeof(text), "text-%d", i);
		kept[i] = intern_add(&t, text, strlen(text));
	}
	for (int i = 0; i < KEYS; i++) {
		snprintf(text, sizeof(text), "text-%d", i);
		cr_assert_str_eq(kept[i], text);
		cr_assert_eq(intern_add(&t, text, strlen(text)), kept[i]);
		cr_assert_eq(intern_find(&t, text, strlen(text)), kept[i]);
	}
	cr_expect_str_eq(intern_add(&t, "text-12345", 6), "text-1");
	cr_expect_str_empty(intern_add(&t, "", 0));
	memset(big, 'b', sizeof(big));
	cr_expect_eq(strlen(intern_add(&t, big, sizeof(big))), sizeof(big));
	cr_expect_null(intern_find(&t, "text", 4));
	intern_free(&t);
}
