/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls on sockets that are meant to fail: how many succeeded and how many failed as expected. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gen.h"

struct tally {
	int ok, failed, err; /* err: of the last failure */
};

static void tell(const struct tally *t)
{
	printf("ok %d failed %d errno %d\n", t->ok, t->failed, t->failed ? t->err : 0);
	fflush(stdout);
}

static void note(struct tally *t, int result)
{
	if (result < 0) {
		t->failed++;
		t->err = errno;
	} else {
		t->ok++;
	}
}

typedef void (*attempt_fn)(struct tally *t, const struct end *at);

/* COUNT attempts from as many processes as CPUs, each on its own; what they hold they hold for MS. */
static int spread(char **a, int n, attempt_fn attempt)
{
	struct end at = parse(a[0], a[1]);
	int count = bounded(a[2]), ms = bounded(a[3]), cpus = n > 4 ? atoi(a[4]) : 1;

	for (int cpu = 0; cpu < cpus; cpu++) {
		int share = count / cpus + (cpu < count % cpus);
		struct tally t = { 0 };

		if (fork())
			continue;
		if (cpus > 1)
			pin(cpu);
		for (int i = 0; i < share; i++)
			attempt(&t, &at);
		tell(&t);
		sleep_ms(ms);
		exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

static void connect_once(struct tally *t, const struct end *at)
{
	const struct linger reset = { 1, 0 };
	int s = socket(at->sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0), r;

	setsockopt(s, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	r = connect(s, (const void *)&at->sa, at->size);
	note(t, r < 0 && errno == EINPROGRESS ? 0 : r);
}

/* leak ADDR PORT COUNT MS [CPUS]: connections that are not closed, for want of which ports run out */
static int leak(char **a, int n)
{
	return spread(a, n, connect_once);
}

static void bind_tcp(struct tally *t, const struct end *at)
{
	note(t, bind(socket(at->sa.ss_family, SOCK_STREAM, 0), (const void *)&at->sa, at->size));
}

static void bind_udp(struct tally *t, const struct end *at)
{
	note(t, bind(socket(at->sa.ss_family, SOCK_DGRAM, 0), (const void *)&at->sa, at->size));
}

static void send_once(struct tally *t, const struct end *at)
{
	int s = socket(at->sa.ss_family, SOCK_DGRAM, 0), one = 1;

	/* or it would want a port that is free in both families */
	if (at->sa.ss_family == AF_INET6)
		setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	note(t, sendto(s, "x", 1, 0, (const void *)&at->sa, at->size));
}

static int leak_bind_tcp(char **a, int n)
{
	return spread(a, n, bind_tcp);
}

static int leak_bind_udp(char **a, int n)
{
	return spread(a, n, bind_udp);
}

static int leak_send_udp(char **a, int n)
{
	return spread(a, n, send_once);
}

/* reconnect ADDR PORT SPORT COUNT: from one source port, each a new socket */
static int reconnect(char **a, int n)
{
	struct end to = parse(a[0], a[1]), from = parse(a[0], a[2]);
	int count = bounded(a[3]), one = 1;
	struct tally t = { 0 };

	(void)n;
	for (int i = 0; i < count; i++) {
		const struct linger reset = { 1, 0 };
		int s = socket(to.sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0), r;

		setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		setsockopt(s, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		if (bind(s, (void *)&from.sa, from.size))
			die("reconnect: bind");
		r = connect(s, (void *)&to.sa, to.size);
		note(&t, r < 0 && errno == EINPROGRESS ? 0 : r);
	}
	tell(&t);
	return 0;
}

/* COUNT datagrams of SIZE from one socket on each of CPUS, none of which waits for room. */
static int datagrams(char **a, int type, int proto, int sndbuf, int discover, int cpus)
{
	struct end to = parse(a[0], proto ? "0" : a[1]);
	int count = bounded(a[2]), size = bounded(a[3]), family = to.sa.ss_family;
	char *data = calloc(1, size + 1);

	for (int cpu = 0; cpu < cpus; cpu++) {
		int share = count / cpus + (cpu < count % cpus), s;
		struct tally t = { 0 };

		if (fork())
			continue;
		if (cpus > 1)
			pin(cpu);
		s = socket(family, type, proto);
		if (sndbuf)
			setsockopt(s, SOL_SOCKET, SO_SNDBUF, &sndbuf, sizeof(sndbuf));
		if (discover)
			setsockopt(s, IPPROTO_IP, IP_MTU_DISCOVER, &discover, sizeof(discover));
		if (discover && family == AF_INET6)
			setsockopt(s, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &discover, sizeof(discover));
		if (!data || connect(s, (void *)&to.sa, to.size))
			die("datagrams");
		for (int i = 0; i < share; i++)
			note(&t, send(s, data, size, MSG_DONTWAIT));
		tell(&t);
		exit(0);
	}
	while (wait(NULL) > 0)
		;
	free(data);
	return 0;
}

/* send-nowait ADDR PORT COUNT SIZE SNDBUF CPUS */
static int send_nowait(char **a, int n)
{
	(void)n;
	return datagrams(a, SOCK_DGRAM, 0, bounded(a[4]), 0, atoi(a[5]));
}

/* send-whole ADDR PORT COUNT SIZE CPUS: never in fragments */
static int send_whole(char **a, int n)
{
	(void)n;
	return datagrams(a, SOCK_DGRAM, 0, 0, IP_PMTUDISC_DO, atoi(a[4]));
}

/* raw-send ADDR PROTO COUNT SIZE CPUS */
static int raw_send(char **a, int n)
{
	(void)n;
	return datagrams(a, SOCK_RAW, bounded(a[1]), 0, 0, atoi(a[4]));
}

/* raw-sink ADDR PROTO RCVBUF MS: a raw socket that nobody reads */
static int raw_sink(char **a, int n)
{
	struct end at = parse(a[0], "0");
	int s = socket(at.sa.ss_family, SOCK_RAW, bounded(a[1])), size = bounded(a[2]);

	(void)n;
	if (s < 0 || setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) ||
	    bind(s, (void *)&at.sa, at.size))
		die("raw-sink");
	puts("bound");
	fflush(stdout);
	sleep_ms(bounded(a[3]));
	return 0;
}

GEN_COMMAND(leak, "leak", "ADDR PORT COUNT MS [CPUS]", 4, 5);
GEN_COMMAND(leak_bind_tcp, "bind-tcp", "ADDR PORT COUNT MS [CPUS]", 4, 5);
GEN_COMMAND(leak_bind_udp, "bind-udp", "ADDR PORT COUNT MS [CPUS]", 4, 5);
GEN_COMMAND(leak_send_udp, "send-udp", "ADDR PORT COUNT MS [CPUS]", 4, 5);
GEN_COMMAND(reconnect, "reconnect", "ADDR PORT SPORT COUNT", 4, 4);
GEN_COMMAND(send_nowait, "send-nowait", "ADDR PORT COUNT SIZE SNDBUF CPUS", 6, 6);
GEN_COMMAND(send_whole, "send-whole", "ADDR PORT COUNT SIZE CPUS", 5, 5);
GEN_COMMAND(raw_send, "raw-send", "ADDR PROTO COUNT SIZE CPUS", 5, 5);
GEN_COMMAND(raw_sink, "raw-sink", "ADDR PROTO RCVBUF MS", 4, 4);
