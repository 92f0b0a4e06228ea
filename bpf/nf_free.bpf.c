// SPDX-License-Identifier: GPL-2.0-only
/* What is still to be found out of a packet that netfilter frees, where no hook has left a note about it. */
#include "lib/common.bpf.h"

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
	__u64 state = n && may_scan() ? find_hook_state(stack) : 0;

	if (state)
		see_hooks(&n->detail.nf_hook, state);
}

static __always_inline void leave_run(const struct nft_run *run, struct sk_buff *skb,
				      __u64 location)
{
	struct note *n = note_put(false, skb, NOTE(NOTE_NF_HOOK, 0), DETAIL_NF_RULE);

	if (!n)
		return;
	see_run(&n->detail.nf_rule, run);
	n->note = judge_run(&n->detail.nf_rule, run->base, location);
}

/* A global function: the verifier looks at it once, and not for each way that leads here. */
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
