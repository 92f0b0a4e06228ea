/* SPDX-License-Identifier: GPL-2.0-only */
/* Captured bytes of a packet turned into flows: the outer one and, in a tunnel, the inner one. */
#ifndef DECODE_PACKET_H
#define DECODE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tunnel {
	TUNNEL_NONE,
	TUNNEL_VXLAN,
	TUNNEL_GENEVE,
	TUNNEL_IPIP,
	TUNNEL_GRE,
	TUNNEL_MAX
};

/* Addresses in network byte order (IPv4: the first 4 bytes), everything else in host byte order. */
struct flow {
	uint8_t family; /* 4, 6, or 0: not IP, or not captured */
	uint8_t proto;	/* IPPROTO_*, after IPv6 extension headers */
	uint8_t ttl;
	bool fragment;	    /* a later fragment: no ports */
	bool dont_fragment; /* IPv4 DF */
	bool has_ports;	    /* sport and dport were captured (TCP, UDP, SCTP, UDP-Lite) */
	bool has_tcp;	    /* the tcp_ members were captured */
	uint8_t src[16];
	uint8_t dst[16];
	uint16_t sport;
	uint16_t dport;
	uint8_t tcp_flags; /* FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128 */
	uint8_t icmp_type;
	uint8_t icmp_code;
	uint32_t tcp_seq;
	uint32_t tcp_ack;
};

struct packet {
	struct flow outer;
	struct flow inner;     /* family 0 without a tunnel */
	uint8_t tunnel;	       /* enum tunnel */
	uint32_t vni;	       /* VXLAN, Geneve; GRE key */
	uint16_t ethertype;    /* where no IP header was found */
	uint16_t inner_offset; /* bytes that the tunnel put before the inner IP header */
};

/* "vxlan", "geneve", "ipip", "gre"; NULL for none. */
const char *tunnel_name(enum tunnel tunnel);

/*
 * Decode up to `size` bytes that begin with the network header. `ethertype` (host byte order) is the
 * kernel's skb->protocol and only believed when the version nibble agrees. Never reads past size;
 * what is missing or malformed leaves fields 0. UDP port 4789 is VXLAN and 6081 Geneve (IANA);
 * 8472, the Linux default, is VXLAN too.
 */
void packet_decode(struct packet *p, const uint8_t *l3, size_t size, uint16_t ethertype);

#endif
