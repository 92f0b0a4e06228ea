/* SPDX-License-Identifier: GPL-2.0-only */
/* How numbers become digits eight at a time: a division takes longer than all else here. */
#include <endian.h>

#include "base/put.h"

#define TEN8 100000000

/* The eight digits of v < 10^8 as numbers, a byte each, the first in the lowest byte: split into two halves, each
 * half into two, and these again, all at once by multiplication. */
static inline uint64_t digits(uint32_t v)
{
	uint64_t all = v / 10000 | (uint64_t)(v % 10000) << 32, high;

	high = (all * 10486 >> 20) & 0x7f0000007f; /* / 100 */
	all = high | (all - high * 100) << 16;
	high = (all * 103 >> 10) & 0x000f000f000f000f; /* / 10 */
	return high | (all - high * 10) << 8;
}

static char *put_digits(char *p, uint64_t digits, int count)
{
	digits = htole64(digits | 0x3030303030303030);
	memcpy(p, &digits, 8);
	return p + count;
}

/* Without zeros in front: 0 < v < 10^8. */
static char *put_some(char *p, uint32_t v)
{
	uint64_t d = digits(v);
	int zeros = __builtin_ctzll(d) / 8;

	return put_digits(p, d >> 8 * zeros, 8 - zeros);
}

char *put_u64(char *p, uint64_t v)
{
	uint64_t high = v / TEN8;

	if (v < 10) {
		*p = '0' + v;
		return p + 1;
	}
	if (!high)
		return put_some(p, v);
	if (high < TEN8)
		p = put_some(p, high);
	else
		p = put_digits(put_some(p, high / TEN8), digits(high % TEN8), 8);
	return put_digits(p, digits(v % TEN8), 8);
}

char *put_nanoseconds(char *p, uint32_t v)
{
	*p = '0' + v / TEN8;
	return put_digits(p + 1, digits(v % TEN8), 8);
}

char *put_hex(char *p, uint64_t v)
{
	int shift = v ? (63 - __builtin_clzll(v)) & ~3 : 0;

	for (; shift >= 0; shift -= 4)
		*p++ = "0123456789abcdef"[v >> shift & 15];
	return p;
}

static char *put_octet(char *p, uint8_t v)
{
	if (v >= 100)
		*p++ = '0' + v / 100;
	if (v >= 10)
		*p++ = '0' + v / 10 % 10;
	*p++ = '0' + v % 10;
	return p;
}

static char *put_ipv4(char *p, const uint8_t *addr)
{
	for (int i = 0; i < 4; i++) {
		p = put_octet(p, addr[i]);
		*p++ = '.';
	}
	return p - 1;
}

/* RFC 5952: the longest run of at least two zero groups is left out, the first of equal ones. */
static char *put_ipv6(char *p, const uint8_t *addr)
{
	int best = -1, best_len = 1;
	uint16_t group[8];

	for (int i = 0; i < 8; i++)
		group[i] = addr[2 * i] << 8 | addr[2 * i + 1];
	for (int i = 0, len; i < 8; i += len + 1) {
		for (len = 0; i + len < 8 && !group[i + len]; len++)
			;
		if (len > best_len) {
			best = i;
			best_len = len;
		}
	}
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			p = PUT(p, "::");
			i += best_len - 1;
			continue;
		}
		if (i && (best < 0 || i != best + best_len))
			*p++ = ':';
		p = put_hex(p, group[i]);
	}
	return p;
}

char *put_addr(char *p, int family, const uint8_t *addr)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (family == 4)
		return put_ipv4(p, addr);
	if (!memcmp(addr, mapped, sizeof(mapped)))
		return put_ipv4(PUT(p, "::ffff:"), addr + 12);
	return put_ipv6(p, addr);
}
