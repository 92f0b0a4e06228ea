/* SPDX-License-Identifier: GPL-2.0-only */
/* Out-of-order data that TCP throws away: many packets at once, and only the socket is at hand. */
#ifndef PRUNE_BPF_H
#define PRUNE_BPF_H

/* include/net/ipv6.h ipv6_addr_v4mapped() */
static __always_inline bool is_mapped4(const __u32 *addr)
{
	return !addr[0] && !addr[1] && addr[2] == bpf_htonl(0xffff);
}

/* The flow towards this socket, as the headers of a packet. */
static __always_inline void see_flow_to(const struct seen *s, struct loss_key *key, struct sock *sk)
{
	__u16 sport = READ(sk, __sk_common.skc_dport);
	__u16 dport = bpf_htons(READ(sk, __sk_common.skc_num));
	__u32 src[4] = {}, dst[4] = {};

	s->desk->flow.family = 6;
	if (READ(sk, __sk_common.skc_family) == AF_INET6) {
		BPF_CORE_READ_INTO(&src, sk, __sk_common.skc_v6_daddr);
		BPF_CORE_READ_INTO(&dst, sk, __sk_common.skc_v6_rcv_saddr);
	}
	if (READ(sk, __sk_common.skc_family) == AF_INET || is_mapped4(src)) {
		s->desk->flow.family = 4;
		src[0] = READ(sk, __sk_common.skc_daddr);
		dst[0] = READ(sk, __sk_common.skc_rcv_saddr);
	}
	see_flow(s, key, IPPROTO_TCP, src, dst, sport, dport);
}

/* Whether addresses and ports of two flows are the same; both have been seen, IPv4 without options. */
static __always_inline bool is_same_flow(const struct flow *a, const struct flow *b)
{
	if (a->family != b->family)
		return false;
	if (a->family == 4)
		return (a->bytes[0] & 15) == 5 && same_words(a->bytes + 12, b->bytes + 12, 3);
	return same_words(a->bytes + 8, b->bytes + 8, 9);
}

/*
 * Kernels that give the reason but not the socket: the packets this CPU frees for it are of the socket
 * it is pruning, unless an interrupt brought another one in between, so the flow must be the same.
 */
static __always_inline __u64 pruned_socket(struct cpu_state *cpu, const struct seen *s,
					   const struct loss_key *key)
{
	struct seen towards = {};
	struct loss_key none = {};
	struct pruning *p;
	bool same;

	if (kf.kfree_skb_has_rx_sk || !kf.reason_ofo_pruned || key->reason != kf.reason_ofo_pruned)
		return 0;
	p = this_pruning();
	if (!p || !p->sk)
		return 0;
	towards.desk = desk_lend(cpu);
	see_flow_to(&towards, &none, p->sk);
	same = is_same_flow(&s->desk->flow, &towards.desk->flow);
	desk_return(cpu);
	return same ? (__u64)p->sk : 0;
}

/* A socket lost that many packets at once, which are gone already: one record stands for all. */
static __always_inline void report_lost_of(void *ctx, struct sock *sk, __u32 packets, __u32 note)
{
	struct cpu_state *cpu = this_cpu_state();
	struct loss_key *key;
	struct seen s = {};

	if (!cpu)
		return;
	count(cpu, CNT_SEEN);
	s.desk = desk_lend(cpu);
	key = desk_clear(s.desk, EV_HOOK_DROP, note);
	s.desk->packets = packets > 0xffff ? 0xffff : packets;
	see_noted_socket(&s, (__u64)sk, key);
	key->netns = key->sk_netns;
	see_flow_to(&s, key, sk);
	report(ctx, false, false, cpu, &s, key);
	desk_return(cpu);
}

#endif
