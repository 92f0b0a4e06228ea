/* SPDX-License-Identifier: GPL-2.0-only */
/* Where netfilter's modules keep what the programs read: offsets, found out by user space at run time. */
#ifndef NF_LAYOUT_H
#define NF_LAYOUT_H

/*
 * Not CO-RE: the modules may come after the programs that need this were loaded, and on 5.10 their types
 * are in no BTF at all. So it is data in a map, written again when a module is loaded.
 */
struct nf_layout {
	__u64 nft_start; /* address range of nft_do_chain; 0: nf_tables is not loaded */
	__u64 nft_end;
	__u64 slow_start; /* of nf_hook_slow */
	__u64 slow_end;
	__u32 watched; /* 1: every loaded table engine has its hooks, so what they did not say was not they */
	__u16 nft_known; /* the offsets of nf_tables hold */
	__u16 xt_known;	 /* those of x_tables */

	__u16 pkt_state;   /* struct nft_pktinfo: const struct nf_hook_state * */
	__u16 chain_table; /* struct nft_chain */
	__u16 chain_handle;
	__u16 chain_name;
	__u16 base_policy; /* struct nft_base_chain */
	__u16 base_chain;
	__u16 table_family; /* struct nft_table: the low 6 bits of the u16 there */
	__u16 table_name;
	__u16 expr_size; /* struct nft_expr_ops: size */
	__u16 rule_word; /* the word of a rule that holds handle and length; the rule's data follows */
	__u16 rule_handle; /* bits to shift it by */
	__u16 rule_dlen;
	__u16 rule_has_last; /* bit 0 of the word marks the end of a chain */
	__u16 last_chain;    /* struct nft_rule_dp_last: chain, behind that end; 0: none */

	__u16 xt_private; /* struct xt_table */
	__u16 xt_name;
	__u16 info_size; /* struct xt_table_info */
	__u16 info_underflow;
	__u16 info_hook_entry;
	__u16 info_entries;
	__u16 xt_table_first; /* ipt_do_table(table, skb, state), not (skb, state, table) */
	__u16 xt_target_name; /* struct xt_target: name */
};

#endif
