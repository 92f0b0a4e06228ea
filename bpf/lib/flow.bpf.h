/* SPDX-License-Identifier: GPL-2.0-only */
/* From sk_buff and sock to the count key: addresses, ports, namespace, cgroup, device, facts. */
#ifndef FLOW_BPF_H
#define FLOW_BPF_H

#define TCP_TIME_WAIT	 6
#define TCP_LISTEN	 10
#define TCP_NEW_SYN_RECV 12

#define PACKET_BROADCAST 1
#define PACKET_MULTICAST 2
#define PACKET_OTHERHOST 3

#define IFF_UP			 1
#define LINK_STATE_NOCARRIER_BIT 2

#define VLAN_HLEN 4

/* Where the socket of a loss was found. */
enum sk_from {
	SK_NONE,
	SK_GIVEN, /* an argument of the hook */
	SK_OF_SKB,
	SK_NOTED, /* a note, or what else only knows its address */
};

/* One drop while it is looked at: what the verifier shall know the types of; all else is on the desk. */
struct seen {
	struct sk_buff *skb; /* NULL if there is none (any more) */
	struct sock *sk;     /* given by the hook, may be NULL */
	struct desk *desk;
};

static __always_inline void see_owner_of_socket(bool direct, struct sock *sk, struct loss_key *key)
{
	struct net *net = FOLLOW(direct, sk, __sk_common.skc_net.net);

	key->sk_netns = FOLLOW(direct, net, ns.inum);
	key->netns_cookie = netns_cookie(direct, net);
	if (FACT_STATE(key->facts) == TCP_TIME_WAIT)
		return;
	add_facts(key, FACT_SK_FULL);
	key->cgroup = sock_cgroup_id(direct, sk);
}

/*
 * Whether it is a full socket. Only sock_common may be read of the small ones that stand for a TIME_WAIT
 * or a half-open connection; the latter belongs to its listener.
 */
static __always_inline bool see_sock(bool direct, struct sock *sk, __u32 fact, struct loss_key *key)
{
	__u16 family = FOLLOW(direct, sk, __sk_common.skc_family);
	__u8 state;

	if (family != AF_INET && family != AF_INET6) {
		add_facts(key, FACT_NETLINK);
		return false;
	}
	state = FOLLOW(direct, sk, __sk_common.skc_state);
	add_facts(key, fact | (state & FACT_STATE_MASK));
	if (state == TCP_NEW_SYN_RECV) {
		sk = READ(sk, __sk_common.skc_listener);
		if (is_kernel_pointer(sk))
			see_owner_of_socket(false, sk, key);
		return false;
	}
	see_owner_of_socket(direct, sk, key);
	if (state == TCP_TIME_WAIT)
		return false;
	/* seldom, and for newer verifiers a direct load is dear: see fill_dev() */
	if (state == TCP_LISTEN && READ(sk, sk_ack_backlog) > READ(sk, sk_max_ack_backlog))
		add_facts(key, FACT_ACCEPT_FULL);
	return true;
}

/* The receiver's socket, else the sender's. */
static __always_inline void see_socket(bool direct, const struct seen *s, struct loss_key *key)
{
	struct sock *sk = s->sk;
	__u32 fact = FACT_SK_RX;

	if (!is_kernel_pointer(sk)) {
		sk = FOLLOW(direct, s->skb, sk);
		fact = FACT_SK_TX;
	}
	if (!is_kernel_pointer(sk) || !see_sock(direct, sk, fact, key))
		return;
	s->desk->sk = (__u64)sk;
	s->desk->sk_from = fact == FACT_SK_RX ? SK_GIVEN : SK_OF_SKB;
}

/* The receiver's, by its address alone. */
static __always_inline void see_noted_socket(const struct seen *s, __u64 sk, struct loss_key *key)
{
	if (!see_sock(false, (void *)sk, FACT_SK_RX, key))
		return;
	s->desk->sk = sk;
	s->desk->sk_from = SK_NOTED;
}

static __always_inline void see_device(bool direct, const struct seen *s, struct loss_key *key)
{
	struct net_device *dev = FOLLOW(direct, s->skb, dev);
	__u32 inum, ifindex;
	struct net *net;

	key->netns = key->sk_netns;
	if (!is_kernel_pointer(dev))
		return;
	net = FOLLOW(direct, dev, nd_net.net);
	inum = FOLLOW(direct, net, ns.inum);
	ifindex = FOLLOW(direct, dev, ifindex);
	if (!is_netns_inode(inum) || !ifindex || ifindex > 1 << 24)
		return;
	s->desk->dev = (__u64)dev;
	key->ifindex = ifindex;
	key->netns = inum;
	if (!key->sk_netns)
		key->netns_cookie = netns_cookie(direct, net);
	if (!(FOLLOW(direct, dev, flags) & IFF_UP) ||
	    FOLLOW(direct, dev, state) & 1 << LINK_STATE_NOCARRIER_BIT)
		add_facts(key, FACT_DEV_DOWN);
	/* kernels with drop reasons say so themselves, but of a device that has no IPv6 at all */
	if (s->desk->flow.family == 6 && is_unspecified(key->reason) && !has_ipv6(dev))
		add_facts(key, FACT_IPV6_OFF);
}

/* The route's device: the only namespace known where TCP has cleared skb->dev. */
static __always_inline struct net_device *dst_device(bool direct, struct sk_buff *skb)
{
	__u64 ref = LOAD(direct, skb, _skb_refdst) & ~1ULL;
	struct net_device *dev;

	if (!is_kernel_pointer((void *)ref))
		return NULL;
	dev = READ((struct dst_entry *)ref, dev);
	return is_kernel_pointer(dev) ? dev : NULL;
}

#define RTAX_MTU	  2
#define DST_METRICS_FLAGS 3UL

/* What the route says, else its device: not what path MTU discovery has learnt, which forwarding does
 * not heed (ip_dst_mtu_maybe_forward(), include/net/ip.h). 0 without a route. */
static __always_inline __u32 dst_mtu(bool direct, struct sk_buff *skb)
{
	struct dst_entry *dst = (void *)(LOAD(direct, skb, _skb_refdst) & ~1ULL);
	__u64 metrics = READ(dst, _metrics) & ~DST_METRICS_FLAGS;
	__u32 mtu = 0;

	if (metrics)
		mtu = read_u32(metrics + (RTAX_MTU - 1) * sizeof(mtu));
	return mtu ? mtu : READ(dst, dev, mtu);
}

/* Kernels with drop reasons say themselves that a packet was too big for its route, but for one place. */
static __always_inline void see_route(bool direct, const struct seen *s, struct loss_key *key)
{
	struct net_device *dev;
	struct net *net;
	__u32 inum;

	bool silent = !kf.kfree_skb_has_reason ||
		      (key->location > kf.xmit6_start && key->location <= kf.xmit6_end);

	if (key->netns && !silent)
		return;
	dev = dst_device(direct, s->skb);
	if (!dev)
		return;
	if (silent && LOAD(direct, s->skb, len) > dst_mtu(direct, s->skb))
		add_facts(key, FACT_OVER_DST_MTU);
	if (key->netns)
		return;
	net = READ(dev, nd_net.net);
	inum = READ(net, ns.inum);
	if (!is_netns_inode(inum))
		return;
	key->netns = inum;
	key->netns_cookie = netns_cookie(false, net);
}

/*
 * __dev_forward_skb() refuses what is_skb_forwardable() does (include/linux/netdevice.h): the
 * receiver is down, or the packet is longer than its MTU, header and a VLAN tag, and not GSO. At
 * that point skb->dev is still the sending end.
 */
static __always_inline void see_veth(bool direct, const struct seen *s, struct loss_key *key)
{
	__u64 at = key->location - 1;
	struct net_device *peer;

	if (!s->desk->dev || !((at >= kf.forward_start && at < kf.forward_end) ||
			       (at >= kf.forward2_start && at < kf.forward2_end)))
		return;
	peer = veth_peer((void *)s->desk->dev);
	if (!peer)
		return;
	if (!(READ(peer, flags) & IFF_UP))
		add_facts(key, FACT_PEER_DOWN);
	else if (LOAD(direct, s->skb, len) >
		 READ(peer, mtu) + READ(peer, hard_header_len) + VLAN_HLEN)
		add_facts(key, FACT_OVER_PEER_MTU);
}

/* Length of the IP payload, as the header says: skb->len depends on how far the packet was pulled. */
static __always_inline int payload_length(const struct seen *s)
{
	if (s->desk->flow.family == 6)
		return s->desk->flow.bytes[4] << 8 | s->desk->flow.bytes[5];
	return (s->desk->flow.bytes[2] << 8 | s->desk->flow.bytes[3]) -
	       (s->desk->flow.bytes[0] & 15) * 4;
}

/* Bytes 12 and 13 of the TCP header: its length and its flags. */
static __always_inline void see_tcp(const struct seen *s, struct loss_key *key)
{
	const __u8 *p;

	if (s->desk->flow.family == 6)
		p = s->desk->flow.bytes + 52;
	else if ((s->desk->flow.bytes[0] & 15) == 5)
		p = s->desk->flow.bytes + 32;
	else if ((s->desk->flow.bytes[0] & 15) == 6)
		p = s->desk->flow.bytes + 36;
	else if ((s->desk->flow.bytes[0] & 15) == 8)
		p = s->desk->flow.bytes + 44;
	else
		return;
	add_facts(key, (p[1] & 2 ? FACT_TCP_SYN : 0) | (p[1] & 16 ? FACT_TCP_ACK : 0) |
			       (p[1] & 4 ? FACT_TCP_RST : 0) | (p[1] & 1 ? FACT_TCP_FIN : 0));
	if (payload_length(s) <= (p[0] >> 4) * 4)
		add_facts(key, FACT_NO_PAYLOAD);
}

/* What ip_route_input_slow() refuses by the address alone. Loopback is judged by the device. */
static __always_inline bool is_martian4(const __u8 *src, const __u8 *dst)
{
	return src[0] >= 224 || src[0] == 0 || dst[0] == 0 || (src[0] == 127) != (dst[0] == 127);
}

/* The same of ip6_rcv_core(): it takes no loopback address from a wire, nor a multicast source. */
static __always_inline bool is_martian6(const __u8 *src, const __u8 *dst)
{
	const __u64 *s = (const __u64 *)src, *d = (const __u64 *)dst;
	const __u64 one = bpf_cpu_to_be64(1);

	return src[0] == 0xff || (!s[0] && s[1] == one) != (!d[0] && d[1] == one);
}

static __always_inline void see_packet(bool direct, const struct seen *s, struct loss_key *key)
{
	struct desk *desk = s->desk;
	struct sk_buff *skb = s->skb;
	__u8 type = direct ? BPF_CORE_READ_BITFIELD(skb, pkt_type)
			   : BPF_CORE_READ_BITFIELD_PROBED(skb, pkt_type);
	__u8 ttl;

	desk->head = (__u64)LOAD(direct, s->skb, head);
	desk->l3 = LOAD(direct, s->skb, network_header);
	key->l3 = bpf_ntohs(LOAD(direct, s->skb, protocol));
	if (type == PACKET_BROADCAST)
		add_facts(key, FACT_BROADCAST);
	else if (type == PACKET_MULTICAST)
		add_facts(key, FACT_MULTICAST);
	else if (type == PACKET_OTHERHOST)
		add_facts(key, FACT_OTHERHOST);
	/* both at once; a buffer may begin less than that before its header, where there is nothing to read */
	if (bpf_probe_read_kernel(&desk->flow, LINK_BYTES + HEAD_BYTES,
				  (void *)(desk->head + desk->l3 - LINK_BYTES)) &&
	    bpf_probe_read_kernel(desk->flow.bytes, HEAD_BYTES, (void *)(desk->head + desk->l3)))
		desk->flow.bytes[0] = 0;
	/* on output the protocol is set late, so the version decides where it is 0 */
	if (s->desk->flow.bytes[0] >> 4 == 4 && (key->l3 == ETH_P_IP || !key->l3)) {
		s->desk->flow.family = 4;
		key->proto = s->desk->flow.bytes[9];
		ttl = s->desk->flow.bytes[8];
		if (s->desk->flow.bytes[16] >> 4 == 14)
			add_facts(key, FACT_MULTICAST);
		if (is_martian4(s->desk->flow.bytes + 12, s->desk->flow.bytes + 16))
			add_facts(key, FACT_MARTIAN);
		if (kf.icmp4_watched)
			add_facts(key, FACT_ICMP_WATCHED);
	} else if (s->desk->flow.bytes[0] >> 4 == 6 && (key->l3 == ETH_P_IPV6 || !key->l3)) {
		s->desk->flow.family = 6;
		key->proto = s->desk->flow.bytes[6];
		ttl = s->desk->flow.bytes[7];
		if (s->desk->flow.bytes[24] == 0xff)
			add_facts(key, FACT_MULTICAST);
		if (is_martian6(s->desk->flow.bytes + 8, s->desk->flow.bytes + 24))
			add_facts(key, FACT_MARTIAN);
		if (kf.icmp6_watched)
			add_facts(key, FACT_ICMP_WATCHED);
	} else {
		add_facts(key, FACT_NOT_IP);
		return;
	}
	if (ttl <= 1)
		add_facts(key, FACT_TTL_EXPIRED);
	if (key->proto == IPPROTO_TCP)
		see_tcp(s, key);
}

/* Packets in this buffer: GSO and GRO put many into one (skb_shared_info.gso_segs). */
static __always_inline __u16 segments(bool direct, struct sk_buff *skb, __u64 head)
{
	struct skb_shared_info *info = (void *)(head + LOAD(direct, skb, end));
	__u16 segs = READ(info, gso_segs);

	return segs ? segs : 1;
}

/* Local and remote address of a socket, 4 or 16 bytes as `family` says. */
static __always_inline void sock_addresses(struct sock *sk, __u8 family, __u8 *src, __u8 *dst)
{
	if (family == 6) {
		bpf_core_read(src, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_core_read(dst, 16, &sk->__sk_common.skc_v6_daddr);
	} else {
		bpf_core_read(src, 4, &sk->__sk_common.skc_rcv_saddr);
		bpf_core_read(dst, 4, &sk->__sk_common.skc_daddr);
	}
}

/* The device that a connected socket sends through, as far as it remembers its route. */
static __always_inline void see_call_device(const struct seen *s, struct loss_key *key)
{
	struct sock *sk = s->sk;
	struct dst_entry *dst = READ(sk, sk_dst_cache);
	struct net_device *dev = dst ? READ(dst, dev) : NULL;

	if (!is_kernel_pointer(dev))
		return;
	s->desk->dev = (__u64)dev;
	key->ifindex = READ(dev, ifindex);
}

/*
 * A call has no packet: its flow is written as the headers of the packet it would have sent, so that
 * filters and user space need not know the difference. Ports are in network byte order.
 */
static __always_inline void see_flow(const struct seen *s, struct loss_key *key, __u8 proto,
				     const void *src, const void *dst, __be16 sport, __be16 dport)
{
	__builtin_memset(s->desk->flow.bytes, 0, HEAD_BYTES);
	key->proto = proto;
	if (s->desk->flow.family == 6) {
		key->l3 = ETH_P_IPV6;
		s->desk->flow.bytes[0] = 0x60;
		s->desk->flow.bytes[6] = proto;
		__builtin_memcpy(s->desk->flow.bytes + 8, src, 16);
		__builtin_memcpy(s->desk->flow.bytes + 24, dst, 16);
		__builtin_memcpy(s->desk->flow.bytes + 40, &sport, 2);
		__builtin_memcpy(s->desk->flow.bytes + 42, &dport, 2);
	} else {
		key->l3 = ETH_P_IP;
		s->desk->flow.bytes[0] = 0x45;
		s->desk->flow.bytes[9] = proto;
		__builtin_memcpy(s->desk->flow.bytes + 12, src, 4);
		__builtin_memcpy(s->desk->flow.bytes + 16, dst, 4);
		__builtin_memcpy(s->desk->flow.bytes + 20, &sport, 2);
		__builtin_memcpy(s->desk->flow.bytes + 22, &dport, 2);
	}
}

#endif
