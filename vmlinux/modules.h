/* SPDX-License-Identifier: GPL-2.0-only */
/* The few structs that live in modules, by hand: only what is read, found by name in the module's BTF. */
#ifndef MODULES_H
#define MODULES_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* include/net/ip_vs.h. Small numbers are declared as bytes: their width differs between kernels, and
 * the first byte is the value on a little-endian machine. */
struct netns_ipvs {
	int sysctl_conntrack;
	int sysctl_expire_nodest_conn;
	int sysctl_conn_reuse_mode;
	struct net *net;
};

struct ip_vs_dest {
	struct list_head n_list;
	__u8 af;
	__be16 port;
	union nf_inet_addr addr;
	volatile unsigned int flags;
	volatile unsigned long cflags;
	atomic_t weight;
	struct ip_vs_service *svc;
};

struct ip_vs_service {
	__u8 af;
	__u8 protocol;
	union nf_inet_addr addr;
	__be16 port;
	__u32 fwmark;
	__u32 num_dests;
	struct netns_ipvs *ipvs;
	struct list_head destinations;
};

struct ip_vs_conn {
	__be16 cport;
	__be16 dport;
	__be16 vport;
	__u8 af;
	union nf_inet_addr caddr;
	union nf_inet_addr vaddr;
	union nf_inet_addr daddr;
	volatile __u32 flags;
	__u8 protocol;
	__u8 daf;
	struct netns_ipvs *ipvs;
	volatile __u8 state;
	struct ip_vs_conn *control;
	atomic_t n_control;
	struct ip_vs_dest *dest;
};

#pragma clang attribute pop

#endif
