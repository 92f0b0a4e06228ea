/* SPDX-License-Identifier: GPL-2.0-only */
/* The maps all programs share: declared here, defined in shared.bpf.c. */
#ifndef MAPS_BPF_H
#define MAPS_BPF_H

/* Left by the hook that knows why, until kfree_skb frees that packet. */
struct note {
	__u64 busy;	 /* see try_hold() */
	__u64 head;	 /* skb->head: the same sk_buff may have become another packet */
	struct sock *sk; /* the receiver's, where the free follows at once; else NULL */
	__u64 signature; /* of its headers, for the same reason */
	__u32 note;
	__u32 detail_kind;
	union detail detail;
};

/* A packet's note is at one of the places of its row, which the address of the sk_buff tells. */
#define NOTE_ROWS   256
#define NOTE_PLACES 4

struct notes_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, NOTE_ROWS *NOTE_PLACES);
	__type(key, __u32);
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

/* Longest start of a packet that the facts and filters need: IPv6 and TCP up to the flags. */
#define HEAD_BYTES 56

/* What stands before the network header: enough for an Ethernet header at an aligned place. */
#define LINK_BYTES 16

struct flow {
	__u8 link[LINK_BYTES] __attribute__((aligned(8))); /* the bytes before the network header */
	__u8 bytes[HEAD_BYTES];				   /* from the network header */
	__u32 family;					   /* 4, 6 or 0 */
};

/* The owner that was looked up last, and by what: a storm is mostly one pod's. */
struct owner_memo {
	__u32 generation; /* of the owner maps; 0: nothing here */
	__u32 owner;
	__u32 netns, iif, ifindex;
	__u32 family;
	__u64 mac;
	__u64 addr[4]; /* source and destination */
	__u64 busy;    /* see try_hold() */
};

/*
 * What a program works on, where its stack of 512 bytes has no room. And where the verifier does not
 * follow values: on the stack it knows which facts were found, and walks all that follows for every
 * combination of them.
 */
struct desk {
	struct loss_key key;
	struct flow flow;
	__u64 head;    /* skb->head */
	__u16 l3;      /* skb->network_header */
	__u8 sk_from;  /* enum sk_from */
	__u32 packets; /* lost at once, where there is no sk_buff any more */
	__u32 noted; /* 1 + index of the packet's note, which this program holds; 0: there is none */
	__u64 sk;    /* a full socket, as a number: fill_sock() knows where it is from; 0 if none */
	__u64 dev;   /* a device, as a number; 0 unless plausible */
	__u64 number;	   /* see as_number() */
	__u64 detail_at;   /* of the evidence that the hook brought */
	__u32 detail_kind; /* enum detail_kind; DETAIL_NONE if it brought none */
	union detail detail;
};

#define DESKS 8

/*
 * A connection that got no entry, by its first packet: the hook that knows has no sk_buff. Addresses as
 * in struct ct_tuple; ports 0 of other protocols than TCP, UDP and SCTP.
 */
struct ct_flow {
	__u8 src[16];
	__u8 dst[16];
	__u16 sport;
	__u16 dport;
	__u8 proto;
	__u8 family;
	__u16 pad;
};

struct ct_refusal {
	__u64 time_ns;
	__u32 packets; /* that kfree_skb has still to see */
	__u32 note;
	union detail detail;
};

struct ct_refusals_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct ct_flow);
	__type(value, struct ct_refusal);
};

/* A connection that is not in the table yet, for which source NAT found nothing free. */
struct nat_setup {
	__u16 min_port; /* of the rule, as in struct detail_nat */
	__u16 max_port;
	__u32 flags;
	__u32 tries; /* answers that a port is taken */
	__u32 is_full;
	__u8 min_addr[16];
	__u8 max_addr[16];
};

struct nat_setups_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64); /* address of the struct nf_conn */
	__type(value, struct nat_setup);
};

/* One nft_do_chain() under way: see run_index(). */
struct nft_run {
	__u64 number; /* in order of their beginning on this CPU */
	__u64 pkt;    /* its struct nft_pktinfo */
	__u64 base;   /* its base chain */
};

/* The rule that dropped last. */
struct nft_memo {
	__u64 expr; /* the expression that ends it */
	__u64 base; /* the base chain that led to it */
	__u64 time_ns;
	__u64 busy; /* see try_hold() */
	struct detail_nf_rule rule;
};

#define NFT_RUNS 16

struct nft_runs {
	__u64 count;
	__u64 scanned_ns; /* when this CPU last looked for a hook on its stack */
	__u64 last;	  /* index of the one that began last */
	struct nft_memo memo;
	struct nft_run run[NFT_RUNS];
};

struct nft_runs_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nft_runs);
};

/* The packet that conntrack called invalid last, for the rule that drops it for that. */
struct invalid_packet {
	__u64 busy; /* see try_hold() */
	__u64 skb;
	__u64 head; /* and signature: as in struct note */
	__u64 signature;
	struct detail_invalid why;
};

struct cpu_state {
	__u64 counters[CNT_MAX];
	struct invalid_packet invalid;
	__u64 neigh; /* that __neigh_event_send() is at work for; 0: none is known */
	struct owner_memo owner;
	__u64 lent; /* of the following */
	struct desk desks[DESKS];
};

struct cpu_state_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cpu_state);
};

/* Of all CPUs together: it only gets what their slots had no room for. */
struct losses_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct loss_key);
	__type(value, struct loss_count);
};

#define RECENT_LOSSES 64

struct recent_losses_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, RECENT_LOSSES);
	__type(key, __u32);
	__type(value, struct recent_loss);
};

/* When the next detail of a key would be sent if they were sent evenly: see detail_is_due(). */
struct detail_times_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct loss_key);
	__type(value, __u64);
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

extern struct ct_refusals_map ct_refusals SEC(".maps");
extern struct nat_setups_map nat_setups SEC(".maps");
extern struct cpu_state_map cpu_state SEC(".maps");
extern struct notes_map notes SEC(".maps");
extern struct frames_map frames SEC(".maps");
extern struct pruning_map pruning SEC(".maps");
extern struct nft_runs_map nft_runs SEC(".maps");
extern struct losses_map losses SEC(".maps");
extern struct recent_losses_map recent_losses SEC(".maps");
extern struct losses_other_map losses_other SEC(".maps");
extern struct detail_times_map detail_times SEC(".maps");
extern struct events_map events SEC(".maps");
extern struct owner_by_dev_map owner_by_dev SEC(".maps");
extern struct owner_by_mac_map owner_by_mac SEC(".maps");
extern struct owner_by_addr_map owner_by_addr SEC(".maps");
extern struct unwanted_map unwanted_netns SEC(".maps");
extern struct unwanted_map unwanted_cgroups SEC(".maps");

/* Of the owner maps, changed by user space after each change of these; 0: they hold nothing. */
extern __u32 owners_generation;

/* Set by user space: each loss is sent, whatever knobs.detail_gap_ns says. */
extern __u32 describe_all;

static __always_inline struct pruning *this_pruning(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&pruning, &zero);
}

/* When a connection was refused last, so that most frees need not look for it; 0: never. */
extern __u64 ct_refused_ns;

/* A loss has shown that (enum demand). In shared.bpf.c. */
int demand(__u32 d);

/* Written by user space when a module is loaded. */
extern struct nf_layout nf_layout;
extern __u32 nf_exact;	   /* all expressions that can say drop are watched */
extern __u64 nf_rule_site; /* see judge_run() */

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
 * Whether this program, and none that it has stopped in the middle, now holds what `busy` guards on this
 * CPU; to be followed by let_go() in any case. Whoever adds while another holds it finds more than 1: it may
 * be that neither of two gets it, never both. (Atomics that return what was there came with 5.12.)
 */
static __always_inline bool try_hold(__u64 *busy)
{
	__sync_fetch_and_add(busy, 1);
	return *(volatile __u64 *)busy == 1;
}

static __always_inline void let_go(__u64 *busy)
{
	barrier();
	__sync_fetch_and_add(busy, -1);
}

#endif
