/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames and fragments written by hand: any link-layer address and protocol, pieces without a rest. */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

#define PAYLOAD 24

static uint16_t sum16(const void *data, size_t size)
{
	const uint8_t *p = data;
	uint32_t sum = 0;

	for (size_t i = 0; i < size; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* The IP header of `size` bytes of protocol `proto`. Returns its length. */
static size_t ip_header(uint8_t *out, const struct end *from, const struct end *to, uint8_t proto,
			size_t size)
{
	struct iphdr *v4 = (void *)out;
	struct ip6_hdr *v6 = (void *)out;

	if (to->sa.ss_family == AF_INET) {
		*v4 = (struct iphdr){ .version = 4,
				      .ihl = 5,
				      .ttl = 64,
				      .protocol = proto,
				      .tot_len = htons(20 + size),
				      .saddr = ((struct sockaddr_in *)&from->sa)->sin_addr.s_addr,
				      .daddr = ((struct sockaddr_in *)&to->sa)->sin_addr.s_addr };
		v4->check = sum16(v4, 20);
		return 20;
	}
	*v6 = (struct ip6_hdr){ .ip6_src = ((struct sockaddr_in6 *)&from->sa)->sin6_addr,
				.ip6_dst = ((struct sockaddr_in6 *)&to->sa)->sin6_addr };
	v6->ip6_flow = htonl(6U << 28);
	v6->ip6_plen = htons(size);
	v6->ip6_nxt = proto;
	v6->ip6_hlim = 64;
	return 40;
}

/* frame DEV MAC ETHERTYPE SRC DST PROTO COUNT: IP packets of protocol PROTO in frames of any type */
static int frame(char **a, int n)
{
	struct end from = parse(a[3], "0"), to = parse(a[4], "0");
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_halen = 6 };
	unsigned int mac[6], type = strtoul(a[2], NULL, 16);
	int s = socket(AF_PACKET, SOCK_DGRAM, 0), count = bounded(a[6]);
	uint8_t packet[128] = { 0 };
	size_t size;

	(void)n;
	at.sll_ifindex = if_nametoindex(a[0]);
	at.sll_protocol = htons(type);
	if (s < 0 || !at.sll_ifindex ||
	    sscanf(a[1], "%x:%x:%x:%x:%x:%x", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4],
		   &mac[5]) != 6)
		die("frame");
	for (int i = 0; i < 6; i++)
		at.sll_addr[i] = mac[i];
	size = ip_header(packet, &from, &to, atoi(a[5]), PAYLOAD) + PAYLOAD;
	for (int i = 0; i < count; i++)
		if (sendto(s, packet, size, 0, (void *)&at, sizeof(at)) < 0)
			die("frame: send");
	printf("sent %d\n", count);
	return 0;
}

GEN_COMMAND(frame, "frame", "DEV MAC ETHERTYPE SRC DST PROTO COUNT", 7, 7);

/* fragments SRC DST COUNT TIMES: the first fragments of COUNT datagrams, TIMES each, and no others */
static int fragments(char **a, int n)
{
	struct end from = parse(a[0], "0"), to = parse(a[1], "0");
	int family = to.sa.ss_family, count = bounded(a[2]), times = bounded(a[3]);
	int s = socket(family, SOCK_RAW, IPPROTO_RAW);
	uint8_t packet[128] = { 0 };
	struct iphdr *v4 = (void *)packet;
	struct ip6_frag *v6 = (void *)(packet + 40);
	size_t size;

	(void)n;
	if (s < 0)
		die("fragments");
	for (int i = 0; i < count * times; i++) {
		if (family == AF_INET) {
			size = ip_header(packet, &from, &to, IPPROTO_UDP, PAYLOAD) + PAYLOAD;
			v4->id = htons(1 + i / times);
			v4->frag_off = htons(IP_MF);
		} else {
			size = ip_header(packet, &from, &to, IPPROTO_FRAGMENT, 8 + PAYLOAD) + 8 +
			       PAYLOAD;
			*v6 = (struct ip6_frag){ .ip6f_nxt = IPPROTO_UDP,
						 .ip6f_offlg = IP6F_MORE_FRAG,
						 .ip6f_ident = htonl(1 + i / times) };
		}
		if (sendto(s, packet, size, 0, (void *)&to.sa, to.size) < 0)
			die("fragments: send");
	}
	printf("sent %d\n", count * times);
	return 0;
}

GEN_COMMAND(fragments, "fragments", "SRC DST COUNT TIMES", 4, 4);

/* syn SRC SPORT DST DPORT COUNT: the first segment of a connection that nobody opened */
static int syn(char **a, int n)
{
	struct end from = parse(a[0], a[1]), to = parse(a[2], "0");
	int s = socket(to.sa.ss_family, SOCK_RAW, IPPROTO_RAW), count = bounded(a[4]);
	uint8_t packet[128] = { 0 };
	size_t header = ip_header(packet, &from, &to, IPPROTO_TCP, 20);
	struct tcphdr *tcp = (void *)(packet + header);

	(void)n;
	if (s < 0)
		die("syn");
	*tcp = (struct tcphdr){ .source = htons(atoi(a[1])),
				.dest = htons(atoi(a[3])),
				.doff = 5,
				.syn = 1,
				.window = htons(1000) };
	for (int i = 0; i < count; i++)
		if (sendto(s, packet, header + 20, 0, (void *)&to.sa, to.size) < 0)
			die("syn: send");
	printf("sent %d\n", count);
	return 0;
}

GEN_COMMAND(syn, "syn-from", "SRC SPORT DST DPORT COUNT", 5, 5);

/* burst ADDR PORT COUNT SIZE SEGMENTS: datagrams that the kernel cuts off one large one, back to back */
static int burst(char **a, int n)
{
	struct end to = parse(a[0], a[1]);
	int count = bounded(a[2]), size = bounded(a[3]), all = size * bounded(a[4]);
	int s = socket(to.sa.ss_family, SOCK_DGRAM, 0);
	char *data = calloc(1, all);

	(void)n;
	if (s < 0 || !data || setsockopt(s, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)))
		die("burst");
	for (int i = 0; i < count; i++)
		if (sendto(s, data, all, 0, (void *)&to.sa, to.size) != all)
			die("burst: send");
	printf("sent %d\n", count);
	free(data);
	return 0;
}

GEN_COMMAND(burst, "burst", "ADDR PORT COUNT SIZE SEGMENTS", 5, 5);
