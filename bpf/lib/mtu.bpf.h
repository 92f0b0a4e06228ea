/* SPDX-License-Identifier: GPL-2.0-only */
/* A packet that is too long: how long, which device it came by, and what takes no more than how much. */
#ifndef MTU_BPF_H
#define MTU_BPF_H

#define NETDEV_HASH_MASK 255 /* NETDEV_HASHENTRIES - 1, include/net/net_namespace.h */

/* dev_get_by_index_rcu(): ip6_forward() has put the output device into skb->dev before it complains. */
static __always_inline struct net_device *device_by_index(struct net *net, __u32 ifindex)
{
	struct hlist_head *heads = READ(net, dev_index_head) + (ifindex & NETDEV_HASH_MASK);
	struct hlist_node *node = READ(heads, first);
	struct net_device *dev;

	for (int i = 0; i < 8 && node; i++) {
		dev = (void *)node - bpf_core_field_offset(struct net_device, index_hlist);
		if ((__u32)READ(dev, ifindex) == ifindex)
			return dev;
		node = READ(node, next);
	}
	return NULL;
}

/* Length of the packet, or of each of those that a GSO buffer will become (skb_gso_network_seglen()). */
static __always_inline __u32 packet_size(bool direct, struct sk_buff *skb)
{
	/* numbers: the verifier lets no two pointers that it knows be subtracted */
	__u64 head = (__u64)READ(skb, head);
	__u16 l3 = LOAD(direct, skb, network_header), l4 = LOAD(direct, skb, transport_header);
	struct skb_shared_info *info = (void *)(head + LOAD(direct, skb, end));
	__u16 gso = READ(info, gso_size);
	__u8 words = 2;

	if (!gso)
		return LOAD(direct, skb, len) - (head + l3 - (__u64)READ(skb, data));
	if (READ(info, gso_type) & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6))
		words = read_u8(head + l4 + 12) >> 4;
	return l4 - l3 + words * 4 + gso;
}

static __always_inline void see_input(bool direct, struct detail_mtu *d, struct sk_buff *skb,
				      struct net *net)
{
	struct net_device *dev;

	d->in_ifindex = LOAD(direct, skb, skb_iif);
	dev = d->in_ifindex ? device_by_index(net, d->in_ifindex) : NULL;
	if (!dev)
		return;
	d->in_mtu = READ(dev, mtu);
	bpf_probe_read_kernel(d->in_dev, sizeof(d->in_dev), &dev->name);
}

static __always_inline void see_output(struct detail_mtu *d, struct net_device *dev)
{
	d->out_mtu = READ(dev, mtu);
	d->out_ifindex = READ(dev, ifindex);
	d->out_netns = READ(dev, nd_net.net, ns.inum);
	bpf_probe_read_kernel(d->out_dev, sizeof(d->out_dev), &dev->name);
}

/* Too long for its route. False without one. */
static __always_inline bool see_route_mtu(bool direct, struct detail_mtu *d, struct sk_buff *skb)
{
	struct net_device *dev = dst_device(direct, skb);

	if (!dev)
		return false;
	d->size = packet_size(direct, skb);
	see_output(d, dev);
	d->out_mtu = dst_mtu(direct, skb);
	see_input(direct, d, skb, READ(dev, nd_net.net));
	return true;
}

/* Too long for the other end of a veth. */
static __always_inline void see_veth_mtu(bool direct, struct detail_mtu *d, struct sk_buff *skb,
					 struct net_device *dev)
{
	struct net_device *peer = veth_peer(dev);

	d->size = packet_size(direct, skb);
	d->in_mtu = READ(dev, mtu);
	d->in_ifindex = READ(dev, ifindex);
	bpf_probe_read_kernel(d->in_dev, sizeof(d->in_dev), &dev->name);
	if (peer)
		see_output(d, peer);
}

#endif
