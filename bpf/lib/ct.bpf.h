/* SPDX-License-Identifier: GPL-2.0-only */
/* How conntrack's connections and its table are read. */
#ifndef CT_BPF_H
#define CT_BPF_H

#define IPS_CONFIRMED	    (1 << 3)
#define IPS_SRC_NAT_DONE    (1 << 7)
#define IPS_DYING	    (1 << 9)
#define IP_CT_DIR_REPLY_BIT 1

#define SECOND_NS 1000000000ULL /* a refused connection's packet is freed long before */

static __always_inline void see_tuple(struct ct_tuple *out, struct nf_conntrack_tuple *t)
{
	BPF_CORE_READ_INTO(&out->src, t, src.u3);
	BPF_CORE_READ_INTO(&out->dst, t, dst.u3);
	out->sport = READ(t, src.u.all);
	out->dport = READ(t, dst.u.all);
}

static __always_inline void see_tuples(struct ct_tuple out[2], struct nf_conn *ct)
{
	see_tuple(&out[0], &ct->tuplehash[0].tuple);
	see_tuple(&out[1], &ct->tuplehash[1].tuple);
}

/* 4 or 6, 0 for what is no connection. */
static __always_inline __u8 ct_family(struct nf_conn *ct)
{
	__u16 l3num = READ(ct, tuplehash[0].tuple.src.l3num);

	return l3num == AF_INET ? 4 : l3num == AF_INET6 ? 6 : 0;
}

static __always_inline void see_table(struct detail_ct *d, struct net *net)
{
	d->count = ct_count(net);
	d->max = kf.ct_max ? read_u32(kf.ct_max) : 0;
	d->buckets = kf.ct_buckets ? read_u32(kf.ct_buckets) : 0;
}

static __always_inline bool has_ports(__u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_SCTP;
}

/* A notice about a connection, without a packet: whatever runs has nothing to do with it. */
static __always_inline void report_conn(void *ctx, bool direct, struct nf_conn *ct, struct net *net,
					__u32 note, enum detail_kind detail_kind,
					const union detail *detail)
{
	struct cpu_state *cpu = this_cpu_state();
	struct loss_key *key;
	struct seen s = {};
	struct ct_tuple t;

	if (!cpu)
		return;
	count(cpu, CNT_SEEN);
	s.desk = desk_lend(cpu);
	key = desk_clear(s.desk, EV_NOTICE, note);
	desk_bring(s.desk, detail_kind, detail);
	key->netns = READ(net, ns.inum);
	key->netns_cookie = netns_cookie(false, net);
	s.desk->flow.family = ct_family(ct);
	see_tuple(&t, &ct->tuplehash[0].tuple);
	see_flow(&s, key, READ(ct, tuplehash[0].tuple.dst.protonum), t.src, t.dst, t.sport,
		 t.dport);
	report(ctx, direct, false, cpu, &s, key);
	desk_return(cpu);
}

/*
 * If conntrack refused this packet's connection, leave that as its note: it outdoes what others have left. The
 * packet is lost at once, and belongs to no connection. In nf_free.bpf.c.
 */
int refusal_take(__u64 skb);

#endif
