/* SPDX-License-Identifier: GPL-2.0-only */
/* The connections in conntrack's table of one network namespace, by who opened them. */
#ifndef KERNEL_CT_DUMP_H
#define KERNEL_CT_DUMP_H

#include <stddef.h>
#include <stdint.h>

/*
 * Call fn for each connection of this process' network namespace: family is 4 or 6, src the address
 * that opened it, IPv4 in the first 4 bytes and the rest 0. Stops at what fn returns if that is not
 * 0. Returns that, or 0 at the end, or -errno: -ENOENT where conntrack is not in use.
 */
int ct_dump(int (*fn)(void *arg, uint8_t family, const uint8_t src[16]), void *arg);

/* One datagram of the answer, aligned as one: 1 if it was the last, 0 to go on, else what fn returned or -errno. */
int ct_dump_parse(const void *data, size_t size,
		  int (*fn)(void *arg, uint8_t family, const uint8_t src[16]), void *arg);

#endif
