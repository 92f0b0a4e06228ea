/* SPDX-License-Identifier: GPL-2.0-only */
/* Traffic of a given length: raw packets, TCP segments one at a time. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gen.h"

/*
 * raw-size DST COUNT SIZE: packets of SIZE bytes in all, headers made here (IPv4 with DF), of a protocol
 * for experiments (253), so that nothing but the way decides about them.
 */
static int raw_size(char **a, int n)
{
	struct end to = parse(a[0], "0");
	int count = bounded(a[1]), size = bounded(a[2]), family = to.sa.ss_family, failed = 0;
	int s = socket(family, SOCK_RAW, IPPROTO_RAW);
	unsigned char *p = calloc(1, size + 64);

	(void)n;
	if (s < 0 || !p)
		die("raw socket");
	if (family == AF_INET) {
		p[0] = 0x45;
		p[6] = 0x40;
		p[8] = 64;
		p[9] = 253;
		memcpy(p + 16, &((struct sockaddr_in *)&to.sa)->sin_addr, 4);
	} else {
		p[0] = 0x60;
		p[4] = (size - 40) >> 8;
		p[5] = (size - 40) & 255;
		p[6] = 253;
		p[7] = 64;
		memcpy(p + 24, &((struct sockaddr_in6 *)&to.sa)->sin6_addr, 16);
	}
	for (int i = 0; i < count; i++)
		failed += sendto(s, p, size, 0, (void *)&to.sa, to.size) < 0;
	printf("sent %d failed %d\n", count - failed, failed);
	free(p);
	return 0;
}

GEN_COMMAND(raw_size, "raw-size", "DST COUNT SIZE", 3, 3);

/* The payload of a full segment, as the connection counts it now. */
static int mss_of(int s)
{
	int mss = 0;
	socklen_t size = sizeof(mss);

	getsockopt(s, IPPROTO_TCP, TCP_MAXSEG, &mss, &size);
	return mss;
}

/*
 * segments ADDR PORT COUNT FIRST FULL MS1 MS2: COUNT connections; each sends FIRST bytes, and when MS1
 * have passed, or with "-" when standard input has ended, FULL full-size segments, with 10 bytes more if
 * they are several; all stay open for MS2.
 */
static int segments(char **a, int n)
{
	const struct linger reset = { 1, 0 };
	struct end to = parse(a[0], a[1]);
	int count = bounded(a[2]), first = bounded(a[3]), full = bounded(a[4]), one = 1;
	static char data[65536];
	int *s = calloc(count + 1, sizeof(*s));

	(void)n;
	for (int i = 0; s && i < count; i++) {
		s[i] = socket(to.sa.ss_family, SOCK_STREAM, 0);
		setsockopt(s[i], SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		setsockopt(s[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		if (connect(s[i], (void *)&to.sa, to.size))
			die("segments: connect");
		if (first && write(s[i], data, first) != first)
			die("segments: write");
	}
	puts("connected");
	fflush(stdout);
	if (strcmp(a[5], "-"))
		sleep_ms(bounded(a[5]));
	else
		while (read(0, data, sizeof(data)) > 0)
			;
	for (int i = 0; s && i < count; i++) {
		int size = full * mss_of(s[i]);

		if (write(s[i], data, size) != size)
			die("segments: write");
		if (full > 1 && write(s[i], data, 10) != 10)
			die("segments: write");
	}
	sleep_ms(bounded(a[6]));
	free(s);
	return 0;
}

GEN_COMMAND(segments, "segments", "ADDR PORT COUNT FIRST FULL MS1 MS2", 7, 7);

/* sweep PREFIX FROM COUNT PORT: one datagram to each of COUNT addresses, the first is PREFIX and FROM */
static int sweep(char **a, int n)
{
	int from = bounded(a[1]), count = bounded(a[2]), failed = 0;
	char addr[64];

	(void)n;
	for (int i = from; i < from + count; i++) {
		struct end to;
		int s;

		snprintf(addr, sizeof(addr), "%s%d", a[0], i);
		to = parse(addr, a[3]);
		s = socket(to.sa.ss_family, SOCK_DGRAM, 0);
		failed += sendto(s, "x", 1, 0, (void *)&to.sa, to.size) != 1;
		close(s);
	}
	printf("sent %d failed %d\n", count - failed, failed);
	return 0;
}

GEN_COMMAND(sweep, "sweep", "PREFIX FROM COUNT PORT", 4, 4);
