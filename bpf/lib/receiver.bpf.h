/* SPDX-License-Identifier: GPL-2.0-only */
/* What a TCP socket that received tells of its room: window, unread data, who sized the buffer. */
#ifndef RECEIVER_BPF_H
#define RECEIVER_BPF_H

#define SOCK_RCVBUF_LOCK 2 /* include/uapi/linux/socket.h: SO_RCVBUF was set */

/* tcp_receive_window(), include/net/tcp.h: how far beyond what has come the peer may send. */
static __always_inline __u32 receive_window(struct sock *sk)
{
	struct tcp_sock *tp = (void *)sk;
	__s32 window = READ(tp, rcv_wup) + READ(tp, rcv_wnd) - READ(tp, rcv_nxt);

	return window < 0 ? 0 : window;
}

static __always_inline void see_receiver(struct detail_receiver *d, struct sock *sk)
{
	struct tcp_sock *tp = (void *)sk;

	d->window = receive_window(sk);
	d->unread = READ(tp, rcv_nxt) - READ(tp, copied_seq);
	d->buffer_fixed = !!(BPF_CORE_READ_BITFIELD_PROBED(sk, sk_userlocks) & SOCK_RCVBUF_LOCK);
	d->rmem_max = READ(sk, __sk_common.skc_net.net, ipv4.sysctl_tcp_rmem[2]);
}

/* Only struct tcp_sock has these; the small sockets and listeners have no window. */
static __always_inline bool is_tcp_receiver(const struct loss_key *key)
{
	return key->proto == IPPROTO_TCP && key->facts & FACT_SK_RX && key->facts & FACT_SK_FULL &&
	       FACT_STATE(key->facts) != TCP_LISTEN && FACT_STATE(key->facts) != TCP_NEW_SYN_RECV;
}

static __always_inline bool is_memory_refusal(const struct loss_key *key)
{
	return NOTE_KIND(key->note) == NOTE_TCP_MEMORY || NOTE_KIND(key->note) == NOTE_UDP_MEMORY ||
	       (kf.reason_proto_mem && key->reason == kf.reason_proto_mem);
}

/*
 * TCP gives one reason for two things: this socket's buffer is full, or the protocol or the memory
 * cgroup grants no more (tcp_try_rmem_schedule(), net/ipv4/tcp_input.c). Some kernels add the packet
 * to what is queued before they compare. And since 6.17 (9ca48d616ed7) what a closed window refuses is
 * mostly refused earlier, with what is beyond an open one (tcp_sequence()).
 */
static __always_inline void see_room(struct sock *sk, const struct sk_buff *skb,
				     struct loss_key *key)
{
	bool beyond = key->reason && (key->reason == kf.reason_end_sequence ||
				      key->reason == kf.reason_over_window);
	__u32 used;

	if (!(beyond || is_memory_refusal(key)) || !is_tcp_receiver(key))
		return;
	used = READ(sk, sk_backlog.rmem_alloc.counter) + READ(skb, truesize);
	if (beyond && !receive_window(sk))
		add_facts(key, FACT_WINDOW_CLOSED);
	else if (!beyond && used > (__u32)READ(sk, sk_rcvbuf))
		add_facts(key, FACT_RECEIVE_FULL);
}

static __always_inline void fill_receiver(struct event *ev, struct sock *sk,
					  const struct sk_buff *skb)
{
	if (is_memory_refusal(&ev->key) && !(ev->key.facts & FACT_RECEIVE_FULL)) {
		see_memory(&ev->detail.memory, sk, skb);
		ev->detail_kind = DETAIL_MEMORY;
		return;
	}
	if (!is_tcp_receiver(&ev->key))
		return;
	see_receiver(&ev->detail.receiver, sk);
	ev->detail_kind = DETAIL_RECEIVER;
}

#endif
