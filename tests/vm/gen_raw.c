/* SPDX-License-Identifier: GPL-2.0-only */
/* Packets whose headers are written by hand: any source, TTL and checksum. */
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

static uint16_t checksum(const void *data, size_t size, uint32_t sum)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < size; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/*
 * raw SRC DST PORT COUNT TTL GOOD: UDP packets with any source address and TTL, and with a checksum
 * that is right (GOOD 1) or wrong (0). IPv4 and IPv6 headers are made here.
 */
static int raw(char **a, int n)
{
	struct end from = parse(a[0], "0"), to = parse(a[1], "0");
	int count = bounded(a[3]), family = to.sa.ss_family, good = atoi(a[5]);
	int s = socket(family, SOCK_RAW, IPPROTO_RAW);
	struct {
		union {
			struct iphdr v4;
			struct ip6_hdr v6;
		} ip;
		struct udphdr udp;
		char data[16];
	} p = { 0 };
	struct {
		uint8_t addr[32];
		uint32_t size, proto;
	} pseudo = { .size = htonl(24), .proto = htonl(IPPROTO_UDP) };
	size_t header = family == AF_INET ? 20 : 40;
	uint8_t packet[64];

	(void)n;
	if (s < 0)
		die("raw socket");
	if (family == AF_INET) {
		p.ip.v4 =
			(struct iphdr){ .version = 4,
					.ihl = 5,
					.ttl = atoi(a[4]),
					.protocol = 17,
					.tot_len = htons(44),
					.saddr = ((struct sockaddr_in *)&from.sa)->sin_addr.s_addr,
					.daddr = ((struct sockaddr_in *)&to.sa)->sin_addr.s_addr };
		memcpy(pseudo.addr, &p.ip.v4.saddr, 8);
	} else {
		p.ip.v6.ip6_flow = htonl(6U << 28);
		p.ip.v6.ip6_plen = htons(24);
		p.ip.v6.ip6_nxt = 17;
		p.ip.v6.ip6_hlim = atoi(a[4]);
		p.ip.v6.ip6_src = ((struct sockaddr_in6 *)&from.sa)->sin6_addr;
		p.ip.v6.ip6_dst = ((struct sockaddr_in6 *)&to.sa)->sin6_addr;
		memcpy(pseudo.addr, &p.ip.v6.ip6_src, 32);
		((struct sockaddr_in6 *)&to.sa)->sin6_port = 0;
	}
	p.udp = (struct udphdr){ .source = htons(4000),
				 .dest = htons(atoi(a[2])),
				 .len = htons(24) };
	p.udp.check = checksum(&p.udp, 24, (uint16_t)~ntohs(checksum(&pseudo, sizeof(pseudo), 0)));
	if (!good)
		p.udp.check ^= htons(0x1234);
	memcpy(packet, &p.ip, header);
	memcpy(packet + header, &p.udp, 24);
	for (int i = 0; i < count; i++)
		if (sendto(s, packet, header + 24, 0, (void *)&to.sa, to.size) < 0)
			die("raw: send");
	printf("sent %d\n", count);
	return 0;
}

GEN_COMMAND(raw, "raw", "SRC DST PORT COUNT TTL GOOD", 6, 6);
