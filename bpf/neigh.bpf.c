// SPDX-License-Identifier: GPL-2.0-only
/* Neighbours: the next hop a packet waited for in vain, and how much waits for it. */
#include "lib/common.bpf.h"

static __always_inline int neigh_failed(bool direct, struct neighbour *neigh, struct sk_buff *skb)
{
	union detail detail = {};

	see_neighbour(direct, &detail.neigh, neigh);
	note_leave(direct, skb, NULL, NOTE(NOTE_NEIGH, 0), DETAIL_NEIGH, &detail);
	return 0;
}

/* Called for each packet that waited: neigh_invalidate(), net/core/neighbour.c. */
SEC("?fentry/arp_error_report")
int neigh_failed4__fentry(__u64 *ctx)
{
	return neigh_failed(true, (void *)ctx[0], (void *)ctx[1]);
}

SEC("?kprobe/arp_error_report")
int neigh_failed4__kprobe(struct pt_regs *ctx)
{
	return neigh_failed(false, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx));
}

SEC("?fentry/ndisc_error_report")
int neigh_failed6__fentry(__u64 *ctx)
{
	return neigh_failed(true, (void *)ctx[0], (void *)ctx[1]);
}

SEC("?kprobe/ndisc_error_report")
int neigh_failed6__kprobe(struct pt_regs *ctx)
{
	return neigh_failed(false, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx));
}

/*
 * __neigh_event_send() makes room for the new packet by freeing the oldest that wait: what it frees it frees
 * for this neighbour. A softirq in between that ends here, too, leaves none behind: less, but not wrong.
 */
static __always_inline int neigh_queue(struct neighbour *neigh)
{
	struct cpu_state *cpu = this_cpu_state();

	if (cpu)
		cpu->neigh = (__u64)neigh;
	return 0;
}

SEC("?fentry/__neigh_event_send")
int neigh_queue__fentry(__u64 *ctx)
{
	return neigh_queue((void *)ctx[0]);
}

SEC("?fexit/__neigh_event_send")
int neigh_queue__fexit(__u64 *ctx)
{
	return neigh_queue(NULL);
}

SEC("?kprobe/__neigh_event_send")
int neigh_queue__kprobe(struct pt_regs *ctx)
{
	return neigh_queue((void *)PT_REGS_PARM1(ctx));
}

SEC("?kretprobe/__neigh_event_send")
int neigh_queue__kretprobe(struct pt_regs *ctx)
{
	return neigh_queue(NULL);
}
