/* SPDX-License-Identifier: GPL-2.0-only */
/* Datagrams by the clock: what each of them costs to send, and so many of them per second. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gen.h"

#define SIZE 100 /* bytes of a datagram */

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static int open_to(const struct end *to)
{
	int s = socket(to->sa.ss_family, SOCK_DGRAM, 0);

	if (s < 0 || connect(s, (const void *)&to->sa, to->size))
		die("connect");
	return s;
}

/* One datagram exactly: an ICMP answer to an earlier one makes the first call fail before it sends. */
static void send_one(int s)
{
	static const char data[SIZE];

	if (send(s, data, SIZE, 0) < 0 && errno == ECONNREFUSED)
		(void)send(s, data, SIZE, 0);
}

static int by_value(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/*
 * timed ADDR PORT BATCH COUNT: the median, over COUNT batches of BATCH datagrams, of ns per datagram.
 * Nothing else that can wait runs during a batch, a reader of what the batch produces runs between two.
 */
static int timed(char **a, int n)
{
	const struct sched_param first = { .sched_priority = 10 };
	struct end to = parse(a[0], a[1]);
	int batch = bounded(a[2]), count = bounded(a[3]), s = open_to(&to);
	double *ns = calloc(count + 1, sizeof(*ns));

	(void)n;
	if (!ns || batch < 1 || count < 1 || (long)batch * count > LIMIT)
		die("timed: bounds");
	if (sched_setscheduler(0, SCHED_FIFO, &first))
		die("timed: SCHED_FIFO");
	for (int i = 0; i <= count; i++) {
		uint64_t start = now_ns();

		for (int j = 0; j < batch; j++)
			send_one(s);
		ns[i] = (double)(now_ns() - start) / batch;
		sleep_ms(5);
	}
	/* the first batch found everything cold */
	qsort(ns + 1, count, sizeof(*ns), by_value);
	printf("%.1f\n", ns[1 + count / 2]);
	free(ns);
	return 0;
}
GEN_COMMAND(timed, "timed", "ADDR PORT BATCH COUNT", 4, 4);

/* storm ADDR PORT RATE MS: RATE datagrams a second for MS; prints how many there were and how long it took */
static int storm(char **a, int n)
{
	const struct timespec pause = { .tv_nsec = 100000 };
	struct end to = parse(a[0], a[1]);
	uint64_t rate = bounded(a[2]), ms = bounded(a[3]), sent = 0, want = rate * ms / 1000;
	uint64_t start, now;
	int s = open_to(&to);

	(void)n;
	if (want > 2 * LIMIT)
		die("storm: bounds");
	for (start = now = now_ns(); sent < want; now = now_ns()) {
		uint64_t due = (now - start) * rate / 1000000000;

		for (; sent < due && sent < want; sent++)
			send_one(s);
		if (sent < want)
			nanosleep(&pause, NULL);
		if (now - start > 4 * ms * 1000000)
			break; /* this machine cannot */
	}
	printf("sent %llu ms %llu\n", (unsigned long long)sent,
	       (unsigned long long)(now - start) / 1000000);
	return 0;
}
GEN_COMMAND(storm, "storm", "ADDR PORT RATE MS", 4, 4);

#define BLAST_MAX                                                                                  \
	20000000 /* datagrams of one process: an unconnected socket has no errors to wait for */

static uint64_t blast_from(const struct end *to, uint64_t ms)
{
	static const char data[SIZE];
	uint64_t sent = 0, end = now_ns() + ms * 1000000;
	int s = socket(to->sa.ss_family, SOCK_DGRAM, 0);

	if (s < 0)
		die("socket");
	for (int i = 0; i < BLAST_MAX && (i % 64 || now_ns() < end); i++)
		sent += sendto(s, data, SIZE, 0, (const void *)&to->sa, to->size) == SIZE;
	return sent;
}

/* blast ADDR PORT MS CPUS: datagrams for MS, as many as one process on each of CPUS can send */
static int blast(char **a, int n)
{
	struct end to = parse(a[0], a[1]);
	int ms = bounded(a[2]), cpus = bounded(a[3]);

	(void)n;
	for (int cpu = 0; cpu < cpus; cpu++) {
		if (fork())
			continue;
		pin(cpu);
		printf("sent %llu\n", (unsigned long long)blast_from(&to, ms));
		exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
GEN_COMMAND(blast, "blast", "ADDR PORT MS CPUS", 4, 4);
