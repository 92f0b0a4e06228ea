/* SPDX-License-Identifier: GPL-2.0-only */
/* The rounds of SipHash-2-4. */
#include "base/siphash.h"

static uint64_t rotl(uint64_t x, int b)
{
	return x << b | x >> (64 - b);
}

static void rounds(uint64_t v[4], int n)
{
	while (n--) {
		v[0] += v[1];
		v[1] = rotl(v[1], 13) ^ v[0];
		v[0] = rotl(v[0], 32);
		v[2] += v[3];
		v[3] = rotl(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotl(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotl(v[1], 17) ^ v[2];
		v[2] = rotl(v[2], 32);
	}
}

uint64_t siphash(const struct siphash_key *key, const void *data, size_t size)
{
	uint64_t v[4] = { key->k[0] ^ 0x736f6d6570736575, key->k[1] ^ 0x646f72616e646f6d,
			  key->k[0] ^ 0x6c7967656e657261, key->k[1] ^ 0x7465646279746573 };
	const uint8_t *p = data;
	uint64_t word = 0;

	for (size_t i = 0; i < size; i++) {
		word |= (uint64_t)p[i] << (8 * (i % 8));
		if (i % 8 != 7)
			continue;
		v[3] ^= word;
		rounds(v, 2);
		v[0] ^= word;
		word = 0;
	}
	word |= (uint64_t)size << 56;
	v[3] ^= word;
	rounds(v, 2);
	v[0] ^= word;
	v[2] ^= 0xff;
	rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
