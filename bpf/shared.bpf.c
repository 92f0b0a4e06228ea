// SPDX-License-Identifier: GPL-2.0-only
/* Defines what all programs share: the maps, the facts about this kernel, the user's wishes. */
#include "lib/common.bpf.h"

struct cpu_state_map cpu_state SEC(".maps");
struct notes_map notes SEC(".maps");
struct frames_map frames SEC(".maps");
struct pruning_map pruning SEC(".maps");
struct ct_refusals_map ct_refusals SEC(".maps");
struct nat_setups_map nat_setups SEC(".maps");
struct nft_runs_map nft_runs SEC(".maps");
struct losses_map losses SEC(".maps");
struct recent_losses_map recent_losses SEC(".maps");
struct losses_other_map losses_other SEC(".maps");
struct detail_times_map detail_times SEC(".maps");
struct events_map events SEC(".maps");
struct owner_by_dev_map owner_by_dev SEC(".maps");
struct owner_by_mac_map owner_by_mac SEC(".maps");
struct owner_by_addr_map owner_by_addr SEC(".maps");
struct unwanted_map unwanted_netns SEC(".maps");
struct unwanted_map unwanted_cgroups SEC(".maps");

const volatile struct kfeat kf;
const volatile struct knobs knobs;
__u32 owners_generation;
__u32 describe_all;
__u64 note_owners[NOTE_ROWS * NOTE_PLACES];
__u32 note_oldest[NOTE_ROWS];
__u64 ct_refused_ns;
__u32 demanded[DEMAND_MAX]; /* by enum demand: 1 once a loss has shown that */
struct nf_layout nf_layout;
__u32 nf_exact;
__u64 nf_rule_site;

/* Read first: in a storm every CPU comes here, and most come late. A global function: to callers it is one way,
 * not two. */
__noinline int demand(__u32 d)
{
	if (d < DEMAND_MAX && !demanded[d])
		demanded[d] = 1;
	return 0;
}

/* A global function: the verifier looks at it once, and callers get a number instead of many pointers. */
__noinline int find_run(__u64 stack, __u32 reach)
{
	struct nft_runs *runs = this_cpu_runs();
	__u64 newest = 0;
	int found = -1;
	__u32 last;

	if (!runs)
		return -1;
	last = runs->last % NFT_RUNS;
	if (runs->run[last].pkt - stack < reach)
		return last;
	for (int i = 0; i < NFT_RUNS; i++) {
		struct nft_run *run = &runs->run[i];

		if (run->pkt - stack >= reach || run->number <= newest)
			continue;
		newest = run->number;
		found = i;
	}
	return found;
}

char LICENSE[] SEC("license") = "GPL";
