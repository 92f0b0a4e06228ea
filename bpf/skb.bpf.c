// SPDX-License-Identifier: GPL-2.0-only
/* kfree_skb: the general drop hook, through which most losses of every subsystem pass. */
#include "lib/common.bpf.h"

static __always_inline void note_take(struct seen *s, struct loss_key *key, const struct note *n,
				      __u32 note)
{
	key->note = note;
	desk_bring(s->desk, n->detail_kind, &n->detail);
	s->desk->noted = 1;
}

/* What a deeper hook left about this packet, and the socket that it told. */
static __always_inline __u64 see_note(struct seen *s, struct loss_key *key)
{
	const struct note *n =
		kf.notes ? note_of(s->skb, s->desk->head, s->desk->flow.bytes) : NULL;

	if (!n)
		return 0;
	note_take(s, key, n, n->note);
	return (__u64)n->sk;
}

/*
 * Whether the struct nf_hook_state that nf_hook() of include/linux/netfilter.h keeps is at this place of the
 * stack. A global function: the verifier looks at it once, not once per place.
 */
__noinline int is_hook_state(__u64 at)
{
	struct nf_hook_state *s = (void *)at;
	struct net *net;

	if (!looks_like_hook(s))
		return 0;
	net = BPF_CORE_READ(s, net);
	return is_kernel_pointer(net) && is_kernel_pointer(BPF_CORE_READ(s, okfn)) &&
	       is_netns_inode(BPF_CORE_READ(net, ns.inum));
}

#define STACK_WORDS 160 /* from a program to the frame that called nf_hook_slow() */

static __always_inline __u64 find_hook_state(__u64 stack)
{
	for (int i = 0; i < STACK_WORDS; i++)
		if (is_hook_state(stack + i * sizeof(__u64)))
			return stack + i * sizeof(__u64);
	return 0;
}

static __always_inline void see_hooks(struct detail_nf_hook *d, __u64 state)
{
	struct nf_hook_state *s = (void *)state;
	struct nf_hook_entries *entries;

	d->hook = hook_of(s);
	d->pf = pf_of(s);
	d->netns = BPF_CORE_READ(s, net, ns.inum);
	entries = hook_entries(BPF_CORE_READ(s, net), d->pf, d->hook);
	if (!entries)
		return;
	d->count = BPF_CORE_READ(entries, num_hook_entries);
	for (int i = 0; i < NF_HOOKS && i < d->count; i++)
		d->function[i] = read_u64((__u64)&entries->hooks[i]);
}

static __always_inline void see_hook(void *ctx, bool direct, struct seen *s, struct loss_key *key,
				     __u32 known)
{
	struct note *n = note_put(direct, s->skb, NOTE(NOTE_NF_HOOK, 0), DETAIL_NF_HOOK);
	__u64 state = find_hook_state(as_number(ctx));

	if (!n)
		return;
	if (state)
		see_hooks(&n->detail.nf_hook, state);
	note_take(s, key, n, NOTE(NOTE_NF_HOOK, known));
}

/* What netfilter was doing with it, where no hook could say that before the free. */
static __always_inline void see_netfilter(void *ctx, bool direct, struct seen *s,
					  struct loss_key *key)
{
	__u64 at = key->location - 1;
	struct nft_run *run;
	struct note *n;

	if (at >= nf_layout.slow_start && at < nf_layout.slow_end) {
		see_hook(ctx, direct, s, key, nf_layout.watched);
		return;
	}
	if (at < nf_layout.nft_start || at >= nf_layout.nft_end || !nf_layout.nft_known)
		return;
	run = run_above(as_number(ctx), STACK_REACH, as_number(s->skb));
	if (!run) {
		see_hook(ctx, direct, s, key, NF_HOOK_ENGINES_SILENT);
		return;
	}
	n = note_put(direct, s->skb, NOTE(NOTE_NF_HOOK, 0), DETAIL_NF_RULE);
	if (!n)
		return;
	see_run(&n->detail.nf_rule, run);
	note_take(s, key, n, judge_run(&n->detail.nf_rule, run->base, key->location));
}

static __always_inline int kfree_skb(void *ctx, bool direct, struct sk_buff *skb, __u64 location,
				     __u32 reason, struct sock *rx_sk)
{
	struct seen s = { .skb = skb, .sk = rx_sk };
	struct cpu_state *cpu = this_cpu_state();
	struct loss_key *key;
	__u64 told;

	if (!cpu)
		return 0;
	count(cpu, CNT_SEEN);
	refusal_take(direct, skb);
	s.desk = desk_lend(cpu);
	key = desk_clear(s.desk, EV_SKB_DROP, 0);
	key->location = location;
	key->reason = reason;
	see_packet(direct, &s, key);
	told = see_note(&s, key);
	if (!key->note || note_is_vague(key->note))
		see_netfilter(ctx, direct, &s, key);
	if (!told)
		told = pruned_socket(cpu, &s, key);
	if (told)
		see_noted_socket(&s, told, key);
	else
		see_socket(direct, &s, key);
	see_device(direct, &s, key);
	see_route(direct, &s, key);
	see_veth(direct, &s, key);
	report(ctx, direct, true, cpu, &s, key);
	if (s.desk->noted)
		note_remove(skb);
	desk_return(cpu);
	return 0;
}

SEC("?tp_btf/kfree_skb")
int kfree_skb__tp_btf(__u64 *ctx)
{
	return kfree_skb(ctx, true, (void *)ctx[0], ctx[1], kfree_skb_reason(ctx),
			 kfree_skb_rx_sk(ctx));
}

SEC("?raw_tp/kfree_skb")
int kfree_skb__raw_tp(__u64 *ctx)
{
	return kfree_skb(ctx, false, (void *)ctx[0], ctx[1], kfree_skb_reason(ctx),
			 kfree_skb_rx_sk(ctx));
}
