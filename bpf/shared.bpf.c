// SPDX-License-Identifier: GPL-2.0-only
/* Defines what all programs share: the maps, the facts about this kernel, the user's wishes. */
#include "lib/common.bpf.h"

struct cpu_state_map cpu_state SEC(".maps");
struct notes_map notes SEC(".maps");
struct frames_map frames SEC(".maps");
struct fronts_map fronts SEC(".maps");
struct pruning_map pruning SEC(".maps");
struct ct_refusals_map ct_refusals SEC(".maps");
struct nat_setups_map nat_setups SEC(".maps");
struct losses_map losses SEC(".maps");
struct recent_losses_map recent_losses SEC(".maps");
struct losses_other_map losses_other SEC(".maps");
struct events_map events SEC(".maps");
struct owner_by_dev_map owner_by_dev SEC(".maps");
struct owner_by_mac_map owner_by_mac SEC(".maps");
struct owner_by_addr_map owner_by_addr SEC(".maps");
struct unwanted_map unwanted_netns SEC(".maps");
struct unwanted_map unwanted_cgroups SEC(".maps");

const volatile struct kfeat kf;
const volatile struct knobs knobs;
__u32 owners_generation;
__u32 note_marks[NOTE_MARKS];
__u64 ct_refused_ns;

char LICENSE[] SEC("license") = "GPL";
