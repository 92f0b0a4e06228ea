// SPDX-License-Identifier: GPL-2.0-only
/* UDP, raw and ping sockets that take no more: whose they are, what is full, and whether anybody reads. */
#include "lib/common.bpf.h"

#define ENOMEM	12
#define ENOBUFS 105

/* The first packet of a full queue, and since when it is known to be the first. */
struct front {
	__u64 skb;
	__u64 since_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 512);
	__type(key, __u64); /* address of the socket */
	__type(value, struct front);
} fronts SEC(".maps");

/* As long as losses find the same packet waiting first, nobody has read. */
static __always_inline __u64 stalled_ns(struct sock *sk, __u64 skb)
{
	struct front now = { .skb = skb, .since_ns = bpf_ktime_get_ns() };
	__u64 key = (__u64)sk;
	struct front *f = bpf_map_lookup_elem(&fronts, &key);

	if (f && f->skb == skb)
		return now.since_ns - f->since_ns;
	bpf_map_update_elem(&fronts, &key, &now, BPF_ANY);
	return 0;
}

/* UDP readers take the whole queue at once and work through it (udp_sock.reader_queue). */
static __always_inline void see_queue(struct detail_datagrams *d, struct sock *sk, bool is_udp)
{
	struct udp_sock *up = (void *)sk;
	void *first = READ(sk, sk_receive_queue.next);

	d->queue_length = READ(sk, sk_receive_queue.qlen);
	if (is_udp && READ(up, reader_queue.qlen)) {
		d->queue_length += READ(up, reader_queue.qlen);
		first = READ(up, reader_queue.next);
	}
	d->stalled_ms = d->queue_length ? stalled_ns(sk, (__u64)first) / 1000000 : 0;
	d->own_buffer = !!(sock_locks(sk) & SOCK_RCVBUF_LOCK);
}

static __always_inline int receive_full(bool direct, struct sock *sk, struct sk_buff *skb,
					bool is_udp)
{
	union detail detail = {};
	__u16 family = READ(sk, __sk_common.skc_family);

	if (family != AF_INET && family != AF_INET6)
		return 0;
	see_queue(&detail.datagrams, sk, is_udp);
	note_leave(direct, skb, sk, NOTE(NOTE_RECEIVE_FULL, 0), DETAIL_DATAGRAMS, &detail);
	return 0;
}

/* __udp_enqueue_schedule_skb() says ENOMEM for a full buffer, and ENOBUFS where no memory was granted. */
static __always_inline int udp_refused(int rc, struct sock *sk, struct sk_buff *skb)
{
	if (rc == -ENOMEM)
		return receive_full(true, sk, skb, true);
	if (rc == -ENOBUFS)
		note_leave(true, skb, sk, NOTE(NOTE_UDP_MEMORY, 0), DETAIL_NONE, NULL);
	return 0;
}

/* (int rc, struct sock *sk, struct sk_buff *skb), before the packet is freed. */
SEC("?tp_btf/udp_fail_queue_rcv_skb")
int udp_receive__tp_btf(__u64 *ctx)
{
	return udp_refused(ctx[0], (void *)ctx[1], (void *)ctx[2]);
}

/* Before 6.12 that tracepoint has no packet, comes after the free, and only for IPv4. */
SEC("?fexit/__udp_enqueue_schedule_skb")
int udp_enqueue__fexit(__u64 *ctx)
{
	return udp_refused(ctx[2], (void *)ctx[0], (void *)ctx[1]);
}

/* (struct sock *sk, struct sk_buff *skb), from __sock_queue_rcv_skb(): raw and ping sockets. */
SEC("?tp_btf/sock_rcvqueue_full")
int raw_receive__tp_btf(__u64 *ctx)
{
	return receive_full(true, (void *)ctx[0], (void *)ctx[1], false);
}
