/* SPDX-License-Identifier: GPL-2.0-only */
/* What is told of a connection as such, where neither a packet nor a caller is at hand. */
#ifndef NOTICE_BPF_H
#define NOTICE_BPF_H

/* The connection's own end is the source. */
static __always_inline void report_connection(void *ctx, bool direct, struct sock *sk, __u32 note,
					      enum detail_kind detail_kind,
					      const union detail *detail)
{
	struct seen s = { .sk = sk };
	struct cpu_state *cpu = this_cpu_state();
	__u8 addr[2][16] = {};
	struct loss_key *key;
	__be16 sport, dport;

	if (!cpu)
		return;
	count(cpu, CNT_SEEN);
	s.desk = desk_lend(cpu);
	key = desk_clear(s.desk, EV_NOTICE, note);
	desk_bring(s.desk, detail_kind, detail);
	s.desk->sk = (__u64)sk;
	s.desk->sk_from = SK_GIVEN;
	s.desk->flow.family = LOAD(direct, sk, __sk_common.skc_family) == AF_INET6 ? 6 : 4;
	if (s.desk->flow.family == 6) {
		BPF_CORE_READ_INTO(&addr[0], sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&addr[1], sk, __sk_common.skc_v6_daddr);
	} else {
		BPF_CORE_READ_INTO((__u32 *)addr[0], sk, __sk_common.skc_rcv_saddr);
		BPF_CORE_READ_INTO((__u32 *)addr[1], sk, __sk_common.skc_daddr);
	}
	sport = bpf_htons(LOAD(direct, sk, __sk_common.skc_num));
	dport = LOAD(direct, sk, __sk_common.skc_dport);
	add_facts(key, FACT_SK_TX | (LOAD(direct, sk, __sk_common.skc_state) & FACT_STATE_MASK));
	see_owner_of_socket(direct, sk, key);
	key->netns = key->sk_netns;
	see_flow(&s, key, IPPROTO_TCP, addr[0], addr[1], sport, dport);
	report(ctx, direct, false, cpu, &s, key);
	desk_return(cpu);
}

#endif
