/* SPDX-License-Identifier: GPL-2.0-only */
/* A keyed hash nobody without the key can compute: SipHash-2-4 (Aumasson, Bernstein 2012). */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t k[2];
};

uint64_t siphash(const struct siphash_key *key, const void *data, size_t size);

#endif
