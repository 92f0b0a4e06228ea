/* SPDX-License-Identifier: GPL-2.0-only */
/* A full receive buffer of a UDP, raw or ping socket: what waits there, and whether anybody reads. */
#ifndef DATAGRAMS_BPF_H
#define DATAGRAMS_BPF_H

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
static __always_inline void see_datagrams(bool direct, struct detail_datagrams *d, struct sock *sk,
					  bool is_udp)
{
	__u64 first = (__u64)LOAD(direct, sk, sk_receive_queue.next);
	struct udp_sock *up = (void *)sk;
	__u32 length = 0;

	if (is_udp)
		length = BPF_CORE_READ(up, reader_queue.qlen);
	if (length)
		first = (__u64)BPF_CORE_READ(up, reader_queue.next);
	d->queue_length = length + LOAD(direct, sk, sk_receive_queue.qlen);
	d->stalled_ms = d->queue_length ? stalled_ns(sk, first) / 1000000 : 0;
	d->own_buffer = !!(sock_locks(sk) & SOCK_RCVBUF_LOCK);
}

#endif
