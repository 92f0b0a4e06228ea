/* SPDX-License-Identifier: GPL-2.0-only */
/* The maps all programs share: declared here, defined in shared.bpf.c. */
#ifndef MAPS_BPF_H
#define MAPS_BPF_H

/* Left by the hook that knows why, until kfree_skb frees that packet. */
struct note {
	__u64 head;	 /* skb->head: the same sk_buff may have become another packet */
	struct sock *sk; /* the receiver's, where the free follows at once; else NULL */
	__u64 signature; /* of its headers, for the same reason */
	__u32 note;
	__u32 detail_kind;
	union detail detail;
};

struct notes_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64); /* address of the sk_buff */
	__type(value, struct note);
};

/* Arguments of a function, from its kprobe for its kretprobe. */
struct frame {
	__u64 args[5];
};

struct frames_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 256);
	__type(key, __u64); /* stack pointer: see frame_key() */
	__type(value, struct frame);
};

/* The socket whose out-of-order queue this CPU is pruning. */
struct pruning {
	struct sock *sk; /* NULL: none */
	__u32 drops;	 /* its sk_drops before */
	__u32 pad;
};

struct pruning_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pruning);
};

#define DETAILS_LENT 4

struct cpu_state {
	__u64 counters[CNT_MAX];
	__u64 lent; /* of the following */
	union detail details[DETAILS_LENT];
};

struct cpu_state_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cpu_state);
};

struct losses_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct loss_key);
	__type(value, struct loss_count);
};

struct losses_other_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct loss_count);
};

struct events_map {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
};

struct owner_by_dev_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct owner_dev);
	__type(value, __u32);
};

struct owner_by_mac_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u32);
};

struct owner_by_addr_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct owner_addr);
	__type(value, __u32);
};

/* Owners that are known not to be those asked for; the keys of both are never used again in one boot. */
struct unwanted_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64); /* cookie of a pod's network namespace, or id of a cgroup */
	__type(value, __u8);
};

extern struct cpu_state_map cpu_state SEC(".maps");
extern struct notes_map notes SEC(".maps");
extern struct frames_map frames SEC(".maps");
extern struct pruning_map pruning SEC(".maps");
extern struct losses_map losses SEC(".maps");
extern struct losses_other_map losses_other SEC(".maps");
extern struct events_map events SEC(".maps");
extern struct owner_by_dev_map owner_by_dev SEC(".maps");
extern struct owner_by_mac_map owner_by_mac SEC(".maps");
extern struct owner_by_addr_map owner_by_addr SEC(".maps");
extern struct unwanted_map unwanted_netns SEC(".maps");
extern struct unwanted_map unwanted_cgroups SEC(".maps");

/* Set by user space when the owner maps hold something: looked at for every drop without socket. */
extern __u32 owners_known;

static __always_inline struct pruning *this_pruning(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&pruning, &zero);
}

static __always_inline struct cpu_state *this_cpu_state(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&cpu_state, &zero);
}

/* Atomic: on 5.10 a softirq may run the same program in the middle of this one. */
static __always_inline void count(struct cpu_state *cpu, enum counter c)
{
	__sync_fetch_and_add(&cpu->counters[c], 1);
}

/*
 * Room for evidence that the 512 bytes of a program's stack do not have. A softirq may run programs in
 * the middle of this one, but they are over before it goes on: so the last lent is the first returned,
 * and plain arithmetic will do.
 */
static __always_inline union detail *detail_lend(struct cpu_state *cpu)
{
	union detail *d = &cpu->details[cpu->lent++ % DETAILS_LENT];

	__builtin_memset(d, 0, sizeof(*d));
	return d;
}

static __always_inline void detail_return(struct cpu_state *cpu)
{
	cpu->lent--;
}

#endif
