// SPDX-License-Identifier: GPL-2.0-only
/* Source NAT that has nothing left to choose from: the ports it found taken, and the rule's range. */
#include "lib/common.bpf.h"

#define NF_NAT_MANIP_SRC_TYPE		 0
#define NF_NAT_RANGE_PROTO_SPECIFIED_BIT 2

/* A connection that NAT is choosing an address and a port for, on this CPU. */
struct nat_choice {
	__u64 conn;
	__u32 taken; /* answers so far that a port is taken */
	bool last;   /* the last answer was that */
};

#define NAT_CHOICES 4

/* Those that an interrupt has stopped in the middle, and the one that runs: the last begun ends first. */
struct nat_running {
	struct nat_choice choices[NAT_CHOICES];
	__u32 depth;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nat_running);
} nat_running SEC(".maps");

static __always_inline struct nat_running *this_nat(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&nat_running, &zero);
}

static __always_inline int nat_begin(__u64 conn)
{
	struct nat_running *r = this_nat();

	if (r)
		r->choices[r->depth++ % NAT_CHOICES] = (struct nat_choice){ .conn = conn };
	return 0;
}

static __always_inline int nat_try(bool is_taken)
{
	struct nat_running *r = this_nat();
	struct nat_choice *c;

	if (!r || !r->depth)
		return 0;
	c = &r->choices[(r->depth - 1) % NAT_CHOICES];
	c->taken += is_taken;
	c->last = is_taken;
	return 0;
}

/* int nf_conntrack_tuple_taken(tuple, ignored_conntrack): asked by NAT only, of the tuple it wants. */
SEC("?fexit/nf_conntrack_tuple_taken")
int nat_try__fexit(__u64 *ctx)
{
	return nat_try((int)ctx[2]);
}

SEC("?kretprobe/nf_conntrack_tuple_taken")
int nat_try__kretprobe(struct pt_regs *ctx)
{
	return nat_try((int)PT_REGS_RC(ctx));
}

/* struct nf_conntrack_tuple_hash *nf_conntrack_find_get(net, zone, tuple): so newer kernels (seen on 6.12) ask
 * for a TCP connection's tuple, to take it from one in TIME_WAIT (nf_nat_used_tuple_harder). */
SEC("?fexit/nf_conntrack_find_get")
int nat_find__fexit(__u64 *ctx)
{
	return nat_try(ctx[3]);
}

SEC("?kretprobe/nf_conntrack_find_get")
int nat_find__kretprobe(struct pt_regs *ctx)
{
	return nat_try(PT_REGS_RC(ctx));
}

/* One port and no other: it is taken without being asked for (get_unique_tuple). */
static __always_inline bool is_one_port(const struct nat_setup *s)
{
	return s->flags & NF_NAT_RANGE_PROTO_SPECIFIED_BIT && s->min_port == s->max_port;
}

static __always_inline void see_range(struct nat_setup *s, struct nf_nat_range2 *range)
{
	s->flags = READ(range, flags);
	BPF_CORE_READ_INTO(&s->min_addr, range, min_addr);
	BPF_CORE_READ_INTO(&s->max_addr, range, max_addr);
	s->min_port = READ(range, min_proto.all);
	s->max_port = READ(range, max_proto.all);
}

/*
 * Only what nothing was free for has an entry. The address of a connection comes back as another one's only
 * after its own set-up, which overwrites or removes what is found here.
 */
static __always_inline int nat_end(__u64 conn, struct nf_nat_range2 *range, __u32 manip)
{
	struct nat_running *r = this_nat();
	struct nat_setup s = {};
	struct nat_choice *c;

	if (!r || !r->depth)
		return 0;
	c = &r->choices[--r->depth % NAT_CHOICES];
	if (manip != NF_NAT_MANIP_SRC_TYPE || c->conn != conn)
		return 0;
	see_range(&s, range);
	s.tries = c->taken;
	s.is_full = c->last || is_one_port(&s);
	if (s.is_full)
		bpf_map_update_elem(&nat_setups, &conn, &s, BPF_ANY);
	else
		bpf_map_delete_elem(&nat_setups, &conn);
	return 0;
}

/* unsigned int nf_nat_setup_info(ct, range, maniptype) */
SEC("?fentry/nf_nat_setup_info")
int nat_setup__fentry(__u64 *ctx)
{
	return nat_begin(ctx[0]);
}

SEC("?fexit/nf_nat_setup_info")
int nat_setup__fexit(__u64 *ctx)
{
	return nat_end(ctx[0], (void *)ctx[1], ctx[2]);
}

SEC("?kprobe/nf_nat_setup_info")
int nat_setup__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return nat_begin(PT_REGS_PARM1(ctx));
}

SEC("?kretprobe/nf_nat_setup_info")
int nat_setup__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return nat_end(f.args[0], (void *)f.args[1], f.args[2]);
}
