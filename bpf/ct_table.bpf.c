// SPDX-License-Identifier: GPL-2.0-only
/* Conntrack's table at its limit: connections that get no entry, and entries removed for others. */
#include "lib/common.bpf.h"

#define ERR_PTR_MIN ((__u64)-4095)

/*
 * What early_drop() does on this CPU. It may run with softirqs on, and rarely migrate: so what is
 * found is only believed for the same task, and not for long.
 */
struct making_room {
	__u64 task; /* 0: it is not running */
	__u64 time_ns;
	__u64 failed; /* the task for which it found nothing to remove; taken by the allocation */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct making_room);
} making_rooms SEC(".maps");

static __always_inline struct making_room *this_making_room(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&making_rooms, &zero);
}

static __always_inline int room_begin(void)
{
	struct making_room *m = this_making_room();

	if (!m)
		return 0;
	m->task = bpf_get_current_task();
	m->time_ns = bpf_ktime_get_ns();
	m->failed = 0;
	return 0;
}

static __always_inline int room_end(bool made)
{
	struct making_room *m = this_making_room();

	if (!m)
		return 0;
	m->failed = made ? 0 : bpf_get_current_task();
	m->task = 0;
	return 0;
}

/* bool early_drop(net, hash) */
SEC("?fentry/early_drop")
int ct_early_drop__fentry(__u64 *ctx)
{
	return room_begin();
}

SEC("?fexit/early_drop")
int ct_early_drop__fexit(__u64 *ctx)
{
	return room_end((__u8)ctx[2]);
}

SEC("?kprobe/early_drop")
int ct_early_drop__kprobe(struct pt_regs *ctx)
{
	return room_begin();
}

SEC("?kretprobe/early_drop")
int ct_early_drop__kretprobe(struct pt_regs *ctx)
{
	return room_end((__u8)PT_REGS_RC(ctx));
}

/* An entry is deleted: a notice if that is to make room for another connection. */
static __always_inline int evict(void *ctx, bool direct, struct nf_conn *ct, bool is_certain)
{
	struct making_room *m = this_making_room();
	struct cpu_state *cpu = this_cpu_state();
	union detail *detail;
	struct net *net;
	__u32 status;

	if (!cpu || !m || !m->task || m->task != bpf_get_current_task() ||
	    bpf_ktime_get_ns() - m->time_ns > SECOND_NS)
		return 0;
	net = READ(ct, ct_net.net);
	status = READ(ct, status);
	if (!is_netns_inode(READ(net, ns.inum)) || !ct_family(ct) ||
	    (!is_certain && status & IPS_DYING))
		return 0;
	detail = detail_lend(cpu);
	see_table(&detail->ct, net);
	detail->ct.status = status;
	report_conn(ctx, direct, ct, net, NOTE(NOTE_CT_EVICTED, 0), DETAIL_CT, detail);
	desk_return(cpu);
	return 0;
}

/* bool nf_ct_delete(ct, portid, report) does nothing if somebody else has begun to delete it. */
SEC("?fentry/nf_ct_delete")
int ct_evict__fentry(__u64 *ctx)
{
	return evict(ctx, true, (void *)ctx[0], false);
}

/* 5.10's compiler took that test out of the function: early_drop() calls the rest of it. */
SEC("?kprobe/nf_ct_delete.part.0")
int ct_evict__kprobe(struct pt_regs *ctx)
{
	return evict(ctx, false, (void *)PT_REGS_PARM1(ctx), true);
}

static __always_inline void flow_of(struct ct_flow *f, struct nf_conntrack_tuple *t)
{
	BPF_CORE_READ_INTO(&f->src, t, src.u3);
	BPF_CORE_READ_INTO(&f->dst, t, dst.u3);
	f->proto = READ(t, dst.protonum);
	f->family = READ(t, src.l3num) == AF_INET ? 4 : 6;
	if (!has_ports(f->proto))
		return;
	f->sport = READ(t, src.u.all);
	f->dport = READ(t, dst.u.all);
}

/* The caller drops the packet at once; which packet that is only its headers tell. */
static __always_inline int alloc_end(struct net *net, struct nf_conntrack_tuple *orig, __u64 result)
{
	struct making_room *m = this_making_room();
	struct ct_refusal *known, r = {};
	struct ct_flow flow = {};
	bool full;

	if (result < ERR_PTR_MIN || !m)
		return 0;
	full = m->failed && m->failed == bpf_get_current_task();
	m->failed = 0;
	flow_of(&flow, orig);
	r.time_ns = bpf_ktime_get_ns();
	r.packets = 1;
	known = bpf_map_lookup_elem(&ct_refusals, &flow);
	if (known && known->packets && r.time_ns - known->time_ns < SECOND_NS)
		r.packets += known->packets;
	r.note = NOTE(full ? NOTE_CT_FULL : NOTE_CT_NO_MEMORY, 0);
	see_table(&r.detail.ct, net);
	bpf_map_update_elem(&ct_refusals, &flow, &r, BPF_ANY);
	ct_refused_ns = r.time_ns;
	return 0;
}

/* struct nf_conn *__nf_conntrack_alloc(net, zone, orig, repl, gfp, hash) */
SEC("?fexit/__nf_conntrack_alloc")
int ct_alloc__fexit(__u64 *ctx)
{
	return alloc_end((void *)ctx[0], (void *)ctx[2], ctx[6]);
}

SEC("?kprobe/__nf_conntrack_alloc")
int ct_alloc__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return 0;
}

SEC("?kretprobe/__nf_conntrack_alloc")
int ct_alloc__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return alloc_end((void *)f.args[0], (void *)f.args[2], PT_REGS_RC(ctx));
}
