/* SPDX-License-Identifier: GPL-2.0-only */
/* Connections that use their client port again, and servers that end them with a reset. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gen.h"

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* 0 or an errno; waits for the peer's end, orderly or not. */
static int connect_once(const struct end *from, const struct end *to, int ms)
{
	int s = socket(to->sa.ss_family, SOCK_STREAM, 0), one = 1, err = 0;
	struct timeval limit = { ms / 1000, ms % 1000 * 1000 };
	char byte;

	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (bind(s, (const void *)&from->sa, from->size))
		die("bind");
	if (connect(s, (const void *)&to->sa, to->size))
		/* a peer that resets at once may be quicker than we wake up */
		err = errno == ECONNRESET || errno == ECONNABORTED ? 0 : errno;
	else if (recv(s, &byte, 1, 0) < 0 && errno != ECONNRESET)
		err = errno;
	close(s);
	return err;
}

#define REST_MS	  200 /* the last ACK of an ordered close may still be on its way */
#define RESTS_MAX 20  /* on a busy machine it may be for longer */

/* The same once the port's last connection is over, before which the kernel sends nothing. *start: of the last try. */
static int connect_again(const struct end *from, const struct end *to, int ms, long *start)
{
	int err = EADDRNOTAVAIL;

	for (int i = 0; i < RESTS_MAX && err == EADDRNOTAVAIL; i++) {
		if (i)
			sleep_ms(REST_MS);
		*start = now_ms();
		err = connect_once(from, to, ms);
	}
	return err;
}

/* COUNT connections from each of PORTS ports, one after the other: how many were slow (a SYN was lost). */
static int connect_from(char **a, int n)
{
	int ports = bounded(a[3]), count = bounded(a[4]), ms = bounded(a[5]);
	int ok = 0, slow = 0, unreachable = 0, other = 0;
	struct end to = parse(a[1], a[2]);

	(void)n;
	for (int i = 0; i < count * ports; i++) {
		char port[12];
		struct end from;
		long start;
		int err;

		if (i % count)
			sleep_ms(REST_MS);
		snprintf(port, sizeof(port), "%d", 20000 + i / count);
		from = parse(a[0], port);
		err = connect_again(&from, &to, ms, &start);
		ok += !err;
		slow += !err && now_ms() - start >= 900;
		unreachable += err == EHOSTUNREACH;
		other += err && err != EHOSTUNREACH;
	}
	printf("ok %d slow %d unreachable %d other %d\n", ok, slow, unreachable, other);
	return 0;
}

GEN_COMMAND(connect_from, "connect-from", "SRC ADDR PORT PORTS COUNT MS", 6, 6);

/* Accepts and ends every connection: with a reset, or in order and after the client. */
static int serve_end(char **a, int n)
{
	struct end at = parse(a[0], a[1]);
	const struct linger reset = { 1, 0 };
	int l = socket(at.sa.ss_family, SOCK_STREAM, 0), one = 1, c;
	long end = now_ms() + bounded(a[3]);
	struct pollfd p = { .fd = l, .events = POLLIN };

	(void)n;
	setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(l, (void *)&at.sa, at.size) || listen(l, 128))
		die("listen");
	puts("bound");
	fflush(stdout);
	while (now_ms() < end) {
		if (poll(&p, 1, 100) <= 0)
			continue;
		c = accept(l, NULL, NULL);
		if (!strcmp(a[2], "reset"))
			setsockopt(c, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(c);
	}
	return 0;
}

GEN_COMMAND(serve_end, "serve-end", "ADDR PORT reset|close MS", 4, 4);

static int send_held(const struct end *to, int count, int ms, int cpu)
{
	cpu_set_t set;
	int s;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	s = socket(to->sa.ss_family, SOCK_DGRAM, 0);
	if (s < 0 || connect(s, (const void *)&to->sa, to->size) || send(s, "1", 1, 0) < 0)
		die("send");
	sleep_ms(ms);
	for (int i = 0; i < count; i++)
		while (send(s, "2", 1, 0) < 0 && errno == ECONNREFUSED)
			;
	return 0;
}

/* From each CPU one datagram at once and COUNT more from the same socket after MS. */
static int udp_held(char **a, int n)
{
	struct end to = parse(a[0], a[1]);
	int count = bounded(a[2]), ms = bounded(a[3]), cpus = 2;

	(void)n;
	for (int cpu = 0; cpu < cpus; cpu++)
		if (!fork())
			exit(send_held(&to, count, ms, cpu));
	while (wait(NULL) > 0)
		;
	printf("sent %d\n", count * cpus);
	return 0;
}

GEN_COMMAND(udp_held, "udp-held", "ADDR PORT COUNT MS", 4, 4);
