// SPDX-License-Identifier: GPL-2.0-only
/* Source NAT that has nothing left to choose from: the ports it found taken, and the rule's range. */
#include "lib/common.bpf.h"

#define NF_NAT_MANIP_SRC_TYPE		 0
#define NF_NAT_RANGE_PROTO_SPECIFIED_BIT 2

/*
 * Only connections that met a taken port have an entry: the others cost one look. Entries are not
 * removed, since the address of a connection comes back as another one's only after its own set-up
 * has overwritten what is found here.
 */
static __always_inline int nat_try(__u64 conn, bool is_taken)
{
	struct nat_setup *s = bpf_map_lookup_elem(&nat_setups, &conn);
	struct nat_setup first = { .taken = 1, .last = true };

	if (s) {
		s->taken += is_taken;
		s->last = is_taken;
	} else if (is_taken) {
		bpf_map_update_elem(&nat_setups, &conn, &first, BPF_ANY);
	}
	return 0;
}

/* int nf_conntrack_tuple_taken(tuple, ignored_conntrack): asked by NAT only, of the tuple it wants. */
SEC("?fexit/nf_conntrack_tuple_taken")
int nat_try__fexit(__u64 *ctx)
{
	return nat_try(ctx[1], (int)ctx[2]);
}

SEC("?kprobe/nf_conntrack_tuple_taken")
int nat_try__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return 0;
}

SEC("?kretprobe/nf_conntrack_tuple_taken")
int nat_try__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return nat_try(f.args[1], (int)PT_REGS_RC(ctx));
}

/* One port and no other: it is taken without being asked for (get_unique_tuple). */
static __always_inline bool is_one_port(const struct nat_setup *s)
{
	return s->flags & NF_NAT_RANGE_PROTO_SPECIFIED_BIT && s->min_port == s->max_port;
}

static __always_inline void see_range(struct nat_setup *s, struct nf_nat_range2 *range)
{
	s->flags = BPF_CORE_READ(range, flags);
	BPF_CORE_READ_INTO(&s->min_addr, range, min_addr);
	BPF_CORE_READ_INTO(&s->max_addr, range, max_addr);
	s->min_port = BPF_CORE_READ(range, min_proto.all);
	s->max_port = BPF_CORE_READ(range, max_proto.all);
}

static __always_inline int nat_end(__u64 conn, struct nf_nat_range2 *range, __u32 manip)
{
	struct nat_setup *s = bpf_map_lookup_elem(&nat_setups, &conn);
	struct nat_setup only = {};

	if (manip == NF_NAT_MANIP_SRC_TYPE && !s) {
		see_range(&only, range);
		only.is_full = true;
		if (is_one_port(&only))
			bpf_map_update_elem(&nat_setups, &conn, &only, BPF_ANY);
		return 0;
	}
	if (!s)
		return 0;
	if (manip == NF_NAT_MANIP_SRC_TYPE) {
		see_range(s, range);
		s->tries = s->taken;
		s->is_full = s->last || is_one_port(s);
	}
	s->taken = 0;
	s->last = false;
	return 0;
}

/* unsigned int nf_nat_setup_info(ct, range, maniptype) */
SEC("?fexit/nf_nat_setup_info")
int nat_setup__fexit(__u64 *ctx)
{
	return nat_end(ctx[0], (void *)ctx[1], ctx[2]);
}

SEC("?kprobe/nf_nat_setup_info")
int nat_setup__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return 0;
}

SEC("?kretprobe/nf_nat_setup_info")
int nat_setup__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return nat_end(f.args[0], (void *)f.args[1], f.args[2]);
}
