/* SPDX-License-Identifier: GPL-2.0-only */
/* Evidence that is read when kfree_skb itself says enough to know where to look. */
#ifndef EVIDENCE_BPF_H
#define EVIDENCE_BPF_H

#define RP_FILTER 8 /* IPV4_DEVCONF_RP_FILTER, include/uapi/linux/ip.h */

static __always_inline bool has_reason(const struct loss_key *key, __u16 reason)
{
	return reason && key->reason == reason;
}

static __always_inline bool is_at(const struct loss_key *key, __u64 start, __u64 end)
{
	return key->location > start && key->location <= end;
}

/* IN_DEV_RPFILTER() takes the larger of the two, include/linux/inetdevice.h. */
static __always_inline void fill_rpfilter(struct event *ev, struct net_device *dev)
{
	struct detail_rpfilter *d = &ev->detail.rpfilter;

	d->all = READ(dev, nd_net.net, ipv4.devconf_all, data[RP_FILTER - 1]);
	d->dev = READ(dev, ip_ptr, cnf.data[RP_FILTER - 1]);
	ev->detail_kind = DETAIL_RPFILTER;
}

/* The table is full: how full, and what the limit is. */
static __always_inline void fill_table(struct event *ev, const struct seen *s)
{
	struct detail_neigh *d = &ev->detail.neigh;
	struct neigh_table *table = (void *)(s->desk->flow.family == 6 ? kf.nd_tbl : kf.arp_tbl);

	if (!table)
		return;
	d->entries = READ(table, gc_entries.counter);
	d->gc_thresh3 = READ(table, gc_thresh3);
	ev->detail_kind = DETAIL_NEIGH;
}

/*
 * What __neigh_event_send() frees has left the queue, which was full with it. A caller that was moved to another
 * CPU at its very beginning finds what somebody else left there: so at least the device must be the same.
 */
static __always_inline void fill_neighbour(struct event *ev, const struct seen *s)
{
	struct cpu_state *cpu = this_cpu_state();
	struct detail_neigh *d = &ev->detail.neigh;
	struct sk_buff *skb = s->skb;
	struct neighbour *neigh = cpu ? (void *)cpu->neigh : NULL;

	if (!neigh || (__u64)READ(neigh, dev) != s->desk->dev)
		return;
	see_neighbour(false, d, neigh);
	d->queue_bytes += READ(skb, truesize);
	ev->detail_kind = DETAIL_NEIGH;
}

static __always_inline void fill_evidence(bool direct, struct event *ev, const struct seen *s,
					  const struct loss_key *key)
{
	if (key->facts & FACT_OVER_PEER_MTU) {
		see_veth_mtu(direct, &ev->detail.mtu, s->skb, (void *)s->desk->dev);
		ev->detail_kind = DETAIL_MTU;
	} else if (key->facts & FACT_OVER_DST_MTU || has_reason(key, kf.reason_too_big)) {
		if (see_route_mtu(direct, &ev->detail.mtu, s->skb))
			ev->detail_kind = DETAIL_MTU;
	} else if (has_reason(key, kf.reason_no_neighbour) ||
		   (!key->reason && (is_at(key, kf.output4_start, kf.output4_end) ||
				     is_at(key, kf.output6_start, kf.output6_end)))) {
		fill_table(ev, s);
	} else if (is_at(key, kf.neigh_send_start, kf.neigh_send_end)) {
		fill_neighbour(ev, s);
	} else if (s->desk->dev && (has_reason(key, kf.reason_rpfilter) ||
				    is_at(key, kf.input4_start, kf.input4_end))) {
		fill_rpfilter(ev, (void *)s->desk->dev);
	}
}

#endif
