/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of the netfilter hooks under way on this CPU, for the program that sees the packet freed. */
#ifndef NETFILTER_BPF_H
#define NETFILTER_BPF_H

#define STACK_REACH 16384 /* THREAD_SIZE of x86-64 and arm64 without KASAN */
#define NF_DROP	    0
#define NF_STOLEN   2

/* NF_DROP, or stolen with an error: NF_DROP_REASON() of include/linux/netfilter.h has freed it. */
static __always_inline bool is_drop(__u32 verdict)
{
	return (verdict & 0xff) == NF_DROP || ((verdict & 0xff) == NF_STOLEN && verdict >> 16);
}

/*
 * Runs of nft_do_chain(), one slot each. A softirq, or a reject that sends a packet, starts a run in the
 * middle of another: each has its struct nft_pktinfo at another address of the stack, which names it.
 */
static __always_inline __u32 run_index(__u64 pkt)
{
	return (pkt >> 4 ^ pkt >> 8 ^ pkt >> 14) & (NFT_RUNS - 1);
}

/*
 * Leaves a note about a packet that netfilter frees, unless there is a better one. `location` of the free is 0
 * where that was nf_hook_slow(): then another hook dropped it. In nf_free.bpf.c.
 */
int note_netfilter(__u64 stack, __u64 skb, __u64 location);

/*
 * Index of the last run whose packet information lies at most `reach` above that place of the stack, or -1.
 * What is older is over, what lies below is so too. In shared.bpf.c.
 */
int find_run(__u64 stack, __u32 reach);

static __always_inline struct nft_runs *this_cpu_runs(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&nft_runs, &zero);
}

/* The run that find_run() finds; with skb, only if it is about that. */
static __always_inline struct nft_run *run_above(__u64 stack, __u32 reach, __u64 skb)
{
	struct nft_runs *runs = this_cpu_runs();
	int i = find_run(stack, reach);
	struct nft_run *run;

	if (!runs || i < 0)
		return NULL;
	run = &runs->run[i & (NFT_RUNS - 1)];
	return !skb || read_u64(run->pkt) == skb ? run : NULL;
}

/* Whether conntrack has called the packet of this note invalid on its way, and why. */
static __always_inline void see_invalid(struct note *n, struct sk_buff *skb)
{
	struct cpu_state *cpu = this_cpu_state();
	struct detail_nf_rule *d = &n->detail.nf_rule;
	struct invalid_packet *last;

	if (!cpu)
		return;
	last = &cpu->invalid;
	if (last->skb != (__u64)skb)
		return;
	if (try_hold(&last->busy) && last->head == n->head && last->signature == n->signature)
		__builtin_memcpy(d->invalid, last->why.text, sizeof(d->invalid) - 1);
	let_go(&last->busy);
}

static __always_inline void see_nft_chain(struct detail_nf_rule *d, __u64 chain)
{
	__u64 table = read_u64(chain + nf_layout.chain_table);

	d->backend = NF_BACKEND_NFT;
	d->table_id = table;
	d->family = read_u8(table + nf_layout.table_family) & 0x3f;
	bpf_probe_read_kernel_str(d->table, sizeof(d->table),
				  (void *)read_u64(table + nf_layout.table_name));
	bpf_probe_read_kernel_str(d->base, sizeof(d->base),
				  (void *)read_u64(chain + nf_layout.chain_name));
	d->policy = read_u8(chain - nf_layout.base_chain + nf_layout.base_policy);
}

static __always_inline void see_hook_state(struct detail_nf_rule *d, __u64 state)
{
	struct nf_hook_state *s = (void *)state;

	d->hook = hook_of(s);
	d->pf = pf_of(s);
	d->netns = READ(s, net, ns.inum);
}

/* All but the rule. */
static __always_inline void see_run(struct detail_nf_rule *d, const struct nft_run *run)
{
	see_nft_chain(d, run->base);
	see_hook_state(d, read_u64(run->pkt + nf_layout.pkt_state));
}

/*
 * A run dropped it and no expression that is watched said so: a policy that accepts leaves only a rule.
 * Where nft_do_chain() frees by itself, rule and policy do it at two places: `rule_site` is the rule's,
 * once a loss has shown it, 0 before.
 */
static __always_inline __u32 judge_run(struct detail_nf_rule *d, __u64 base, __u64 location)
{
	__u64 site = nf_rule_site;

	d->verdict = NF_BY_POLICY_OR_RULE;
	if (d->policy != NF_DROP || (site && site == location))
		d->verdict = NF_BY_RULE;
	else if (nf_exact || (site && location))
		d->verdict = NF_BY_POLICY;
	if (d->policy != NF_DROP && location)
		nf_rule_site = location;
	return NOTE(d->verdict == NF_BY_RULE ? NOTE_NF_RULE : NOTE_NF_POLICY, base >> 6 & 0xffffff);
}

#endif
