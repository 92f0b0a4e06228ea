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

	d->all = BPF_CORE_READ(dev, nd_net.net, ipv4.devconf_all, data[RP_FILTER - 1]);
	d->dev = BPF_CORE_READ(dev, ip_ptr, cnf.data[RP_FILTER - 1]);
	ev->detail_kind = DETAIL_RPFILTER;
}

/* The table is full: how full, and what the limit is. */
static __always_inline void fill_table(struct event *ev, const struct seen *s)
{
	struct detail_neigh *d = &ev->detail.neigh;
	struct neigh_table *table = (void *)(s->desk->flow.family == 6 ? kf.nd_tbl : kf.arp_tbl);

	if (!table)
		return;
	d->entries = BPF_CORE_READ(table, gc_entries.counter);
	d->gc_thresh3 = BPF_CORE_READ(table, gc_thresh3);
	ev->detail_kind = DETAIL_NEIGH;
}

/* The receiver of a packet that found no room. */
static __always_inline bool is_full_datagram_socket(bool direct, const struct seen *s,
						    const struct loss_key *key)
{
	return has_reason(key, kf.reason_receive_full) && s->desk->sk_from == SK_GIVEN && s->sk &&
	       LOAD(direct, s->sk, sk_type) != SOCK_STREAM;
}

static __always_inline void fill_datagrams(bool direct, struct event *ev, struct sock *sk)
{
	__u16 proto = LOAD(direct, sk, sk_protocol);
	bool is_udp = LOAD(direct, sk, sk_type) == SOCK_DGRAM &&
		      (proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE);

	see_datagrams(direct, &ev->detail.datagrams, sk, is_udp);
	ev->detail_kind = DETAIL_DATAGRAMS;
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
	} else if (s->desk->dev && (has_reason(key, kf.reason_rpfilter) ||
				    is_at(key, kf.input4_start, kf.input4_end))) {
		fill_rpfilter(ev, (void *)s->desk->dev);
	} else if (is_full_datagram_socket(direct, s, key)) {
		fill_datagrams(direct, ev, s->sk);
	}
}

#endif
