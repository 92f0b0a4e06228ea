/* SPDX-License-Identifier: GPL-2.0-only */
/* Where IPVS keeps what is read of it: by the module's BTF, or on 5.10, which has none, at fixed places. */
#ifndef KERNEL_IPVS_BPF_H
#define KERNEL_IPVS_BPF_H

/*
 * Modules have had BTF since 5.11 (36e68442d1af). The places are those of 5.10 on x86-64 and arm64
 * (include/net/ip_vs.h, computed with offsetof from Debian's headers); ipvs_is_plausible() tells
 * whether they hold on the running kernel before anything read from them is believed.
 */
#define IPVS_READ(out, type, p, member, place)                                                     \
	do {                                                                                       \
		/* a variable of its own: CO-RE would relocate a member access in p */             \
		void *base = (void *)(p);                                                          \
		if (bpf_core_type_exists(struct type))                                             \
			*(out) = (typeof(*(out)))READ((struct type *)base, member);                \
		else                                                                               \
			bpf_probe_read_kernel(out, sizeof(*(out)), base + (place));                \
	} while (0)

#define IPVS_READ_ADDR(out, type, p, member, place)                                                \
	do {                                                                                       \
		void *base = (void *)(p);                                                          \
		if (bpf_core_type_exists(struct type))                                             \
			bpf_probe_read_kernel(out, 16,                                             \
					      base + bpf_core_field_offset(struct type, member));  \
		else                                                                               \
			bpf_probe_read_kernel(out, 16, base + (place));                            \
	} while (0)

#define IP_VS_DEST_AVAILABLE 1

/* What a connection entry says. */
struct ipvs_conn {
	__u64 dest; /* struct ip_vs_dest, 0 if none */
	__u64 ipvs; /* struct netns_ipvs */
	__u64 control;
	__u32 flags;
	__u32 n_control;
	__u8 af;
	__u8 proto;
	__u8 state;
};

static __always_inline void ipvs_read_conn(struct ipvs_conn *c, __u64 cp)
{
	IPVS_READ(&c->dest, ip_vs_conn, cp, dest, 184);
	IPVS_READ(&c->ipvs, ip_vs_conn, cp, ipvs, 80);
	IPVS_READ(&c->control, ip_vs_conn, cp, control, 168);
	IPVS_READ(&c->flags, ip_vs_conn, cp, flags, 72);
	IPVS_READ(&c->n_control, ip_vs_conn, cp, n_control.counter, 176);
	IPVS_READ(&c->af, ip_vs_conn, cp, af, 22);
	IPVS_READ(&c->proto, ip_vs_conn, cp, protocol, 76);
	IPVS_READ(&c->state, ip_vs_conn, cp, state, 148);
}

static __always_inline __u64 ipvs_dest_of(__u64 cp)
{
	__u64 dest = 0;

	IPVS_READ(&dest, ip_vs_conn, cp, dest, 184);
	return dest;
}

static __always_inline __u32 ipvs_weight(__u64 dest)
{
	__u32 weight = 0;

	IPVS_READ(&weight, ip_vs_dest, dest, weight.counter, 60);
	return weight;
}

/* The bit moved from flags to cflags, also in stable branches: "ipvs: fix races around dest flags". */
static __always_inline bool ipvs_is_available(__u64 dest)
{
	__u32 flags = 0;

	if (bpf_core_type_exists(struct ip_vs_dest) &&
	    bpf_core_field_exists(struct ip_vs_dest, cflags))
		return READ((struct ip_vs_dest *)dest, cflags) & IP_VS_DEST_AVAILABLE;
	IPVS_READ(&flags, ip_vs_dest, dest, flags, 52);
	return flags & IP_VS_DEST_AVAILABLE;
}

/* Only in kernels that are built with IPVS. */
struct net___ipvs {
	struct netns_ipvs *ipvs;
} __attribute__((preserve_access_index));

/* struct netns_ipvs and struct net point to each other: no other pair of places does. */
static __always_inline bool ipvs_is_plausible(__u64 ipvs)
{
	struct net___ipvs *net = NULL;

	if (!is_kernel_pointer((void *)ipvs))
		return false;
	IPVS_READ(&net, netns_ipvs, ipvs, net, 0x870);
	return is_kernel_pointer(net) && (__u64)READ(net, ipvs) == ipvs;
}

static __always_inline void ipvs_read_conn_detail(struct detail_ipvs *d, __u64 cp,
						  const struct ipvs_conn *c)
{
	d->family = c->af == AF_INET6 ? 6 : 4;
	d->proto = c->proto;
	d->state = c->state;
	IPVS_READ(&d->virtual_port, ip_vs_conn, cp, vport, 20);
	IPVS_READ_ADDR(d->virtual_addr, ip_vs_conn, cp, vaddr, 40);
	IPVS_READ(&d->conn_reuse_mode, netns_ipvs, c->ipvs, sysctl_conn_reuse_mode, 0x74c);
	IPVS_READ(&d->expire_nodest_conn, netns_ipvs, c->ipvs, sysctl_expire_nodest_conn, 0x720);
	IPVS_READ(&d->conntrack, netns_ipvs, c->ipvs, sysctl_conntrack, 0x6fc);
}

static __always_inline void ipvs_read_end(struct ipvs_end *e, __u64 dest)
{
	__u8 af = 0;

	IPVS_READ(&af, ip_vs_dest, dest, af, 32);
	e->family = af == AF_INET6 ? 6 : 4;
	IPVS_READ(&e->port, ip_vs_dest, dest, port, 34);
	IPVS_READ_ADDR(e->addr, ip_vs_dest, dest, addr, 36);
	e->weight = ipvs_weight(dest);
}

static __always_inline void ipvs_read_dest_detail(struct detail_ipvs *d, __u64 dest)
{
	struct ipvs_end e = {};

	ipvs_read_end(&e, dest);
	d->real_family = e.family;
	d->real_port = e.port;
	__builtin_memcpy(d->real_addr, e.addr, sizeof(d->real_addr));
	d->weight = e.weight;
	d->available = ipvs_is_available(dest);
}

/* The service that a server belongs to, 0 unless it is one of that namespace. */
static __always_inline __u64 ipvs_service_of(__u64 dest, __u64 ipvs)
{
	__u64 svc = 0, its = 0;

	IPVS_READ(&svc, ip_vs_dest, dest, svc, 392);
	if (!is_kernel_pointer((void *)svc))
		return 0;
	IPVS_READ(&its, ip_vs_service, svc, ipvs, 80);
	return its == ipvs ? svc : 0;
}

/* Head of the list of a service's servers. */
static __always_inline __u64 ipvs_servers_of(__u64 svc)
{
	if (bpf_core_type_exists(struct ip_vs_service))
		return svc + bpf_core_field_offset(struct ip_vs_service, destinations);
	return svc + 88;
}

static __always_inline __u64 ipvs_server_at(__u64 listed)
{
	if (bpf_core_type_exists(struct ip_vs_dest))
		return listed - bpf_core_field_offset(struct ip_vs_dest, n_list);
	return listed;
}

static __always_inline bool ipvs_read_service(struct detail_ipvs *d, __u64 svc)
{
	__u64 ipvs = 0;
	__u8 af = 0;

	IPVS_READ(&ipvs, ip_vs_service, svc, ipvs, 80);
	if (!ipvs_is_plausible(ipvs))
		return false;
	IPVS_READ(&af, ip_vs_service, svc, af, 36);
	d->family = af == AF_INET6 ? 6 : 4;
	IPVS_READ(&d->proto, ip_vs_service, svc, protocol, 38);
	IPVS_READ(&d->virtual_port, ip_vs_service, svc, port, 56);
	IPVS_READ_ADDR(d->virtual_addr, ip_vs_service, svc, addr, 40);
	IPVS_READ(&d->fwmark, ip_vs_service, svc, fwmark, 60);
	IPVS_READ(&d->num_dests, ip_vs_service, svc, num_dests, 104);
	IPVS_READ(&d->conn_reuse_mode, netns_ipvs, ipvs, sysctl_conn_reuse_mode, 0x74c);
	IPVS_READ(&d->expire_nodest_conn, netns_ipvs, ipvs, sysctl_expire_nodest_conn, 0x720);
	IPVS_READ(&d->conntrack, netns_ipvs, ipvs, sysctl_conntrack, 0x6fc);
	return true;
}

#endif
