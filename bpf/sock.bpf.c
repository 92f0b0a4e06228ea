// SPDX-License-Identifier: GPL-2.0-only
/* Receive buffers that are full, where kfree_skb does not tell the socket (before 6.11): see fill_evidence(). */
#include "lib/common.bpf.h"

#define ENOMEM 12

static __always_inline int receive_full(bool direct, struct sock *sk, struct sk_buff *skb,
					bool is_udp)
{
	union detail detail = {};
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	if (family != AF_INET && family != AF_INET6)
		return 0;
	see_datagrams(direct, &detail.datagrams, sk, is_udp);
	note_leave(direct, skb, sk, NOTE(NOTE_RECEIVE_FULL, 0), DETAIL_DATAGRAMS, &detail);
	return 0;
}

/* The tracepoint udp_fail_queue_rcv_skb has no packet, comes after the free, and only for IPv4. */
SEC("?fexit/__udp_enqueue_schedule_skb")
int udp_enqueue__fexit(__u64 *ctx)
{
	return (int)ctx[2] == -ENOMEM ? receive_full(true, (void *)ctx[0], (void *)ctx[1], true)
				      : 0;
}

/* (struct sock *sk, struct sk_buff *skb), from __sock_queue_rcv_skb(): raw and ping sockets. */
SEC("?tp_btf/sock_rcvqueue_full")
int raw_receive__tp_btf(__u64 *ctx)
{
	return receive_full(true, (void *)ctx[0], (void *)ctx[1], false);
}
