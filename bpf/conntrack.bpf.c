// SPDX-License-Identifier: GPL-2.0-only
/* Connections that cannot be entered into conntrack's table when their first packet has passed. */
#include "lib/common.bpf.h"

/*
 * The two connections, read before the clash is resolved: a loser that is merged into the winner may
 * be freed by then. __nf_conntrack_confirm() has softirqs off meanwhile, so this CPU's copy is safe.
 */
struct clash {
	__u64 skb;
	__u64 loser;
	__u64 found; /* the winner's entry in the hash table */
	union detail detail;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct clash);
} clashes SEC(".maps");

static __always_inline struct clash *this_clash(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&clashes, &zero);
}

/* nf_ct_tuplehash_to_ctrack() */
static __always_inline struct nf_conn *conn_of(__u64 h, __u8 dir)
{
	return (void *)h - dir * bpf_core_type_size(struct nf_conntrack_tuple_hash) -
	       bpf_core_field_offset(struct nf_conn, tuplehash);
}

static __always_inline int clash_begin(bool direct, struct sk_buff *skb,
				       struct nf_conntrack_tuple_hash *h)
{
	struct nf_conn *loser = skb_ct(direct, skb), *winner;
	struct clash *c = this_clash();
	struct detail_clash *d;

	if (!c || !loser)
		return 0;
	d = &c->detail.clash;
	d->winner_dir = READ(h, tuple.dst.dir) & IP_CT_DIR_REPLY_BIT;
	/* out of a map it is a number, of which the verifier lets us subtract */
	*(volatile __u64 *)&c->found = (__u64)h;
	winner = conn_of(*(volatile __u64 *)&c->found, d->winner_dir);
	see_tuples(d->loser, loser);
	see_tuples(d->winner, winner);
	d->loser_status = READ(loser, status);
	d->winner_status = READ(winner, status);
	d->loser_zone = ct_zone(loser);
	d->winner_zone = ct_zone(winner);
	d->family = ct_family(loser);
	d->proto = READ(loser, tuplehash[0].tuple.dst.protonum);
	c->loser = (__u64)loser;
	c->skb = (__u64)skb;
	return 0;
}

/*
 * Source NAT that finds no free port keeps the last it tried and says nothing
 * (nf_nat_l4proto_unique_tuple): the clash of the reply direction is how it shows. What NAT found is
 * this connection's if source NAT was set up for it.
 */
static __always_inline bool is_nat_full(const struct clash *c, struct nat_setup **out)
{
	const struct detail_clash *d = &c->detail.clash;
	__u64 key = c->loser;

	if (!d->winner_dir || !(d->loser_status & IPS_SRC_NAT_DONE))
		return false;
	*out = bpf_map_lookup_elem(&nat_setups, &key);
	return *out && (*out)->is_full;
}

static __always_inline void see_nat(union detail *detail, const struct nat_setup *setup)
{
	const struct detail_clash *clash = &detail->clash;
	struct detail_nat *d = &detail->nat;
	__u32 status = clash->loser_status;
	__u16 zone = clash->loser_zone;
	__u8 family = clash->family, proto = clash->proto;

	/* loser and the winner's original direction are at the same place in both */
	_Static_assert(__builtin_offsetof(struct detail_nat, winner) ==
			       __builtin_offsetof(struct detail_clash, winner),
		       "see_nat() relies on it");
	__builtin_memcpy(d->min_addr, setup->min_addr, 16);
	__builtin_memcpy(d->max_addr, setup->max_addr, 16);
	d->min_port = setup->min_port;
	d->max_port = setup->max_port;
	d->flags = setup->flags;
	d->tries = setup->tries;
	d->status = status;
	d->zone = zone;
	d->family = family;
	d->proto = proto;
}

static __always_inline int clash_end(void *ctx, bool direct, struct sk_buff *skb, int verdict)
{
	struct nat_setup *setup = NULL;
	struct clash *c = this_clash();

	if (!c || c->skb != (__u64)skb)
		return 0;
	c->skb = 0;
	if (verdict) {
		report_packet(ctx, direct, EV_NOTICE, skb, NULL, NOTE(NOTE_CT_RESOLVED, 0),
			      DETAIL_CLASH, &c->detail);
	} else if (is_nat_full(c, &setup)) {
		see_nat(&c->detail, setup);
		note_leave(direct, skb, NULL, NOTE(NOTE_NAT_FULL, 0), DETAIL_NAT, &c->detail);
	} else {
		note_leave(direct, skb, NULL,
			   NOTE(NOTE_CT_INSERT, c->detail.clash.winner_dir ? CT_INSERT_CLASH_REPLY
									   : CT_INSERT_CLASH),
			   DETAIL_CLASH, &c->detail);
	}
	return 0;
}

/* int nf_ct_resolve_clash(skb, h, reply_hash) */
SEC("?fentry/nf_ct_resolve_clash")
int ct_clash__fentry(__u64 *ctx)
{
	return clash_begin(true, (void *)ctx[0], (void *)ctx[1]);
}

SEC("?fexit/nf_ct_resolve_clash")
int ct_clash__fexit(__u64 *ctx)
{
	return clash_end(ctx, true, (void *)ctx[0], ctx[3]);
}

SEC("?kprobe/nf_ct_resolve_clash")
int ct_clash__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return clash_begin(false, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx));
}

SEC("?kretprobe/nf_ct_resolve_clash")
int ct_clash__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return clash_end(ctx, false, (void *)f.args[0], PT_REGS_RC(ctx));
}

/* The counter tells a chain that is too long, which leaves no other trace. */
struct confirm {
	__u64 skb;
	__u32 too_long;
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct confirm);
} confirms SEC(".maps");

static __always_inline struct confirm *this_confirm(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&confirms, &zero);
}

static __always_inline int confirm_begin(bool direct, struct sk_buff *skb)
{
	struct nf_conn *ct = skb_ct(direct, skb);
	struct confirm *c = this_confirm();

	if (!c || !ct)
		return 0;
	c->too_long = ct_chains_too_long(READ(ct, ct_net.net));
	c->skb = (__u64)skb;
	return 0;
}

static __always_inline __u32 why_not_entered(struct net *net, __u32 status, struct sk_buff *skb)
{
	struct confirm *c = this_confirm();

	if (status & IPS_DYING)
		return NOTE(NOTE_CT_INSERT, CT_INSERT_DYING);
	if (status & IPS_CONFIRMED)
		return NOTE(NOTE_CT_INSERT, CT_INSERT_TWICE);
	if (c && c->skb == (__u64)skb && ct_chains_too_long(net) != c->too_long)
		return NOTE(NOTE_CT_CHAIN, 0);
	return NOTE(NOTE_CT_INSERT, CT_INSERT_OTHER);
}

static __always_inline int confirm_end(bool direct, struct sk_buff *skb, int verdict)
{
	struct nf_conn *ct = skb_ct(direct, skb);
	union detail detail = {};
	struct net *net;
	__u32 left;

	if (verdict || !ct)
		return 0;
	left = NOTE_KIND(note_left(direct, skb));
	if (left == NOTE_CT_INSERT || left == NOTE_NAT_FULL)
		return 0;
	net = READ(ct, ct_net.net);
	see_table(&detail.ct, net);
	detail.ct.status = READ(ct, status);
	note_leave(direct, skb, NULL, why_not_entered(net, detail.ct.status, skb), DETAIL_CT,
		   &detail);
	return 0;
}

/* int __nf_conntrack_confirm(skb) */
SEC("?fentry/__nf_conntrack_confirm")
int ct_confirm__fentry(__u64 *ctx)
{
	return confirm_begin(true, (void *)ctx[0]);
}

SEC("?fexit/__nf_conntrack_confirm")
int ct_confirm__fexit(__u64 *ctx)
{
	return confirm_end(true, (void *)ctx[0], ctx[1]);
}

SEC("?kprobe/__nf_conntrack_confirm")
int ct_confirm__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return confirm_begin(false, (void *)PT_REGS_PARM1(ctx));
}

SEC("?kretprobe/__nf_conntrack_confirm")
int ct_confirm__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return confirm_end(false, (void *)f.args[0], PT_REGS_RC(ctx));
}
