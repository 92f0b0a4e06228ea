/* SPDX-License-Identifier: GPL-2.0-only */
/* How netfilter's evidence reads: names of families, hooks and verdicts, and what was fetched of the rule. */
#ifndef FIELDS_NF_H
#define FIELDS_NF_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "drop.h"
#include "host.h"

const char *nf_family_name(unsigned int family); /* as nft writes it; "" if unknown */
const char *nf_hook_name(unsigned int pf,
			 unsigned int hook); /* input, forward ...; "" if unknown */
/* Whether a table of nftables is one that iptables-nft (or its siblings) made. */
bool nf_is_iptables_nft(const struct detail_nf_rule *d);

/* Members `text` of fields. */
bool nf_backend_text(struct strbuf *out, const struct drop *d, const struct host *h);
bool nf_family_text(struct strbuf *out, const struct drop *d, const struct host *h);
bool nf_hook_text(struct strbuf *out, const struct drop *d, const struct host *h);
bool nf_chain_text(struct strbuf *out, const struct drop *d, const struct host *h);
bool nf_base_text(struct strbuf *out, const struct drop *d, const struct host *h);
bool nf_number_text(struct strbuf *out, const struct drop *d, const struct host *h);
bool nf_verdict_text(struct strbuf *out, const struct drop *d, const struct host *h);
bool nf_rule_text(struct strbuf *out, const struct drop *d, const struct host *h);
bool nf_comment_text(struct strbuf *out, const struct drop *d, const struct host *h);
bool nf_named_text(struct strbuf *out, const struct drop *d, const struct host *h);
bool nf_hooks_text(struct strbuf *out, const struct drop *d, const struct host *h);
bool nf_point_text(struct strbuf *out, const struct drop *d, const struct host *h);

#endif
