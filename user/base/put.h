/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers and addresses written where the caller has made room: what the sinks spend most of their time with. */
#ifndef BASE_PUT_H
#define BASE_PUT_H

#include <stdint.h>
#include <string.h>

/* Each writes at p and returns the end of what it wrote, without a closing 0. Behind that it may have written
 * more, but never beyond p + PUT_MAX. */
#define PUT_MAX 56

/* Decimal, at most 20 digits; never beyond p + PUT_U64_MAX. */
#define PUT_U64_MAX 28
char *put_u64(char *p, uint64_t v);
/* Nine digits, with zeros in front: nanoseconds (v < 10^9). */
char *put_nanoseconds(char *p, uint32_t v);
/* Lower-case hexadecimal without prefix. */
char *put_hex(char *p, uint64_t v);
/* IPv4 (family 4) or IPv6 (family 6, RFC 5952) address in network byte order. */
char *put_addr(char *p, int family, const uint8_t *addr);

/* As it is; of any length. */
static inline char *put_text(char *p, const char *text, size_t len)
{
	memcpy(p, text, len);
	return p + len;
}

#define PUT(p, literal) put_text(p, literal, sizeof(literal) - 1)

#endif
