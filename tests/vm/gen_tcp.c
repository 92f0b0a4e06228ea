/* SPDX-License-Identifier: GPL-2.0-only */
/* TCP segments and SYNs written by hand, and receivers that have no room for them. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <linux/userfaultfd.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gen.h"

#define DATA_MAX 1400

struct segment {
	struct end from, to;
	uint32_t seq, ack;
	uint8_t flags;
	size_t size; /* of the data */
};

static uint32_t sum(const void *data, size_t size, uint32_t start)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < size; i++)
		start += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	while (start >> 16)
		start = (start & 0xffff) + (start >> 16);
	return start;
}

static uint16_t port_of(const struct end *e)
{
	return e->sa.ss_family == AF_INET ? ((struct sockaddr_in *)&e->sa)->sin_port
					  : ((struct sockaddr_in6 *)&e->sa)->sin6_port;
}

static size_t ip_header(uint8_t *p, const struct segment *s, size_t l4)
{
	const struct sockaddr_in *from4 = (void *)&s->from.sa, *to4 = (void *)&s->to.sa;
	const struct sockaddr_in6 *from6 = (void *)&s->from.sa, *to6 = (void *)&s->to.sa;

	if (s->to.sa.ss_family == AF_INET) {
		struct iphdr ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP };

		ip.tot_len = htons(20 + l4);
		ip.saddr = from4->sin_addr.s_addr;
		ip.daddr = to4->sin_addr.s_addr;
		memcpy(p, &ip, 20);
		return 20;
	}
	struct ip6_hdr ip = { .ip6_src = from6->sin6_addr, .ip6_dst = to6->sin6_addr };

	ip.ip6_flow = htonl(6U << 28);
	ip.ip6_plen = htons(l4);
	ip.ip6_nxt = IPPROTO_TCP;
	ip.ip6_hlim = 64;
	memcpy(p, &ip, 40);
	return 40;
}

static void send_segment(int raw, const struct segment *s)
{
	uint8_t p[64 + DATA_MAX] = { 0 };
	size_t l4 = 20 + s->size, ip = ip_header(p, s, l4);
	struct tcphdr tcp = { .source = port_of(&s->from), .dest = port_of(&s->to), .doff = 5 };
	struct sockaddr_storage to = s->to.sa;
	size_t addrs = ip == 20 ? 8 : 32;

	tcp.seq = htonl(s->seq);
	tcp.ack_seq = htonl(s->ack);
	tcp.window = htons(60000);
	tcp.th_flags = s->flags;
	memcpy(p + ip, &tcp, 20);
	memset(p + ip + 20, 'x', s->size);
	tcp.check = htons(~sum(p + ip, l4, sum(p + ip - addrs, addrs, IPPROTO_TCP + l4)));
	memcpy(p + ip, &tcp, 20);
	if (ip == 40)
		((struct sockaddr_in6 *)&to)->sin6_port = 0;
	if (sendto(raw, p, ip + l4, 0, (void *)&to, s->to.size) < 0)
		die("send a segment");
}

static int raw_socket(int family)
{
	int s = socket(family, SOCK_RAW, IPPROTO_RAW);

	if (s < 0)
		die("raw socket");
	return s;
}

/* Where a connection stands: what it would send next, and what it expects. */
static void position(int s, struct segment *at)
{
	int on = 1, off = 0, queue, unsent = 0;
	socklen_t size = sizeof(uint32_t);

	if (setsockopt(s, IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on)))
		die("TCP_REPAIR");
	queue = TCP_SEND_QUEUE;
	setsockopt(s, IPPROTO_TCP, TCP_REPAIR_QUEUE, &queue, sizeof(queue));
	if (getsockopt(s, IPPROTO_TCP, TCP_QUEUE_SEQ, &at->seq, &size))
		die("TCP_QUEUE_SEQ");
	queue = TCP_RECV_QUEUE;
	setsockopt(s, IPPROTO_TCP, TCP_REPAIR_QUEUE, &queue, sizeof(queue));
	size = sizeof(uint32_t);
	getsockopt(s, IPPROTO_TCP, TCP_QUEUE_SEQ, &at->ack, &size);
	queue = TCP_NO_QUEUE;
	setsockopt(s, IPPROTO_TCP, TCP_REPAIR_QUEUE, &queue, sizeof(queue));
	off = -1; /* without a window probe */
	if (setsockopt(s, IPPROTO_TCP, TCP_REPAIR, &off, sizeof(off))) {
		off = 0;
		setsockopt(s, IPPROTO_TCP, TCP_REPAIR, &off, sizeof(off));
	}
	ioctl(s, SIOCOUTQNSD, &unsent);
	at->seq -= unsent;
}

/*
 * inject ADDR PORT BYTES FIRST STEP SIZE COUNT MS: one connection that sends BYTES, as far as the window
 * allows, waits MS, and injects COUNT segments of SIZE bytes, the first FIRST bytes beyond what was
 * sent, each next STEP bytes further (or back).
 */
static int inject(char **a, int n)
{
	struct segment at = { .to = parse(a[0], a[1]), .flags = TH_ACK | TH_PUSH };
	int s = socket(at.to.sa.ss_family, SOCK_STREAM, 0), one = 1, raw, sent = 0;
	int bytes = bounded(a[2]), first = bounded(a[3]), step = atoi(a[4]), count = bounded(a[6]);
	const struct linger reset = { 1, 0 };
	char *data = calloc(1, bytes + 1);
	uint32_t start;

	(void)n;
	at.size = bounded(a[5]);
	if (at.size > DATA_MAX || connect(s, (void *)&at.to.sa, at.to.size))
		die("inject");
	setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(s, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	if (bytes)
		sent = send(s, data, bytes, MSG_DONTWAIT);
	sleep_ms(bounded(a[7]));
	at.from.size = sizeof(at.from.sa);
	getsockname(s, (void *)&at.from.sa, &at.from.size);
	position(s, &at);
	start = at.seq;
	raw = raw_socket(at.to.sa.ss_family);
	for (int i = 0; i < count; i++) {
		at.seq = start + first + i * step;
		send_segment(raw, &at);
	}
	printf("sent %d injected %d\n", sent, count);
	fflush(stdout);
	sleep_ms(300);
	return 0;
}

GEN_COMMAND(inject, "inject", "ADDR PORT BYTES FIRST STEP SIZE COUNT MS", 8, 8);

/* Memory that whoever touches it waits for, until it is released. */
static void *trap(int *fd)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	reg.range.start = (unsigned long)page;
	reg.range.len = 4096;
	if (page == MAP_FAILED || *fd < 0 || ioctl(*fd, UFFDIO_API, &api) ||
	    ioctl(*fd, UFFDIO_REGISTER, &reg))
		die("userfaultfd");
	return page;
}

struct reader {
	int s;
	void *page;
};

static void *read_one(void *arg)
{
	struct reader *r = arg;

	return read(r->s, r->page, 1) == 1 ? r : NULL;
}

/* While read() waits for the page it copies to, it holds the socket. */
static void hold(int s, int ms)
{
	struct uffdio_zeropage zero = { 0 };
	struct reader r = { .s = s };
	pthread_t thread;
	int fd;

	r.page = trap(&fd);
	zero.range.start = (unsigned long)r.page;
	zero.range.len = 4096;
	if (pthread_create(&thread, NULL, read_one, &r))
		die("thread");
	sleep_ms(ms);
	if (ioctl(fd, UFFDIO_ZEROPAGE, &zero))
		die("UFFDIO_ZEROPAGE");
	pthread_join(thread, NULL);
}

static void drain(int s)
{
	static char data[65536];

	while (read(s, data, sizeof(data)) > 0)
		;
}

/*
 * receive ADDR PORT RCVBUF ACTION MS: takes one connection at a time. RCVBUF 0 leaves the buffer to
 * autotuning. When data is there: drain reads all, idle nothing, shrink makes the buffer as small as can
 * be once the rest has had time to come, hold holds the socket's lock for MS.
 */
static int receive(char **a, int n)
{
	struct end at = parse(a[0], a[1]);
	int l = socket(at.sa.ss_family, SOCK_STREAM, 0), size = atoi(a[2]), one = 1;
	int ms = bounded(a[4]);

	(void)n;
	setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (size)
		setsockopt(l, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (l < 0 || bind(l, (void *)&at.sa, at.size) || listen(l, 8))
		die("receive");
	puts("bound");
	fflush(stdout);
	for (;;) {
		int s = accept(l, NULL, NULL);
		struct pollfd p = { .fd = s, .events = POLLIN };

		if (s < 0 || poll(&p, 1, 5000) < 0)
			return 1;
		size = 1;
		if (!strcmp(a[3], "shrink")) {
			sleep_ms(100);
			setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
		} else if (!strcmp(a[3], "hold"))
			hold(s, ms);
		else if (!strcmp(a[3], "drain"))
			drain(s);
		p.events = POLLRDHUP;
		poll(&p, 1, ms);
		close(s);
	}
}

GEN_COMMAND(receive, "receive", "ADDR PORT RCVBUF ACTION MS", 5, 5);

/* Address number i behind the one given. */
static struct end address_after(struct end e, uint32_t i)
{
	if (e.sa.ss_family == AF_INET) {
		struct in_addr *v4 = &((struct sockaddr_in *)&e.sa)->sin_addr;

		v4->s_addr = htonl(ntohl(v4->s_addr) + i);
	} else {
		uint32_t *v6 = (void *)&((struct sockaddr_in6 *)&e.sa)->sin6_addr;

		v6[3] = htonl(ntohl(v6[3]) + i);
	}
	return e;
}

/* syn SRC DST PORT COUNT [CPUS]: COUNT SYNs in all, each from an address of its own, SRC the first */
static int syn(char **a, int n)
{
	struct end from = parse(a[0], "4000");
	struct segment at = { .to = parse(a[1], a[2]), .seq = 1000, .flags = TH_SYN };
	int count = bounded(a[3]), cpus = n > 4 ? atoi(a[4]) : 1;

	for (int cpu = 0; cpu < cpus; cpu++) {
		cpu_set_t set;
		int raw;

		if (cpus > 1 && fork())
			continue;
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		if (cpus > 1)
			sched_setaffinity(0, sizeof(set), &set);
		raw = raw_socket(at.to.sa.ss_family);
		for (int i = cpu; i < count; i += cpus) {
			at.from = address_after(from, i);
			send_segment(raw, &at);
		}
		if (cpus > 1)
			exit(0);
	}
	while (wait(NULL) > 0)
		;
	printf("sent %d\n", count);
	return 0;
}

GEN_COMMAND(syn, "syn", "SRC DST PORT COUNT [CPUS]", 4, 5);
