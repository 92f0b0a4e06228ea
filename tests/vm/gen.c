/* SPDX-License-Identifier: GPL-2.0-only */
/* Bounded traffic for the test cases: what to send, how often, and what came of it. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIMIT 1000000 /* no load of this program is larger */

struct end {
	struct sockaddr_storage sa;
	socklen_t size;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static struct end parse(const char *addr, const char *port)
{
	struct end e = { 0 };
	struct sockaddr_in *v4 = (void *)&e.sa;
	struct sockaddr_in6 *v6 = (void *)&e.sa;

	if (inet_pton(AF_INET, addr, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(atoi(port));
		e.size = sizeof(*v4);
	} else if (inet_pton(AF_INET6, addr, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(atoi(port));
		e.size = sizeof(*v6);
	} else {
		fprintf(stderr, "gen: not an address: %s\n", addr);
		exit(2);
	}
	return e;
}

static int bounded(const char *text)
{
	int n = atoi(text);

	if (n < 0 || n > LIMIT) {
		fprintf(stderr, "gen: %s is out of bounds\n", text);
		exit(2);
	}
	return n;
}

static void sleep_ms(int ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* udp ADDR PORT COUNT SIZE [CPUS]: COUNT datagrams in all, from CPUS processes on as many CPUs */
static int udp(char **a, int n)
{
	struct end to = parse(a[0], a[1]);
	int count = bounded(a[2]), size = bounded(a[3]), cpus = n > 4 ? atoi(a[4]) : 1;
	char *data = calloc(1, size + 1);

	for (int cpu = 0; cpu < cpus; cpu++) {
		int share = count / cpus + (cpu < count % cpus), sent = 0, failed = 0;
		int s;

		if (cpus > 1) {
			if (fork())
				continue;
			pin(cpu);
		}
		s = socket(to.sa.ss_family, SOCK_DGRAM, 0);
		if (s < 0)
			die("socket");
		for (int i = 0; i < share; i++) {
			if (sendto(s, data, size, 0, (void *)&to.sa, to.size) == size)
				sent++;
			else
				failed++;
		}
		printf("sent %d failed %d errno %d\n", sent, failed, failed ? errno : 0);
		if (cpus > 1)
			exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

/* sink ADDR PORT RCVBUF MS: a UDP socket that nobody reads */
static int sink(char **a, int n)
{
	struct end at = parse(a[0], a[1]);
	int s = socket(at.sa.ss_family, SOCK_DGRAM, 0), size = atoi(a[2]);

	(void)n;
	if (s < 0 || setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) ||
	    bind(s, (void *)&at.sa, at.size))
		die("sink");
	puts("bound");
	fflush(stdout);
	sleep_ms(bounded(a[3]));
	return 0;
}

/* connect ADDR PORT COUNT MS: COUNT connects one after the other, each given MS to succeed */
/* All at once: the handshakes overlap. Ends with resets, so that nothing is repeated afterwards. */
static int connect_many(char **a, int n)
{
	const struct linger reset = { 1, 0 };
	struct end to = parse(a[0], a[1]);
	int count = bounded(a[2]), ok = 0, size;
	struct pollfd *p = calloc(count, sizeof(*p));

	(void)n;
	for (int i = 0; p && i < count; i++) {
		p[i].fd = socket(to.sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
		p[i].events = POLLOUT;
		setsockopt(p[i].fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		connect(p[i].fd, (void *)&to.sa, to.size);
	}
	sleep_ms(bounded(a[3]));
	size = p ? poll(p, count, 0) : 0;
	for (int i = 0; i < count && size > 0; i++)
		ok += p[i].revents == POLLOUT;
	printf("ok %d\n", ok);
	free(p);
	return 0;
}

static int connect_tcp(char **a, int n)
{
	struct end to = parse(a[0], a[1]);
	int count = bounded(a[2]), ms = atoi(a[3]), ok = 0, refused = 0, timeout = 0, other = 0;

	(void)n;
	for (int i = 0; i < count; i++) {
		int s = socket(to.sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0), err = 0;
		struct pollfd p = { .fd = s, .events = POLLOUT };
		socklen_t size = sizeof(err);

		if (connect(s, (void *)&to.sa, to.size) && errno != EINPROGRESS)
			err = errno;
		else if (poll(&p, 1, ms) == 0)
			err = ETIMEDOUT;
		else
			getsockopt(s, SOL_SOCKET, SO_ERROR, &err, &size);
		ok += !err;
		refused += err == ECONNREFUSED;
		timeout += err == ETIMEDOUT;
		other += err && err != ECONNREFUSED && err != ETIMEDOUT;
		close(s);
	}
	printf("ok %d refused %d timeout %d other %d\n", ok, refused, timeout, other);
	return 0;
}

/* serve ADDR PORT: answer what each connection sends until it closes; ends when told to */
static int serve(char **a, int n)
{
	struct end at = parse(a[0], a[1]);
	int l = socket(at.sa.ss_family, SOCK_STREAM, 0), one = 1;

	(void)n;
	setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (l < 0 || bind(l, (void *)&at.sa, at.size) || listen(l, 128))
		die("serve");
	puts("bound");
	fflush(stdout);
	for (int i = 0; i < LIMIT; i++) {
		char data[4096];
		ssize_t got;
		int s = accept(l, NULL, NULL);

		if (s < 0)
			return 1;
		while ((got = read(s, data, sizeof(data))) > 0)
			if (write(s, data, got) != got)
				break;
		close(s);
	}
	return 0;
}

/* chat ADDR PORT COUNT: COUNT connections, each sends, reads the answer, closes */
static int chat(char **a, int n)
{
	struct end to = parse(a[0], a[1]);
	int count = bounded(a[2]), done = 0;
	char data[700], back[700];

	(void)n;
	memset(data, 'x', sizeof(data));
	for (int i = 0; i < count; i++) {
		int s = socket(to.sa.ss_family, SOCK_STREAM, 0);
		ssize_t got = 0, more = 1;

		if (connect(s, (void *)&to.sa, to.size))
			die("chat: connect");
		for (int turn = 0; turn < 2; turn++) {
			if (write(s, data, sizeof(data)) != sizeof(data))
				die("chat: write");
			for (got = 0; got < (ssize_t)sizeof(back) && more > 0; got += more)
				more = read(s, back, sizeof(back) - got);
		}
		done += got == sizeof(back);
		close(s);
	}
	printf("done %d\n", done);
	return done != count;
}

/* flood ADDR PORT BYTES: one connection that sends BYTES to a reader that may not read */
static int flood(char **a, int n)
{
	struct end to = parse(a[0], a[1]);
	int s = socket(to.sa.ss_family, SOCK_STREAM, 0);
	size_t left = strtoul(a[2], NULL, 10);
	static char data[65536];

	(void)n;
	if (left > 64U << 20 || connect(s, (void *)&to.sa, to.size))
		die("flood");
	while (left) {
		struct pollfd p = { .fd = s, .events = POLLOUT };
		ssize_t put;

		if (poll(&p, 1, 1000) <= 0)
			break;
		put = send(s, data, left < sizeof(data) ? left : sizeof(data), MSG_DONTWAIT);
		if (put < 0)
			break;
		left -= put;
	}
	printf("unsent %zu\n", left);
	return 0;
}

/* listen ADDR PORT BACKLOG DEFER MS: a listener that never accepts */
static int listen_only(char **a, int n)
{
	struct end at = parse(a[0], a[1]);
	int l = socket(at.sa.ss_family, SOCK_STREAM, 0), one = 1, defer = atoi(a[3]);

	(void)n;
	setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (defer)
		setsockopt(l, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer, sizeof(defer));
	if (l < 0 || bind(l, (void *)&at.sa, at.size) || listen(l, atoi(a[2])))
		die("listen");
	puts("bound");
	fflush(stdout);
	sleep_ms(bounded(a[4]));
	return 0;
}

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

static const struct {
	const char *name, *args;
	int min, max;
	int (*run)(char **args, int count);
} commands[] = {
	{ "udp", "ADDR PORT COUNT SIZE [CPUS]", 4, 5, udp },
	{ "sink", "ADDR PORT RCVBUF MS", 4, 4, sink },
	{ "connect-many", "ADDR PORT COUNT MS", 4, 4, connect_many },
	{ "connect", "ADDR PORT COUNT MS", 4, 4, connect_tcp },
	{ "serve", "ADDR PORT", 2, 2, serve },
	{ "chat", "ADDR PORT COUNT", 3, 3, chat },
	{ "flood", "ADDR PORT BYTES", 3, 3, flood },
	{ "listen", "ADDR PORT BACKLOG DEFER MS", 5, 5, listen_only },
	{ "raw", "SRC DST PORT COUNT TTL GOOD", 6, 6, raw },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (argc > 1 && !strcmp(argv[1], commands[i].name) && argc - 2 >= commands[i].min &&
		    argc - 2 <= commands[i].max)
			return commands[i].run(argv + 2, argc - 2);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(stderr, "gen %s %s\n", commands[i].name, commands[i].args);
	return 2;
}
