// SPDX-License-Identifier: GPL-2.0-only
/* Neighbours: the next hop a packet waited for in vain, and how much waits for it. */
#include "lib/common.bpf.h"

#define NUD_INCOMPLETE 1
#define ARP_KEY	       4

/* NEIGH_VAR(parms, QUEUE_LEN_BYTES) */
static __always_inline __u32 queue_limit(struct neigh_parms *parms)
{
	__u32 limit = 0;

	bpf_probe_read_kernel(&limit, sizeof(limit), &parms->data[kf.neigh_queue_limit]);
	return limit;
}

static __always_inline void see_neighbour(bool direct, struct detail_neigh *d,
					  struct neighbour *neigh)
{
	struct neigh_table *table = LOAD(direct, neigh, tbl);
	struct net_device *dev = LOAD(direct, neigh, dev);

	d->family = BPF_CORE_READ(table, key_len) == ARP_KEY ? 4 : 6;
	bpf_probe_read_kernel(d->next_hop, d->family == 4 ? 4 : 16, &neigh->primary_key);
	d->state = LOAD(direct, neigh, nud_state);
	d->probes = LOAD(direct, neigh, probes.counter);
	d->queue_bytes = LOAD(direct, neigh, arp_queue_len_bytes);
	d->queue_limit = queue_limit(LOAD(direct, neigh, parms));
	d->entries = BPF_CORE_READ(table, gc_entries.counter);
	d->gc_thresh3 = BPF_CORE_READ(table, gc_thresh3);
	d->ifindex = BPF_CORE_READ(dev, ifindex);
	bpf_probe_read_kernel(d->dev, sizeof(d->dev), &dev->name);
}

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
 * __neigh_event_send() makes room for the new packet by freeing the oldest that wait. It is called only
 * while the neighbour is not known. The state is read without its lock: should the answer come between
 * here and there, the note stays behind, and is not believed once the packet's headers are others.
 */
static __always_inline int neigh_queue(bool direct, struct neighbour *neigh, struct sk_buff *skb)
{
	struct sk_buff *oldest;

	if (!skb || !(LOAD(direct, neigh, nud_state) & NUD_INCOMPLETE))
		return 0;
	if (LOAD(direct, neigh, arp_queue_len_bytes) + LOAD(direct, skb, truesize) <=
	    queue_limit(LOAD(direct, neigh, parms)))
		return 0;
	oldest = LOAD(direct, neigh, arp_queue.next);
	if ((__u64)oldest == (__u64)neigh + bpf_core_field_offset(struct neighbour, arp_queue))
		return 0;
	return neigh_failed(direct, neigh, oldest);
}

SEC("?fentry/__neigh_event_send")
int neigh_queue__fentry(__u64 *ctx)
{
	return neigh_queue(true, (void *)ctx[0], (void *)ctx[1]);
}

SEC("?kprobe/__neigh_event_send")
int neigh_queue__kprobe(struct pt_regs *ctx)
{
	return neigh_queue(false, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx));
}
