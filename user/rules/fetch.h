/* SPDX-License-Identifier: GPL-2.0-only */
/* One rule out of the kernel: what each backend's own interface is asked for. */
#ifndef RULES_FETCH_H
#define RULES_FETCH_H

#include "base/strbuf.h"
#include "rules/rules.h"

struct nlattr;

/* All are called in the rule's own namespace and may block. 0 or -errno; -ENOENT: there is no such rule. */
int nft_fetch(struct rule_info *out, const struct detail_nf_rule *d);
int legacy_fetch(struct rule_info *out, const struct detail_nf_rule *d);

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
