/* SPDX-License-Identifier: GPL-2.0-only */
/* How test packets are put together, and the six drops every sink is shown. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "decode/decode.h"

void build_raw(struct bytes *b, const void *data, size_t size)
{
	memcpy(b->data + b->size, data, size);
	b->size += size;
}

void build_eth(struct bytes *b, uint16_t ethertype)
{
	uint8_t h[14] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, ethertype >> 8, ethertype & 255 };

	build_raw(b, h, sizeof(h));
}

void build_vlan(struct bytes *b, uint16_t ethertype)
{
	uint8_t h[4] = { 0, 7, ethertype >> 8, ethertype & 255 };

	build_raw(b, h, sizeof(h));
}

void build_ipv4(struct bytes *b, uint8_t proto, const char *src, const char *dst)
{
	uint8_t h[20] = { 0x45, 0, 0, 100, 0, 1, 0x40, 0, 64, proto };

	inet_pton(AF_INET, src, h + 12);
	inet_pton(AF_INET, dst, h + 16);
	build_raw(b, h, sizeof(h));
}

void build_ipv6(struct bytes *b, uint8_t next, const char *src, const char *dst)
{
	uint8_t h[40] = { 0x60, 0, 0, 0, 0, 100, next, 64 };

	inet_pton(AF_INET6, src, h + 8);
	inet_pton(AF_INET6, dst, h + 24);
	build_raw(b, h, sizeof(h));
}

void build_udp(struct bytes *b, uint16_t sport, uint16_t dport)
{
	uint8_t h[8] = { sport >> 8, sport & 255, dport >> 8, dport & 255, 0, 80 };

	build_raw(b, h, sizeof(h));
}

void build_tcp(struct bytes *b, uint16_t sport, uint16_t dport, uint8_t flags)
{
	uint8_t h[20] = { sport >> 8, sport & 255, dport >> 8, dport & 255, 0, 0,    0,
			  1,	      0,	   0,	       0,	    2, 0x50, flags };

	build_raw(b, h, sizeof(h));
}

struct event build_event(const struct bytes *packet, uint16_t ethertype)
{
	struct event ev = {
		.size = sizeof(ev),
		.version = EVENT_VERSION,
		.cpu = 1,
		.time_ns = 5000000000,
		.key = { .kind = EV_SKB_DROP, .l3 = ethertype, .netns = 4026532000, .ifindex = 3 },
		.length = 100,
		.segs = 1,
		.dev = "eth0",
		.dev_mtu = 1500,
		.l4_offset = 0xffff,
	};

	ev.snap_size = packet->size < EVENT_SNAP ? packet->size : EVENT_SNAP;
	memcpy(ev.snap, packet->data, ev.snap_size);
	return ev;
}

const struct host *build_host(void)
{
	static const struct host host = {
		.netns = 4026531840,
		.rmem_default = 212992,
		.rmem_max = 425984,
		.somaxconn = 4096,
		.netdev_max_backlog = 1000,
	};

	return &host;
}

/* Causes of the tests' own, so that golden files do not change with a word of the catalogue. */
static const struct cause golden_causes[] = {
	{ .name = "no-listener",
	  .severity = SEV_LOSS,
	  .summary = "nobody listens",
	  .remedy = "Listen." },
	{ .name = "buffer-full",
	  .severity = SEV_LOSS,
	  .evidence = { "receive_queue_bytes", "receive_buffer_bytes", "rmem_max", "qdisc" },
	  .summary = "the buffer is full",
	  .remedy = "Read \"faster\"." },
	{ .name = "mtu-mismatch",
	  .severity = SEV_LOSS,
	  .evidence = { "length", "device_mtu", "peer_mtu" },
	  .summary = "too long",
	  .remedy = "Make equal." },
	{ .name = "closed", .severity = SEV_NORMAL, .summary = "closed", .remedy = "None." },
	{ .name = "unknown", .severity = SEV_LOSS, .summary = "not known", .remedy = "Ask." },
};

struct golden {
	struct verdict verdict;
	struct drop drop;
	struct event ev; /* last: its stack may follow */
};

static void finish(struct golden *g, int i, const struct cause *cause)
{
	struct verdict *v = &g->verdict;

	g->ev.time_ns += i * 1000;
	v->key = g->ev.key;
	v->id = i;
	v->cause = cause;
	v->loss.key = &v->key;
	v->loss.where = v->loss.symbol = v->loss.module = "";
	decode(&g->drop, &g->ev, sizeof(g->ev));
	g->drop.verdict = v;
	g->drop.time_real_ns = 1700000000123456789 + (uint64_t)i * 1000;
}

/* UDP over IPv4 to a pod; TCP over IPv6 of a unit; a tunnel; no IP; ICMP of the host; odd names. */
static void make(struct golden *g)
{
	struct bytes b[6] = { 0 };
	uint8_t vxlan[8] = { 8, 0, 0, 0, 0, 0, 42, 0 }, echo[8] = { 8, 0 };

	build_ipv4(&b[0], IPPROTO_UDP, "10.1.0.2", "10.2.0.2");
	build_udp(&b[0], 40000, 53);
	g[0].ev = build_event(&b[0], 0x0800);
	g[0].verdict.loss.reason = "NO_SOCKET";
	g[0].verdict.loss.reason_full = "SKB_DROP_REASON_NO_SOCKET";
	finish(&g[0], 0, &golden_causes[0]);
	g[0].verdict.victim = (struct owner){ .ns = "shop",
					      .pod = "db-0",
					      .uid = "u-1",
					      .container = "app",
					      .container_id = "c-1",
					      .how = HOW_SK_CGROUP };
	g[0].drop.peer = (struct owner){ .ns = "shop", .pod = "web-0", .how = HOW_IP_SRC };

	build_ipv6(&b[1], IPPROTO_TCP, "fd00::1", "2001:db8::2");
	build_tcp(&b[1], 443, 50000, 0x12);
	g[1].ev = build_event(&b[1], 0x86dd);
	g[1].ev.sk_rmem = 213504;
	g[1].ev.sk_rcvbuf = 212992;
	memcpy(g[1].ev.qdisc, "fq_codel", 8);
	finish(&g[1], 1, &golden_causes[1]);
	g[1].verdict.victim =
		(struct owner){ .unit = "system.slice/kubelet.service", .how = HOW_SK_CGROUP };

	build_ipv4(&b[2], IPPROTO_UDP, "192.0.2.1", "192.0.2.2");
	build_udp(&b[2], 50001, 4789);
	build_raw(&b[2], vxlan, sizeof(vxlan));
	build_eth(&b[2], 0x0800);
	build_ipv4(&b[2], IPPROTO_TCP, "10.1.0.2", "10.2.0.2");
	build_tcp(&b[2], 1234, 80, 0x02);
	g[2].ev = build_event(&b[2], 0x0800);
	g[2].ev.length = 1550;
	g[2].ev.peer_mtu = 1400;
	finish(&g[2], 2, &golden_causes[2]);
	g[2].verdict.victim = (struct owner){ .netns = 4026532000, .netns_name = "blue" };

	g[3].ev = build_event(&b[3], 0x88cc);
	g[3].ev.l3_offset = 0xffff;
	finish(&g[3], 3, &golden_causes[3]);
	g[3].verdict.victim = (struct owner){ .how = HOW_HOST };

	build_ipv4(&b[4], IPPROTO_ICMP, "10.0.0.1", "10.0.0.2");
	build_raw(&b[4], echo, sizeof(echo));
	g[4].ev = build_event(&b[4], 0x0800);
	g[4].ev.segs = 3;
	finish(&g[4], 4, &golden_causes[4]);
	g[4].verdict.loss.where = "some_function";
	g[4].verdict.loss.symbol = "some_function.isra.0";
	g[4].verdict.loss.module = "some_module";
	g[4].verdict.loss.offset = 0x1f;
	g[4].verdict.victim = (struct owner){ .netns = 4026532000 };

	build_ipv4(&b[5], IPPROTO_SCTP, "10.0.0.1", "10.0.0.2");
	build_udp(&b[5], 5, 6);
	g[5].ev = build_event(&b[5], 0x0800);
	memcpy(g[5].ev.dev, "e\"v\\\x01\xff\xc3\xa9", 8);
	finish(&g[5], 5, &golden_causes[0]);
	g[5].verdict.victim = (struct owner){ .ns = "a",
					      .pod = "b",
					      .how = HOW_VETH,
					      .flags = OWNER_TERMINATED | OWNER_AMBIGUOUS,
					      .terminated_ns = 1999000000 };
}

const struct drop *build_golden(size_t i)
{
	static struct golden goldens[6];

	if (!goldens[0].drop.ev) {
		make(goldens);
		for (size_t j = 0; j < 6; j++) { /* they were built in place: point to themselves */
			goldens[j].verdict.loss.key = &goldens[j].verdict.key;
			goldens[j].drop.ev = &goldens[j].ev;
		}
	}
	return i < 6 ? &goldens[i].drop : NULL;
}
