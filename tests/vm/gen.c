/* SPDX-License-Identifier: GPL-2.0-only */
/* Bounded traffic for the test cases: what to send, how often, and what came of it. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gen.h"

void die(const char *what)
{
	perror(what);
	exit(1);
}

struct end parse(const char *addr, const char *port)
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

int bounded(const char *text)
{
	int n = atoi(text);

	if (n < 0 || n > LIMIT) {
		fprintf(stderr, "gen: %s is out of bounds\n", text);
		exit(2);
	}
	return n;
}

void sleep_ms(int ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

static void told(int signal)
{
	(void)signal;
}

void sleep_until_told(int ms)
{
	struct sigaction action = { .sa_handler = told };

	sigaction(SIGTERM, &action, NULL);
	sleep_ms(ms);
}

void pin(int cpu)
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

GEN_COMMAND(udp, "udp", "ADDR PORT COUNT SIZE [CPUS]", 4, 5);

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
	sleep_until_told(bounded(a[3]));
	return 0;
}

GEN_COMMAND(sink, "sink", "ADDR PORT RCVBUF MS", 4, 4);

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

GEN_COMMAND(connect_many, "connect-many", "ADDR PORT COUNT MS", 4, 4);

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

GEN_COMMAND(connect_tcp, "connect", "ADDR PORT COUNT MS", 4, 4);

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

GEN_COMMAND(serve, "serve", "ADDR PORT", 2, 2);

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

GEN_COMMAND(chat, "chat", "ADDR PORT COUNT", 3, 3);

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

GEN_COMMAND(flood, "flood", "ADDR PORT BYTES", 3, 3);

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

GEN_COMMAND(listen_only, "listen", "ADDR PORT BACKLOG DEFER MS", 5, 5);

extern const struct gen_command *const __start_gen_commands[], *const __stop_gen_commands[];

int main(int argc, char **argv)
{
	const struct gen_command *const *c;

	for (c = __start_gen_commands; c < __stop_gen_commands; c++)
		if (argc > 1 && !strcmp(argv[1], (*c)->name) && argc - 2 >= (*c)->min &&
		    argc - 2 <= (*c)->max)
			return (*c)->run(argv + 2, argc - 2);
	for (c = __start_gen_commands; c < __stop_gen_commands; c++)
		fprintf(stderr, "gen %s %s\n", (*c)->name, (*c)->args);
	return 2;
}
