/* SPDX-License-Identifier: GPL-2.0-only */
/* Packets that leave two processors at the same moment, and many flows in little time. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gen.h"

#define ROUNDS_MAX 400

static void enter(const char *netns)
{
	int fd = open(netns, O_RDONLY);

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(netns);
	close(fd);
}

static struct end any(int family, int port)
{
	char text[8];

	snprintf(text, sizeof(text), "%d", port);
	return parse(family == AF_INET ? "0.0.0.0" : "::", text);
}

static int udp_socket(int family, int port)
{
	struct end at = any(family, port);
	int s = socket(family, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	if (s < 0 || bind(s, (void *)&at.sa, at.size))
		die("race: socket");
	return s;
}

/* A raw socket that sends SYNs; the kernel fills in addresses and, as asked for, the checksum. */
static int syn_socket(const struct end *from)
{
	int s = socket(from->sa.ss_family, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_TCP), at = 16;

	if (s < 0 || bind(s, (void *)&from->sa, from->size))
		die("race: raw socket");
	if (from->sa.ss_family == AF_INET6 &&
	    setsockopt(s, IPPROTO_IPV6, IPV6_CHECKSUM, &at, sizeof(at)))
		die("race: checksum");
	return s;
}

static uint16_t syn_checksum(const struct tcphdr *t, const struct end *from, const struct end *to)
{
	const struct sockaddr_in *a = (const void *)&from->sa, *b = (const void *)&to->sa;
	struct {
		uint32_t src, dst;
		uint8_t zero, proto;
		uint16_t size;
		struct tcphdr tcp;
	} p = { a->sin_addr.s_addr, b->sin_addr.s_addr, 0, IPPROTO_TCP, htons(sizeof(*t)), *t };
	uint16_t w[sizeof(p) / 2];
	uint32_t sum = 0;

	memcpy(w, &p, sizeof(p));
	for (size_t i = 0; i < sizeof(p) / 2; i++)
		sum += w[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void send_syn(int s, const struct end *from, const struct end *to, int sport)
{
	/* the port is at the same place in both families; a raw socket wants none of its own */
	struct sockaddr_in *v4 = (void *)&to->sa;
	struct tcphdr t = { .source = htons(sport),
			    .dest = v4->sin_port,
			    .seq = htonl(1),
			    .doff = 5,
			    .syn = 1,
			    .window = htons(1024) };
	struct end bare = *to;

	((struct sockaddr_in *)&bare.sa)->sin_port = 0;
	if (to->sa.ss_family == AF_INET)
		t.check = syn_checksum(&t, from, to);
	sendto(s, &t, sizeof(t), 0, (void *)&bare.sa, bare.size);
}

/* Both arrive, then both go on: the slower one's last step is all that lies between them. */
static void meet(volatile int *arrived, int round)
{
	__sync_fetch_and_add(arrived, 1);
	for (long i = 0; i < 400000000L && *arrived < 2 * (round + 1); i++)
		;
}

/*
 * race KIND NETNS-A NETNS-B SRC ADDR PORT SPORT COUNT: COUNT times two packets at once from two CPUs,
 * from source ports SPORT, SPORT + 1 ... KIND "one": both from one UDP socket of A; "two": from a UDP
 * socket in A and one in B; "syn": two SYNs of the same connection from address SRC in A.
 */
static int race(char **a, int n)
{
	bool one = !strcmp(a[0], "one"), syn = !strcmp(a[0], "syn");
	struct end from = parse(a[3], "0"), to = parse(a[4], a[5]);
	int sport = atoi(a[6]), count = bounded(a[7]), sockets[2][ROUNDS_MAX];
	volatile int *arrived =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cpu_set_t set;
	int me;

	(void)n;
	if (count > ROUNDS_MAX || arrived == MAP_FAILED)
		return 2;
	for (int end = 0; end < 2; end++) {
		enter(a[1 + end]);
		for (int i = 0; i < count; i++)
			sockets[end][i] = syn	       ? syn_socket(&from)
					  : one && end ? sockets[0][i]
						       : udp_socket(to.sa.ss_family, sport + i);
	}
	me = fork() ? 0 : 1;
	CPU_ZERO(&set);
	CPU_SET(me, &set);
	sched_setaffinity(0, sizeof(set), &set);
	for (int i = 0; i < count; i++) {
		meet(arrived, i);
		if (syn)
			send_syn(sockets[me][i], &from, &to, sport + i);
		else
			sendto(sockets[me][i], "query", 5, 0, (void *)&to.sa, to.size);
	}
	if (me)
		exit(0);
	wait(NULL);
	return 0;
}
GEN_COMMAND(race, "race", "KIND NETNS-A NETNS-B SRC ADDR PORT SPORT COUNT", 8, 8);

/* flows ADDR PORT SPORT COUNT: one datagram from each of COUNT source ports; the sockets are closed */
static int flows(char **a, int n)
{
	struct end to = parse(a[0], a[1]);
	int sport = atoi(a[2]), count = bounded(a[3]), sent = 0;

	(void)n;
	for (int i = 0; i < count; i++) {
		int s = udp_socket(to.sa.ss_family, sport + i);

		sent += sendto(s, "x", 1, 0, (void *)&to.sa, to.size) == 1;
		close(s);
	}
	printf("sent %d\n", sent);
	return 0;
}
GEN_COMMAND(flows, "flows", "ADDR PORT SPORT COUNT", 4, 4);
