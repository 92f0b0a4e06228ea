/* SPDX-License-Identifier: GPL-2.0-only */
/* Small builders: the bytes of a packet, an event, a verdict, a host. */
#ifndef TESTS_BUILD_H
#define TESTS_BUILD_H

#include <stddef.h>
#include <stdint.h>

#include <linux/types.h>

#include "drop.h"
#include "host.h"

/* Bytes that grow header by header. */
struct bytes {
	uint8_t data[512];
	size_t size;
};

void build_eth(struct bytes *b, uint16_t ethertype);
void build_vlan(struct bytes *b,
		uint16_t ethertype); /* behind an Ethernet header with type 0x8100 */
void build_ipv4(struct bytes *b, uint8_t proto, const char *src, const char *dst);
void build_ipv6(struct bytes *b, uint8_t next, const char *src, const char *dst);
void build_udp(struct bytes *b, uint16_t sport, uint16_t dport);
void build_tcp(struct bytes *b, uint16_t sport, uint16_t dport, uint8_t flags);
void build_raw(struct bytes *b, const void *data, size_t size);

/* An event that carries this packet from its network header on. */
struct event build_event(const struct bytes *packet, uint16_t ethertype);

/* The six drops of the golden files, in order; NULL behind the last. */
const struct drop *build_golden(size_t i);

/* A host with round limits and nothing else. */
const struct host *build_host(void);

#endif
