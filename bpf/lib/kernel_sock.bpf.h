/* SPDX-License-Identifier: GPL-2.0-only */
/* Where each kernel keeps what sockets share: ports, their holders, options, memory. */
#ifndef KERNEL_SOCK_BPF_H
#define KERNEL_SOCK_BPF_H

#define SOCK_SNDBUF_LOCK   1 /* the application set SO_SNDBUF */
#define SOCK_RCVBUF_LOCK   2 /* the application set SO_RCVBUF (include/net/sock.h) */
#define SOCK_BINDPORT_LOCK 8 /* the application chose the port */

/* int[2] on 5.10 and 6.1, one word on 6.12. */
struct local_ports___old {
	int range[2];
} __attribute__((preserve_access_index));

struct netns_ipv4___old {
	struct local_ports___old ip_local_ports;
} __attribute__((preserve_access_index));

struct net___old_ports {
	struct netns_ipv4___old ipv4;
} __attribute__((preserve_access_index));

/* net.ipv4.ip_local_port_range: the low port in the low half, the high one in the high half. */
static __always_inline __u32 port_range(struct net *net)
{
	struct net___old_ports *old = (void *)net;

	/* a field of another kind is none: before 6.8 (d9f28735af87) it was an array */
	if (bpf_core_field_exists(net->ipv4.ip_local_ports.range))
		return READ(net, ipv4.ip_local_ports.range);
	return READ(old, ipv4.ip_local_ports.range[0]) | READ(old, ipv4.ip_local_ports.range[1])
								 << 16;
}

/* Two words in 6.1's backport, one on 6.12, with the same bits. */
struct inet_sock___pair {
	struct {
		__u16 lo, hi;
	} local_port_range;
} __attribute__((preserve_access_index));

/* IP_LOCAL_PORT_RANGE of a socket (6.3, 91d0b78c5177), laid out like port_range(); a half that is 0 was
 * not set. */
static __always_inline __u32 own_port_range(struct sock *sk)
{
	struct inet_sock *inet = (void *)sk;
	struct inet_sock___pair *pair = (void *)sk;

	if (bpf_core_field_exists(inet->local_port_range))
		return READ(inet, local_port_range);
	if (bpf_core_field_exists(pair->local_port_range))
		return READ(pair, local_port_range.lo) | (__u32)READ(pair, local_port_range.hi)
								 << 16;
	return 0;
}

/* The table of TCP's ports: the protocol's on 5.10, the namespace's on 6.1. */
static __always_inline struct inet_hashinfo *tcp_ports(struct sock *sk, struct net *net)
{
	struct inet_hashinfo *table = READ(sk, __sk_common.skc_prot, h.hashinfo);

	if (!table && bpf_core_field_exists(net->ipv4.tcp_death_row.hashinfo))
		table = READ(net, ipv4.tcp_death_row.hashinfo);
	return table;
}

struct proto___udp {
	union {
		struct udp_table *udp_table;
	} h;
} __attribute__((preserve_access_index));

/* The same for UDP: the protocol's until 6.1, the namespace's on 6.12. */
static __always_inline struct udp_table *udp_ports(struct sock *sk, struct net *net)
{
	struct proto___udp *prot = (void *)READ(sk, __sk_common.skc_prot);
	struct udp_table *table = NULL;

	if (bpf_core_field_exists(prot->h.udp_table))
		table = READ(prot, h.udp_table);
	if (!table && bpf_core_field_exists(net->ipv4.udp_table))
		table = READ(net, ipv4.udp_table);
	return table;
}

/*
 * On 5.10 and 6.1 a port's sockets hang from its bucket; on 6.12 from buckets below it, one for each
 * address. A link is a socket's there and such a bucket's here, of which one socket stands for all.
 */
struct inet_bind_bucket___old {
	struct hlist_head owners;
} __attribute__((preserve_access_index));

static __always_inline struct hlist_node *first_port_link(struct inet_bind_bucket *bucket)
{
	struct inet_bind_bucket___old *old = (void *)bucket;

	if (bpf_core_field_exists(old->owners))
		return READ(old, owners.first);
	return READ(bucket, bhash2.first);
}

static __always_inline struct sock *port_link_owner(struct hlist_node *link)
{
	struct inet_bind_bucket___old *old = NULL;
	struct inet_bind2_bucket *below;

	if (!bpf_core_field_exists(old->owners)) {
		below = (void *)link - bpf_core_field_offset(struct inet_bind2_bucket, bhash_node);
		link = READ(below, owners.first);
		if (!link)
			return NULL;
	}
	return (void *)link - bpf_core_field_offset(struct sock, __sk_common.skc_bind_node);
}

static __always_inline __u8 sock_locks(struct sock *sk)
{
	/* four bits of a byte on 5.10 and 6.1 */
	return BPF_CORE_READ_BITFIELD_PROBED(sk, sk_userlocks);
}

#define SK_MEMCG_FLAGS 7ULL /* low bits of sk_memcg since 6.18 (include/linux/memcontrol.h) */

/* Address of the struct mem_cgroup the socket is charged to; 0: none, or the kernel has no such groups. */
static __always_inline __u64 sock_memory_cgroup(struct sock *sk)
{
	if (!bpf_core_field_exists(sk->sk_memcg))
		return 0;
	return (__u64)READ(sk, sk_memcg) & ~SK_MEMCG_FLAGS;
}

#endif
