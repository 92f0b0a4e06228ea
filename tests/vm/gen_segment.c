/* SPDX-License-Identifier: GPL-2.0-only */
/* TCP segments written by hand, as an old connection between the same ports would send them. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "gen.h"

#define HEADER 32 /* with timestamps */
#define DATA   10

static uint16_t fold(const uint8_t *p, size_t size, uint32_t sum)
{
	for (size_t i = 0; i < size; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static size_t copy_addr(uint8_t *to, const struct end *e)
{
	if (e->sa.ss_family == AF_INET) {
		memcpy(to, &((struct sockaddr_in *)&e->sa)->sin_addr, 4);
		return 4;
	}
	memcpy(to, &((struct sockaddr_in6 *)&e->sa)->sin6_addr, 16);
	return 16;
}

/* old-segments SRC SPORT DST DPORT COUNT: with data and a timestamp of long ago; SRC is of this host */
static int old_segments(char **a, int n)
{
	struct end from = parse(a[0], "0"), to = parse(a[2], "0");
	int count = bounded(a[4]), sport = atoi(a[1]), dport = atoi(a[3]);
	int s = socket(to.sa.ss_family, SOCK_RAW, IPPROTO_TCP);
	uint8_t addrs[32], t[HEADER + DATA] = {
		sport >> 8, sport, dport >> 8, dport, 0, 0,  0, 1, 0, 0, 0, 1, HEADER << 2, 0x18,
		2,	    0,	   [20] = 1,   1,     8, 10, 0, 0, 0, 1, 0, 0, 0,	    1,
	};
	size_t size = copy_addr(addrs, &from);
	uint16_t sum;

	(void)n;
	size += copy_addr(addrs + size, &to);
	sum = fold(addrs, size, IPPROTO_TCP + sizeof(t));
	sum = ~fold(t, sizeof(t), sum);
	t[16] = sum >> 8;
	t[17] = sum;
	if (s < 0 || bind(s, (void *)&from.sa, from.size))
		die("raw socket");
	for (int i = 0; i < count; i++)
		if (sendto(s, t, sizeof(t), 0, (void *)&to.sa, to.size) < 0)
			die("old-segments: send");
	printf("sent %d\n", count);
	return 0;
}

GEN_COMMAND(old_segments, "old-segments", "SRC SPORT DST DPORT COUNT", 5, 5);
