/* SPDX-License-Identifier: GPL-2.0-only */
/* The evidence that each kind of hook adds to the record, under the rules of event.h. */
#ifndef DETAIL_H
#define DETAIL_H

#include "detail_ct.h"
#include "detail_nf.h"

/*
 * Evidence of one kind of hook, in event.detail; event.detail_kind tells which member holds. Fields
 * (user/fields.c) are read from it by that tag.
 */
enum detail_kind {
	DETAIL_NONE,
	DETAIL_LISTEN,
	DETAIL_MTU,
	DETAIL_NEIGH,
	DETAIL_QDISC,
	DETAIL_PMTU,
	DETAIL_RPFILTER,
	DETAIL_RECEIVER,
	DETAIL_IPVS,
	DETAIL_PORTS,
	DETAIL_SEND,
	DETAIL_DATAGRAMS,
	DETAIL_CT,
	DETAIL_CLASH,
	DETAIL_NAT,
	DETAIL_INVALID,
	DETAIL_NF_RULE,
	DETAIL_NF_HOOK,
	DETAIL_MEMORY,
	DETAIL_KIND_MAX
};

/* A listener at the moment a handshake met it; the limits are those of its own namespace. */
struct detail_listen {
	__u32 accept_queue; /* connections */
	__u32 accept_limit;
	__u32 syn_queue; /* requests */
	__u32 syn_young; /* of them never retransmitted */
	__u32 somaxconn;
	__u32 max_syn_backlog;
	__u32 syncookies; /* net.ipv4.tcp_syncookies: 0 never, 1 when full, 2 always */
	__u32 abort_on_overflow;
};

/* A packet that is too long for its way on, or for the other end of a veth. */
struct detail_mtu {
	__u32 size;   /* of the packet, from its network header; of one segment if it is GSO */
	__u32 told;   /* MTU in the ICMP error about it; 0: none was made */
	__u32 in_mtu; /* of the device it came in on, or of the sending end; 0: sent from here */
	__u32 in_ifindex;
	__u32 out_mtu; /* of the route, or of the receiving end */
	__u32 out_ifindex;
	__u32 out_netns; /* inode */
	__u32 pad;
	char in_dev[16];
	char out_dev[16];
};

/* The next hop of a packet that found no link-layer address. */
struct detail_neigh {
	__u8 next_hop[16]; /* network byte order; IPv4 in the first 4 bytes */
	__u8 family;	   /* 4 or 6; 0: unknown */
	__u8 state;	   /* NUD_* */
	__u16 probes;
	__u32 queue_bytes; /* that wait for it */
	__u32 queue_limit; /* unres_qlen_bytes of its device */
	__u32 entries;	   /* of the family's table that garbage collection may take */
	__u32 gc_thresh3;
	__u32 ifindex;
	char dev[16];
};

/* The queueing discipline that refused the packet, which may be a leaf deep below the device's root. */
struct detail_qdisc {
	char kind[16];
	__u32 handle; /* major:minor */
	__u32 parent;
	__u32 limit;   /* packets, or bytes where the kind counts those */
	__u32 length;  /* packets */
	__u32 backlog; /* bytes */
	__u32 drops;   /* so far, this one not yet counted */
};

/* A TCP connection whose full-size segments do not get through. */
struct detail_pmtu {
	__u32 mss;
	__u32 segment;	   /* payload of the segment that is sent again and again */
	__u32 retransmits; /* of it */
	__u32 pmtu;	   /* path MTU as the connection knows it */
	__u32 passed;	   /* longest run of bytes that was acknowledged selectively behind it */
	__u32 acked;	   /* bytes acknowledged on this connection before it */
	__u32 heard;	   /* the peer was heard since the first retransmission */
	__u32 probing;	   /* net.ipv4.tcp_mtu_probing of the namespace */
};

/* What rp_filter judged by. */
struct detail_rpfilter {
	__u32 all; /* net.ipv4.conf.all.rp_filter; the larger of the two counts */
	__u32 dev; /* net.ipv4.conf.DEV.rp_filter */
};

/* A TCP socket that received, beside what struct event says of any socket. */
struct detail_receiver {
	__u32 window;	    /* bytes it still takes: what it last advertised, less what has come */
	__u32 unread;	    /* bytes of data in order that the application has not read */
	__u32 buffer_fixed; /* the application has set SO_RCVBUF: the buffer does not grow by itself */
	__u32 rmem_max;	    /* net.ipv4.tcp_rmem[2] of its namespace */
};

#define IPVS_SERVERS 4

/* A real server of a service. */
struct ipvs_end {
	__u8 addr[16];
	__u16 port;
	__u8 family; /* 0: no more servers */
	__u8 pad;
	__u32 weight;
};

/* Addresses and ports in network byte order; IPv4 in the first 4 bytes. */
struct detail_ipvs {
	__u8 virtual_addr[16];
	__u8 real_addr[16];
	__u16 virtual_port;
	__u16 real_port;
	__u8 family;	  /* of the service: 4 or 6, 0 if unknown */
	__u8 real_family; /* 0: there is no real server */
	__u8 proto;
	__u8 state;	 /* IP_VS_TCP_S_* of the connection that was found */
	__u32 weight;	 /* of the real server */
	__u32 available; /* 0: it has been removed from the service */
	__u32 ct_status; /* IPS_* of the packet's conntrack entry */
	__u32 has_ct;	 /* there is one */
	__u32 conn_reuse_mode;
	__u32 expire_nodest_conn;
	__u32 conntrack;
	__u32 num_dests; /* real servers of the service, 0 if unknown */
	__u32 fwmark;
	__u32 watched_s; /* seconds since the first of the following was counted */
	__u64 reused;	 /* new connections this server got by reuse since the hooks are there */
	__u64 scheduled; /* and by the scheduler */
	/* of the service: its first, or of a new connection, those that could have had one and had none */
	struct ipvs_end servers[IPVS_SERVERS];
};

/*
 * Why a port could not be had. The range is that of the socket's namespace, or its own
 * (IP_LOCAL_PORT_RANGE). A connect passes over a port that is bound, and over one that is in use to
 * its destination; the latter were counted on its way, the former are the rest.
 */
struct detail_ports {
	__u32 low;
	__u32 high;
	__u32 reserved; /* ports of the range in net.ipv4.ip_local_reserved_ports */
	__u32 usable;	/* the other ports of the range */
	__u32 counted;	/* whether the next three are known */
	__u32 connected;
	__u32 time_wait; /* of the connected */
	__u32 bound;
	__u32 port;	/* that was asked for, 0: any */
	__u32 tw_reuse; /* net.ipv4.tcp_tw_reuse */

	__u64 holder_inode; /* socket that holds the port: its file, 0 if it has none any more */
	__u64 holder_cgroup;
	__u8 holder_state;  /* skc_state; 0: no holder */
	__u8 holder_family; /* 4 or 6 */
	__u16 holder_sport; /* network byte order, as the addresses */
	__u16 holder_dport;
	__u16 pad;
	__u8 holder_src[16];
	__u8 holder_dst[16];
};

/* A send that was refused. */
struct detail_send {
	__u32 length;	  /* bytes of the datagram */
	__u32 packet;	  /* with UDP and IP headers */
	__u32 mtu;	  /* that it did not fit into, 0: that was not it */
	__u32 own_buffer; /* the application set SO_SNDBUF */
};

/* A UDP, raw or ping socket whose buffer is full, besides what struct event says of any socket. */
struct detail_datagrams {
	__u32 queue_length; /* packets that wait */
	__u32 stalled_ms;   /* so long at least the first of them has been waiting */
	__u32 own_buffer;   /* the application set SO_RCVBUF */
	__u32 pad;
};

/* What the kernel grants sockets, in pages, when it granted no more. */
struct detail_memory {
	char protocol[16]; /* struct proto name: TCP, TCPv6, UDP, ... */
	__u32 pages;	   /* all sockets of the protocol use */
	__u32 limits[3];   /* tcp_mem or udp_mem: from the third on nothing is granted */
	__u32 needed;	   /* for this packet */
	__u32 cgroup_pages; /* used in the memory cgroup, of those around the socket, with the least left */
	__u32 cgroup_limit; /* memory.max there; 0: none has a limit */
	__u32 pad;
};

union detail {
	struct detail_memory memory;
	struct detail_ports ports;
	struct detail_send send;
	struct detail_datagrams datagrams;
	struct detail_listen listen;
	struct detail_mtu mtu;
	struct detail_neigh neigh;
	struct detail_qdisc qdisc;
	struct detail_pmtu pmtu;
	struct detail_rpfilter rpfilter;
	struct detail_receiver receiver;
	struct detail_ipvs ipvs;
	struct detail_ct ct;
	struct detail_clash clash;
	struct detail_nat nat;
	struct detail_invalid invalid;
	struct detail_nf_rule nf_rule;
	struct detail_nf_hook nf_hook;
	__u64 words[24];
};

#endif
