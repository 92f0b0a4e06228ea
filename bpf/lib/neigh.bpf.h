/* SPDX-License-Identifier: GPL-2.0-only */
/* What a neighbour tells: the next hop it stands for, and the packets that wait for its address. */
#ifndef NEIGH_BPF_H
#define NEIGH_BPF_H

#define ARP_KEY 4

/* NEIGH_VAR(parms, QUEUE_LEN_BYTES) */
static __always_inline __u32 queue_limit(struct neigh_parms *parms)
{
	return read_u32((__u64)&parms->data[kf.neigh_queue_limit]);
}

static __always_inline void see_neighbour(bool direct, struct detail_neigh *d,
					  struct neighbour *neigh)
{
	struct neigh_table *table = FOLLOW(direct, neigh, tbl);
	struct net_device *dev = FOLLOW(direct, neigh, dev);

	d->family = READ(table, key_len) == ARP_KEY ? 4 : 6;
	bpf_probe_read_kernel(d->next_hop, d->family == 4 ? 4 : 16, &neigh->primary_key);
	d->state = LOAD(direct, neigh, nud_state);
	d->probes = LOAD(direct, neigh, probes.counter);
	d->queue_bytes = LOAD(direct, neigh, arp_queue_len_bytes);
	d->queue_limit = queue_limit(FOLLOW(direct, neigh, parms));
	d->entries = READ(table, gc_entries.counter);
	d->gc_thresh3 = READ(table, gc_thresh3);
	d->ifindex = READ(dev, ifindex);
	bpf_probe_read_kernel(d->dev, sizeof(d->dev), &dev->name);
}

#endif
