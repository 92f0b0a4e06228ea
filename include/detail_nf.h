/* SPDX-License-Identifier: GPL-2.0-only */
/* What is told of a netfilter rule, policy or hook that dropped a packet, under the rules of event.h. */
#ifndef DETAIL_NF_H
#define DETAIL_NF_H

enum nf_backend {
	NF_BACKEND_NFT = 1, /* nftables, and iptables-nft on top of it */
	NF_BACKEND_LEGACY,  /* ip_tables, ip6_tables */
	NF_BACKEND_ARP,	    /* arp_tables */
	NF_BACKEND_BRIDGE,  /* ebtables */
};

/* What said drop, as far as it is known. */
enum nf_verdict {
	NF_BY_RULE = 1,	      /* this rule, or one that is not known if `rule` is 0 */
	NF_BY_POLICY,	      /* the policy of the base chain */
	NF_BY_POLICY_OR_RULE, /* the policy, or a rule whose kind of verdict is not watched */
	NF_BY_MATCH, /* a match threw the packet away (hotdrop): no rule's target was reached */
};

struct detail_nf_rule {
	__u64 rule; /* nftables: handle; legacy: 1 + offset of the entry in its table; 0: unknown */
	__u64 chain_handle; /* nftables; 0: unknown */
	__u64 table_id;	    /* address of the table's (legacy: its rules') structure */
	__u32 netns;	    /* inode of the namespace whose table it is */
	__u8 backend;	    /* enum nf_backend */
	__u8 family;	    /* NFPROTO_* of the table */
	__u8 hook;	    /* NF_INET_* or the like, of pf */
	__u8 pf;	    /* NFPROTO_* of the hook */
	__u8 verdict;	    /* enum nf_verdict */
	__u8 policy;	    /* of the base chain: NF_DROP 0, NF_ACCEPT 1 */
	__u8 reject;	    /* 1: the sender was told */
	__u8 pad[5];
	char table[32];
	char base[32];	  /* base chain */
	char chain[56];	  /* the rule's; empty if unknown: `rule` leads to it */
	char invalid[32]; /* why conntrack had called the packet invalid, empty if it had not */
};

#define NF_HOOKS 20

/* The functions registered at the hook where it was lost, in order. */
struct detail_nf_hook {
	__u32 netns;
	__u8 pf, hook;
	__u8 count; /* registered; only the first NF_HOOKS are kept */
	__u8 pad;
	__u64 function[NF_HOOKS];
};

#endif
