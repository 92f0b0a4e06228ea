/* SPDX-License-Identifier: GPL-2.0-only */
/* The record that travels from the kernel to user space: the only contract between the two sides. */
#ifndef EVENT_H
#define EVENT_H

/*
 * Fixed-width types, no pointers, no bit-fields, no includes but detail.h: the includer provides __u8
 * ... __u64 (vmlinux.h on the BPF side, linux/types.h in user space). All addresses and ports are in
 * network byte order, everything else in the byte order of the machine.
 */

#define EVENT_VERSION 2

enum event_kind {
	EV_SKB_DROP = 1, /* kfree_skb: a buffer was freed as dropped */
	EV_HOOK_DROP,	 /* a packet was lost without passing kfree_skb: a deeper hook saw it */
	EV_CALL,	 /* a system call was refused: there is no packet, the caller is current */
	EV_NOTICE,	 /* nothing is lost here: a limit is near, or a loss was averted */
	EV_KIND_MAX,
};

/*
 * What the kernel program saw, one bit each. Facts are in the count key, so a fact may only be
 * something a cause or an owner depends on: a fact that varies from packet to packet for no use
 * would split the counts.
 */
enum fact {
	FACT_STATE_MASK = 0xf,	      /* skc_state of the socket below, 0 when there is none */
	FACT_SK_RX = 1 << 4,	      /* the socket is the receiver's (rx_sk) */
	FACT_SK_TX = 1 << 5,	      /* the socket is the sender's (skb->sk) */
	FACT_SK_FULL = 1 << 6,	      /* a full socket: cgroup and buffers were readable */
	FACT_ACCEPT_FULL = 1 << 7,    /* listener with sk_ack_backlog > sk_max_ack_backlog */
	FACT_MULTICAST = 1 << 8,      /* link-layer multicast or IP multicast destination */
	FACT_BROADCAST = 1 << 9,      /* link-layer broadcast */
	FACT_OTHERHOST = 1 << 10,     /* not addressed to this host at the link layer */
	FACT_TTL_EXPIRED = 1 << 11,   /* IPv4 TTL or IPv6 hop limit is 1 or 0 */
	FACT_OVER_PEER_MTU = 1 << 12, /* veth: longer than the peer's MTU allows */
	FACT_PEER_DOWN = 1 << 13,     /* veth: the peer is not up */
	FACT_DEV_DOWN = 1 << 14,      /* the device is not up, or has no carrier */
	FACT_NOT_IP = 1 << 15,	      /* no IPv4 or IPv6 header where one was expected */
	FACT_TCP_SYN = 1 << 16,	      /* TCP flags of the packet (outer header) */
	FACT_TCP_ACK = 1 << 17,
	FACT_TCP_RST = 1 << 18,
	FACT_TCP_FIN = 1 << 19,
	FACT_NETLINK = 1 << 20, /* the socket is not an IP socket (netlink, unix, packet ...) */
	FACT_OVER_DST_MTU = 1 << 21,  /* longer than the MTU of the device its route points to */
	FACT_NO_PAYLOAD = 1 << 22,    /* TCP without data */
	FACT_MARTIAN = 1 << 23,	      /* source or destination that may not come from outside */
	FACT_ICMP_WATCHED = 1 << 24,  /* an ICMP error about it would have left a note */
	FACT_RECEIVE_FULL = 1 << 25,  /* refused for memory by a socket whose own buffer is full */
	FACT_WINDOW_CLOSED = 1 << 26, /* refused as beyond the window of a socket that has none */
	FACT_IPV6_OFF = 1 << 27,      /* IPv6 is switched off on the device */
};

#define FACT_STATE(facts) ((facts)&FACT_STATE_MASK)
#define FACT_TCP_FLAGS(facts)                                                                      \
	((facts) & (FACT_TCP_SYN | FACT_TCP_ACK | FACT_TCP_RST | FACT_TCP_FIN))

/* A hook that runs before the free and knows why leaves a note: its kind in the top byte. */
enum note_kind {
	NOTE_NONE,
	NOTE_ICMP,	  /* an ICMP error was sent about it: type << 8 | code */
	NOTE_ICMP6,	  /* the same for ICMPv6 */
	NOTE_NF_RULE,	  /* a rule of a table engine dropped it; data tells rules apart */
	NOTE_NF_POLICY,	  /* the policy of a base chain did; data tells chains apart */
	NOTE_NF_HOOK,	  /* another netfilter hook did; data: enum nf_hook_known */
	NOTE_NO_SOCKET,	  /* TCP found no socket and answered with a reset */
	NOTE_ACCEPT_FULL, /* listener's accept queue full; data: enum handshake_step */
	NOTE_SYN_FULL,	  /* listener's SYN queue full, no cookies */
	NOTE_SYN_COOKIE,  /* listener's SYN queue full, answered with a cookie */
	NOTE_SYN_OTHER,	  /* the request was refused for neither; data: enum syn_other */
	NOTE_NEIGH,	  /* what is known of the neighbour the packet waited for */
	NOTE_QDISC,	  /* which queueing discipline refused it */
	NOTE_XFRM,	  /* an IPsec policy refused it; data: XFRM_POLICY_IN 0, OUT 1, FWD 2 */
	NOTE_PMTU,	  /* full-size TCP segments do not get through, small ones do */
	NOTE_TCP_MEMORY,  /* a TCP socket had no room for data, or no memory was to be had; its free
			   * has a reason of its own where kfree_skb sees it, as with the next */
	NOTE_TCP_WINDOW,  /* data for a TCP socket whose receive window is closed */
	NOTE_TCP_BACKLOG, /* a locked TCP socket's backlog is full */
	NOTE_TCP_PRUNED,  /* out-of-order data thrown away to make room */
	NOTE_IPVS_FIRST_SYN, /* reused connection whose conntrack entry is still confirmed: dropped */
	NOTE_IPVS_GONE,	     /* its real server was removed: dropped */
	NOTE_IPVS_NO_DEST,   /* the service has no real server to take it: dropped */
	NOTE_IPVS_FORWARDED, /* sent on to a server of weight 0, or by reuse; data: enum ipvs_way */
	NOTE_IPVS_PINNED,    /* the same as a notice: a new connection got an old one's server */
	NOTE_IPVS_RESCHEDULED, /* reused connection that got a server anew */
	NOTE_NO_PORT,	       /* no source port left; data: enum port_use */
	NOTE_PORT_HELD,	       /* the port to bind is held by an outgoing connection */
	NOTE_PORT_TAKEN,       /* connect from a chosen port: the connection exists already */
	NOTE_SEND_FULL,	       /* no room in the send buffer; data: errno */
	NOTE_SEND_TOO_BIG,     /* longer than the MTU, and may not be fragmented */
	NOTE_RECEIVE_FULL,     /* no room in the receive buffer of a UDP, raw or ping socket */
	NOTE_CT_INSERT,	       /* conntrack could not enter the connection; data: enum ct_insert */
	NOTE_CT_CHAIN,	       /* the same because its hash chain is too long */
	NOTE_CT_RESOLVED,      /* conntrack resolved a clash, nothing is lost */
	NOTE_CT_FULL,	       /* conntrack's table is full */
	NOTE_CT_NO_MEMORY,
	NOTE_CT_EVICTED, /* an entry was removed to make room for another connection's */
	NOTE_CT_INVALID, /* conntrack does not accept the packet; it goes on untracked */
	NOTE_NAT_FULL,	 /* source NAT found no free port, so that the connection clashed */
	NOTE_UDP_MEMORY, /* a UDP socket had room, but no memory was to be had */
	NOTE_MAX,
};

/* How a packet came to a real server that a new connection would not get. */
enum ipvs_way {
	IPVS_BY_REUSE,
	IPVS_WEIGHT_0
};

/* What a source port was wanted for. */
enum port_use {
	PORT_FOR_CONNECT,
	PORT_FOR_BIND /* bind() to port 0, or the first send of an unbound socket */
};

/* Whether the table engines would have said that it was they (NOTE_NF_HOOK). */
enum nf_hook_known {
	NF_HOOK_ENGINES_SILENT, /* not all loaded ones are watched */
	NF_HOOK_ENGINES_WATCHED
};

/* Which packet of a handshake found the accept queue full. */
enum handshake_step {
	STEP_SYN,
	STEP_ACK,
	STEP_COOKIE_ACK
};

/* Why a request was refused though the queues had room (tcp_conn_request). */
enum syn_other {
	SYN_OTHER_UNKNOWN,
	SYN_OTHER_LAST_QUARTER, /* without cookies, of max_syn_backlog, for peers not proven alive */
	SYN_OTHER_NO_ROUTE	/* there is no way back to the client */
};

/* Why a connection could not be entered into the table (__nf_conntrack_confirm). */
enum ct_insert {
	CT_INSERT_CLASH,       /* another one has its original direction */
	CT_INSERT_CLASH_REPLY, /* another one has its reply direction */
	CT_INSERT_DYING,       /* it was deleted while its first packet was on the way */
	CT_INSERT_TWICE,       /* it is there already: the packet is one of several copies */
	CT_INSERT_OTHER
};

#define NOTE(kind, data) ((__u32)(kind) << 24 | ((data)&0xffffff))
#define NOTE_KIND(note)	 ((note) >> 24)
#define NOTE_DATA(note)	 ((note)&0xffffff)

/*
 * The key of the exact per-CPU loss counters. It holds all that cause and owner depend on:
 * classify() and attribute() look at nothing else of a record, so that a counted loss and a
 * described one can never be judged differently.
 */
struct loss_key {
	__u64 location;	    /* return address of the function that freed it */
	__u64 cgroup;	    /* cgroup v2 id of the socket, 0 if unknown */
	__u64 netns_cookie; /* net->net_cookie of owner netns: sk_netns if set, else netns; may be 0 */
	__u32 netns;	    /* inode of the network namespace it was lost in, 0 if unknown */
	__u32 sk_netns;	    /* inode of the socket's network namespace, 0 without a socket */
	__u32 reason;	    /* enum skb_drop_reason of this kernel, 0 where it has none */
	__u32 facts;	    /* enum fact */
	__u32 note;	    /* NOTE(kind, data) */
	__u32 owner;	    /* id of the local owner of a forwarded packet, 0 if none */
	__u32 ifindex;	    /* device it was on, in netns; 0 if unknown */
	__u8 kind;	    /* enum event_kind */
	__u8 proto;	    /* IPPROTO_* of the outer header, 0 if not IP */
	__u16 l3;	    /* ETH_P_* of the buffer, host byte order */
};

/* Values of the count map. */
struct loss_count {
	__u64 buffers; /* struct sk_buff freed */
	__u64 packets; /* packets in them: GSO and GRO buffers hold several */
	__u64 bytes;   /* skb->len */
};

/* What one CPU has counted and not yet added to the count map. */
struct recent_loss {
	struct loss_key key;
	struct loss_count count;
	__u64 busy;	/* how many programs have it in hand, or just missed it */
	__u64 quiet_ns; /* no details of the key are to be sent before */
};

/*
 * Local owners of packets without a socket, kept by user space in the maps owner_by_dev (struct
 * owner_dev), owner_by_mac (6 bytes in a __u64, first byte lowest) and owner_by_addr (struct
 * owner_addr). The value is the owner's id; loss_key.owner holds OWNER(how, id), tried in the order
 * of enum owner_how.
 */
struct owner_dev {
	__u32 netns; /* inode of the namespace that holds the host's end of the veth */
	__u32 ifindex;
};

struct owner_addr {
	__u8 addr[16]; /* network byte order; IPv4 in the first 4 bytes, the rest 0 */
	__u32 family;  /* 4 or 6 */
};

enum owner_how {
	OWNER_BY_IIF = 1,
	OWNER_BY_DEV,
	OWNER_BY_MAC,
	OWNER_BY_SRC,
	OWNER_BY_DST
};

/* In a value of owner_by_addr: the pod has ended. What is sent to the address is its loss still, but what
 * comes from there is another's. */
#define OWNER_ENDED 0x80000000U

#define OWNER(how, id)	 ((__u32)(how) << 24 | ((id)&0xffffff))
#define OWNER_HOW(owner) ((owner) >> 24)
#define OWNER_ID(owner)	 ((owner)&0xffffff)

#include "detail.h"
#include "event_more.h"

#define EVENT_SNAP  144 /* bytes of packet kept: outer + VXLAN/IPv6 + inner headers fit */
#define EVENT_STACK 32	/* frames of kernel stack when asked for */

/*
 * One loss in detail. `size` counts the whole record; `stack` is only there when stack_size > 0, and struct
 * event_more only with has_more, at stack[EVENT_STACK].
 */
struct event {
	__u16 size;
	__u8 version;
	__u8 stack_size; /* frames that follow in stack[] */
	__u32 cpu;
	__u64 time_ns; /* CLOCK_MONOTONIC */
	struct loss_key key;

	__u32 length; /* skb->len */
	__u16 segs;   /* packets in the buffer, at least 1 */
	__u16 snap_size;
	__u16 l3_offset; /* of the network header in snap[], 0xffff if unknown */
	__u16 l4_offset; /* of the transport header in snap[], 0xffff if unset */
	__u32 mark;
	__u32 iif;	/* skb->skb_iif: where it came in, 0 if local */
	__u32 hash;	/* skb->hash */
	__u64 skb;	/* address, to join with other tools; 0 for a call */
	char dev[16];	/* device name, empty if unknown */
	__u32 dev_mtu;	/* of that device, 0 if unknown */
	__u32 peer_mtu; /* of its veth peer, where the loss was there */
	__u32 dst_mtu;	/* of the route, or of the device it points to; 0 where no cause shows it */
	__u8 has_more;	/* struct event_more follows behind the room for the stack */
	__u8 pad[3];

	__u32 sk_rmem; /* bytes queued to the socket, sk_rmem_alloc */
	__u32 sk_rcvbuf;
	__u32 sk_backlog_len; /* bytes in the socket backlog */
	__u32 sk_wmem;
	__u32 sk_sndbuf;
	__u32 sk_ack_backlog; /* accept queue: now */
	__u32 sk_max_ack_backlog;
	__u32 sk_drops;
	__u16 sk_port; /* local port of the socket, host byte order */
	__u8 sk_proto;
	__u8 sk_family;
	__u64 sk_inode; /* of the socket's file, 0 if it has none: tells the process that holds it */

	char qdisc[12]; /* kind of the qdisc of its transmit queue, empty if unknown */
	__u32 qdisc_limit; /* packets, or bytes where the kind counts those; 0 where it keeps its own */
	__u32 qdisc_qlen;
	__u32 qdisc_backlog; /* bytes */
	__u32 tx_queue_len;  /* of the device */

	/* the caller, for EV_CALL only: in other contexts the current task has nothing to do with it */
	__u32 pid;
	__u32 detail_kind; /* enum detail_kind */
	char comm[16];
	union detail detail;

	__u8 snap[EVENT_SNAP];
	__u64 stack[];
};

_Static_assert(sizeof(struct loss_key) == 56,
	       "the count key is hashed for every drop: keep it small");
_Static_assert(sizeof(struct event) % 8 == 0, "records are 8-aligned");

#endif
