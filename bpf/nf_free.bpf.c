// SPDX-License-Identifier: GPL-2.0-only
/* What is still to be found out of a packet that netfilter frees, where no hook has left a note about it. */
#include "lib/common.bpf.h"

/* An earlier packet's state may still lie in a part of the stack that nobody has written since. */
static __always_inline bool is_family_of(__u8 pf, __u32 protocol)
{
	return pf == NFPROTO_IPV4   ? protocol == ETH_P_IP
	       : pf == NFPROTO_IPV6 ? protocol == ETH_P_IPV6
				    : true;
}

/*
 * Whether the struct nf_hook_state that nf_hook() of include/linux/netfilter.h keeps for a packet of that
 * protocol is at this place of the stack. A global function: the verifier looks at it once, not once per place.
 */
__noinline int is_hook_state(__u64 at, __u32 protocol)
{
	struct nf_hook_state *s = (void *)at;
	struct net *net;

	if (!looks_like_hook(s) || !is_family_of(pf_of(s), protocol))
		return 0;
	net = READ(s, net);
	return is_kernel_pointer(net) && is_kernel_pointer(READ(s, okfn)) &&
	       is_netns_inode(READ(net, ns.inum));
}

#define STACK_WORDS 160 /* from a program to the frame that called nf_hook_slow() */

static __always_inline __u64 find_hook_state(__u64 stack, struct sk_buff *skb)
{
	__u32 protocol = bpf_ntohs(READ(skb, protocol));

	for (int i = 0; i < STACK_WORDS; i++)
		if (is_hook_state(stack + i * sizeof(__u64), protocol))
			return stack + i * sizeof(__u64);
	return 0;
}

static __always_inline void see_hooks(struct detail_nf_hook *d, __u64 state)
{
	struct nf_hook_state *s = (void *)state;
	struct nf_hook_entries *entries;

	d->hook = hook_of(s);
	d->pf = pf_of(s);
	d->netns = READ(s, net, ns.inum);
	entries = hook_entries(READ(s, net), d->pf, d->hook);
	if (!entries)
		return;
	d->count = READ(entries, num_hook_entries);
	for (int i = 0; i < NF_HOOKS && i < d->count; i++)
		d->function[i] = read_u64((__u64)&entries->hooks[i]);
}

#define SCAN_NS                                                                                    \
	1000000 /* a look through the stack costs microseconds: a storm gets one each so often */

static __always_inline bool may_scan(void)
{
	struct nft_runs *runs = this_cpu_runs();
	__u64 now = bpf_ktime_get_ns();

	if (!runs || now - runs->scanned_ns < SCAN_NS)
		return false;
	runs->scanned_ns = now;
	return true;
}

static __always_inline void leave_hook(__u64 stack, struct sk_buff *skb, __u32 known)
{
	struct note *n = note_put(false, skb, NOTE(NOTE_NF_HOOK, known), DETAIL_NF_HOOK);
	__u64 state;

	if (!n)
		return;
	state = may_scan() ? find_hook_state(stack, skb) : 0;
	if (state)
		see_hooks(&n->detail.nf_hook, state);
	note_let_go(n);
}

static __always_inline void leave_run(const struct nft_run *run, struct sk_buff *skb,
				      __u64 location)
{
	struct note *n = note_put(false, skb, NOTE(NOTE_NF_HOOK, 0), DETAIL_NF_RULE);

	if (!n)
		return;
	see_run(&n->detail.nf_rule, run);
	see_invalid(n, skb);
	n->note = judge_run(&n->detail.nf_rule, run->base, location);
	note_let_go(n);
}

/* Addresses and ports from the headers, with no look behind options and extension headers. */
static __always_inline bool flow_seen(struct ct_flow *f, const __u8 *l3)
{
	const __u8 *l4 = l3 + 40;

	if (l3[0] >> 4 == 4) {
		f->family = 4;
		f->proto = l3[9];
		__builtin_memcpy(f->src, l3 + 12, 4);
		__builtin_memcpy(f->dst, l3 + 16, 4);
		l4 = l3 + 20;
	} else if (l3[0] >> 4 == 6) {
		f->family = 6;
		f->proto = l3[6];
		__builtin_memcpy(f->src, l3 + 8, 16);
		__builtin_memcpy(f->dst, l3 + 24, 16);
	} else {
		return false;
	}
	if (has_ports(f->proto)) {
		__builtin_memcpy(&f->sport, l4, 2);
		__builtin_memcpy(&f->dport, l4 + 2, 2);
	}
	return true;
}

/* A global function, as the next: few frees need it, and the verifier looks at it once. */
__noinline int refusal_take(__u64 address)
{
	struct sk_buff *skb = (void *)address;
	__u8 l3[48] __attribute__((aligned(8))) = {};
	struct ct_flow flow = {};
	struct ct_refusal *r;

	if (skb_ct(false, skb) || bpf_ktime_get_ns() - ct_refused_ns > SECOND_NS)
		return 0;
	bpf_probe_read_kernel(l3, sizeof(l3), (void *)READ(skb, head) + READ(skb, network_header));
	if (!flow_seen(&flow, l3))
		return 0;
	r = bpf_map_lookup_elem(&ct_refusals, &flow);
	if (!r || !r->packets || bpf_ktime_get_ns() - r->time_ns > SECOND_NS)
		return 0;
	__sync_fetch_and_add(&r->packets, -1);
	note_leave(false, skb, NULL, r->note, DETAIL_CT, &r->detail);
	return 0;
}

__noinline int note_netfilter(__u64 stack, __u64 skb, __u64 location)
{
	__u32 left = note_left(false, (void *)skb);
	struct nft_run *run;

	if (left && !note_is_vague(left))
		return 0;
	if (!location) {
		leave_hook(stack, (void *)skb, nf_layout.watched);
		return 0;
	}
	run = run_above(stack, STACK_REACH, skb);
	if (run)
		leave_run(run, (void *)skb, location);
	else
		leave_hook(stack, (void *)skb, NF_HOOK_ENGINES_SILENT);
	return 0;
}
