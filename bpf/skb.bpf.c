// SPDX-License-Identifier: GPL-2.0-only
/* kfree_skb: the general drop hook, through which most losses of every subsystem pass. */
#include "lib/common.bpf.h"

/* What a deeper hook left about this packet. */
static __always_inline const struct note *see_note(bool direct, struct seen *s,
						   struct loss_key *key)
{
	const struct note *n = kf.notes ? note_of(s->skb, s->head, s->bytes) : NULL;

	if (!n)
		return NULL;
	key->note = n->note;
	s->detail_kind = n->detail_kind;
	s->detail = n->detail_kind ? &n->detail : NULL;
	return n;
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

static __always_inline const struct note *see_hook(void *ctx, bool direct, struct seen *s,
						   struct loss_key *key, __u32 known)
{
	struct note *n = note_put(direct, s->skb, NOTE(NOTE_NF_HOOK, 0), DETAIL_NF_HOOK);
	__u64 state = find_hook_state(as_number(ctx));

	if (!n)
		return NULL;
	if (state)
		see_hooks(&n->detail.nf_hook, state);
	key->note = NOTE(NOTE_NF_HOOK, known);
	s->detail_kind = DETAIL_NF_HOOK;
	s->detail = &n->detail;
	return n;
}

/* What netfilter was doing with it, where no hook could say that before the free. */
static __always_inline const struct note *see_netfilter(void *ctx, bool direct, struct seen *s,
							struct loss_key *key)
{
	__u64 at = key->location - 1;
	struct nft_run *run;
	struct note *n;

	if (at >= nf_layout.nft_start && at < nf_layout.nft_end && nf_layout.nft_known) {
		run = run_above(as_number(ctx), STACK_REACH, as_number(s->skb));
		if (!run)
			return see_hook(ctx, direct, s, key, NF_HOOK_ENGINES_SILENT);
		if (!(n = note_put(direct, s->skb, NOTE(NOTE_NF_HOOK, 0), DETAIL_NF_RULE)))
			return NULL;
		see_run(&n->detail.nf_rule, run);
		key->note = judge_run(&n->detail.nf_rule, run->base, key->location);
	} else if (at >= nf_layout.slow_start && at < nf_layout.slow_end) {
		return see_hook(ctx, direct, s, key, nf_layout.watched);
	} else {
		return NULL;
	}
	s->detail_kind = n->detail_kind;
	s->detail = &n->detail;
	return n;
}

static __always_inline int kfree_skb(void *ctx, bool direct, struct sk_buff *skb, __u64 location,
				     __u32 reason, struct sock *rx_sk)
{
	struct loss_key key = { .kind = EV_SKB_DROP, .location = location, .reason = reason };
	struct seen s = { .skb = skb };
	struct cpu_state *cpu = this_cpu_state();
	const struct note *note, *said;
	struct sock *told;

	if (!cpu)
		return 0;
	count(cpu, CNT_SEEN);
	see_packet(direct, &s, &key);
	note = see_note(direct, &s, &key);
	said = !note || note_is_vague(note->note) ? see_netfilter(ctx, direct, &s, &key) : NULL;
	if (said)
		note = said;
	told = note && note->sk ? note->sk : pruned_socket(&s, &key);
	if (told) {
		see_socket(false, &s, told, &key);
		s.noted_sk = s.sk;
		s.sk = NULL;
	} else {
		see_socket(direct, &s, rx_sk, &key);
	}
	see_device(direct, &s, &key);
	see_route(direct, &s, &key);
	see_veth(direct, &s, &key);
	report(ctx, direct, cpu, &s, &key);
	if (note)
		note_remove(skb);
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
