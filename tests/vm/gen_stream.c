/* SPDX-License-Identifier: GPL-2.0-only */
/* Streams that lose nothing, and what each exchange of them takes by the clock. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "gen.h"

#define ROUNDS 15

/* echo ADDR PORT: a UDP socket that sends back what it gets */
static int echo(char **a, int n)
{
	struct end at = parse(a[0], a[1]), from;
	int s = socket(at.sa.ss_family, SOCK_DGRAM, 0);
	char data[65536];

	(void)n;
	if (s < 0 || bind(s, (void *)&at.sa, at.size))
		die("echo");
	for (int i = 0; i < LIMIT; i++) {
		ssize_t got;

		from.size = sizeof(from.sa);
		got = recvfrom(s, data, sizeof(data), 0, (void *)&from.sa, &from.size);
		if (got < 0 || sendto(s, data, got, 0, (void *)&from.sa, from.size) != got)
			die("echo");
	}
	return 0;
}

GEN_COMMAND(echo, "echo", "ADDR PORT", 2, 2);

static void exchange(int s, const char *data, char *back, int size)
{
	ssize_t got = 0, more;

	if (send(s, data, size, 0) != size)
		die("exchange: send");
	for (; got < size; got += more) {
		more = recv(s, back + got, size - got, 0);
		if (more <= 0)
			die("exchange: recv");
	}
}

static int compare(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return x < y ? -1 : x > y;
}

/*
 * exchange tcp|udp ADDR PORT COUNT SIZE: SIZE bytes there and back, COUNT times in each of several
 * rounds. Prints the median of the rounds' ns for one exchange.
 */
static int exchanges(char **a, int n)
{
	bool is_tcp = !strcmp(a[0], "tcp");
	struct end to = parse(a[1], a[2]);
	int count = bounded(a[3]), size = bounded(a[4]), one = 1;
	int s = socket(to.sa.ss_family, is_tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
	char *data = calloc(2, size + 1);
	long ns[ROUNDS];

	(void)n;
	if (!data || !count || s < 0 || connect(s, (void *)&to.sa, to.size))
		die("exchange");
	if (is_tcp)
		setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	for (int r = 0; r < ROUNDS; r++) {
		struct timespec from, till;

		clock_gettime(CLOCK_MONOTONIC, &from);
		for (int i = 0; i < count; i++)
			exchange(s, data, data + size, size);
		clock_gettime(CLOCK_MONOTONIC, &till);
		ns[r] = ((till.tv_sec - from.tv_sec) * 1000000000 + till.tv_nsec - from.tv_nsec) /
			count;
	}
	qsort(ns, ROUNDS, sizeof(*ns), compare);
	printf("%ld\n", ns[ROUNDS / 2]);
	free(data);
	return 0;
}

GEN_COMMAND(exchanges, "exchange", "tcp|udp ADDR PORT COUNT SIZE", 5, 5);
