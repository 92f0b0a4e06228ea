/* SPDX-License-Identifier: GPL-2.0-only */
/* Digits are those of printf, and nothing is written behind the room that is asked for. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/put.h"

static void is_put(uint64_t v)
{
	char *room = malloc(PUT_U64_MAX); /* the sanitizer sees a byte behind it */
	char want[32];
	char *end = put_u64(room, v);

	snprintf(want, sizeof(want), "%" PRIu64, v);
	*end = 0;
	cr_assert_str_eq(room, want);
	if (v < 1000000000) {
		snprintf(want, sizeof(want), "%09" PRIu64, v);
		*put_nanoseconds(room, v) = 0;
		cr_assert_str_eq(room, want);
	}
	*put_hex(room, v) = 0;
	snprintf(want, sizeof(want), "%" PRIx64, v);
	cr_assert_str_eq(room, want);
	free(room);
}

/* Each pair of digits at each place, and where a digit more begins. */
Test(put, numbers)
{
	uint64_t power = 1;

	for (uint64_t v = 0; v < 20000; v++)
		is_put(v);
	for (int i = 0; i < 20; i++, power *= 10) {
		for (uint64_t k = 0; k < 100; k++)
			is_put(power * k); /* wraps around: any number will do */
		is_put(power - 1);
		is_put(power + 1);
	}
	is_put(UINT64_MAX);
	is_put(UINT32_MAX);
}

static void is_addr(int family, const uint8_t *addr, const char *want)
{
	char *room = malloc(PUT_MAX);

	*put_addr(room, family, addr) = 0;
	cr_expect_str_eq(room, want);
	free(room);
}

Test(put, longest_addresses)
{
	uint8_t v6[16];
	const uint8_t mapped[16] = { [10] = 0xff, [11] = 0xff, 255, 255, 255, 255 };

	memset(v6, 0xff, sizeof(v6));
	is_addr(4, v6, "255.255.255.255");
	is_addr(6, v6, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	is_addr(6, mapped, "::ffff:255.255.255.255");
}
