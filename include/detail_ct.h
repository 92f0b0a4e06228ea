/* SPDX-License-Identifier: GPL-2.0-only */
/* Evidence of conntrack and NAT in the record: tables, connections that clash, ranges of ports. */
#ifndef DETAIL_CT_H
#define DETAIL_CT_H

/* The connection tracking table of one namespace. */
struct detail_ct {
	__u32 count; /* entries of this namespace */
	__u32 max; /* net.netfilter.nf_conntrack_max: one number for all namespaces, held against each */
	__u32 buckets; /* of the hash table, which all namespaces share */
	__u32 status;  /* enum ip_conntrack_status of the entry this is about, 0 if there is none */
};

/* One direction of a connection; IPv4 addresses are in the first 4 bytes, the rest is 0. */
struct ct_tuple {
	__u8 src[16];
	__u8 dst[16];
	__u16 sport; /* of ICMP the identification */
	__u16 dport; /* of ICMP type and code */
};

/* Two connections that cannot both be in the table. */
struct detail_clash {
	struct ct_tuple loser[2]; /* original and reply direction; the packet's connection */
	struct ct_tuple winner[2];
	__u32 loser_status; /* enum ip_conntrack_status */
	__u32 winner_status;
	__u16 loser_zone;
	__u16 winner_zone;
	__u8 winner_dir; /* which of the winner's directions is in the way: 0 original, 1 reply */
	__u8 family;	 /* 4 or 6 */
	__u8 proto;
	__u8 pad;
};

/* A source NAT that had nothing left to choose from. */
struct detail_nat {
	struct ct_tuple loser[2];
	struct ct_tuple winner; /* original direction of the one that has the port */
	__u8 min_addr[16];	/* the rule's own range */
	__u8 max_addr[16];
	__u16 min_port; /* 0: the rule names no ports */
	__u16 max_port;
	__u32 flags;  /* NF_NAT_RANGE_* */
	__u32 tries;  /* ports that were found taken */
	__u32 status; /* of the loser */
	__u16 zone;
	__u8 family; /* 4 or 6 */
	__u8 proto;
};

struct detail_invalid {
	char text[64]; /* format of the message conntrack would log, without its values */
};

#endif
