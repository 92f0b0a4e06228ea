/* SPDX-License-Identifier: GPL-2.0-only */
/* One rule out of the kernel: what each backend's own interface is asked for. */
#ifndef RULES_FETCH_H
#define RULES_FETCH_H

#include "base/strbuf.h"
#include "rules/rules.h"

struct ipt_getinfo;
struct nlattr;

/* All are called in the rule's own namespace and may block. 0 or -errno; -ENOENT: there is no such rule. */
int nft_fetch(struct rule_info *out, const struct detail_nf_rule *d);
int legacy_fetch(struct rule_info *out, const struct detail_nf_rule *d);

/*
 * One datagram of nf_tables' answer, aligned as one: 1 if it was the last, 0 to go on, or -errno. *found becomes
 * true with the rule of that handle, which is then in *out.
 */
int nft_parse(struct rule_info *out, const void *data, size_t size, uint64_t handle, bool *found);
/*
 * The entry at the offset `wanted` of a legacy table of family 4 or 6, whose info->size bytes are at `entries`. 0;
 * -ENOENT if none begins there; -EPROTO if the table does not hold together.
 */
int legacy_parse(struct rule_info *out, int family, const struct ipt_getinfo *info,
		 const char *entries, size_t wanted);

/* The expressions of an nftables rule (NFTA_RULE_EXPRESSIONS) as text, and a comment among them. */
void nft_text(struct rule_info *out, const struct nlattr *expressions);

/* What an xt match says, for iptables-legacy and iptables-nft alike; false if it is not understood. */
bool xt_match_text(struct rule_info *out, struct strbuf *b, const char *name, const void *info,
		   size_t size);

/* Which object of Kubernetes the comment and the chain name: fills out->named. */
void rule_named(struct rule_info *out);

/* Descriptor of the network namespace with that inode, or -errno. `root`: where the host's / is. */
int netns_open(const char *root, uint32_t inum);

#endif
