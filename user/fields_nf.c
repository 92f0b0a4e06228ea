/* SPDX-License-Identifier: GPL-2.0-only */
/* Names for netfilter's numbers (include/uapi/linux/netfilter*.h), and where each part of a rule is known from. */
#include <linux/types.h>
#include <string.h>

#include "kernel/ksyms.h"
#include "fields.h"
#include "fields_nf.h"
#include "rules/rules.h"

enum nf_proto {
	PROTO_INET = 1,
	PROTO_IP = 2,
	PROTO_ARP = 3,
	PROTO_NETDEV = 5,
	PROTO_BRIDGE = 7,
	PROTO_IP6 = 10,
	PROTO_COUNT = 11
};

static const char *const families[PROTO_COUNT] = {
	[PROTO_INET] = "inet",	   [PROTO_IP] = "ip",	      [PROTO_ARP] = "arp",
	[PROTO_NETDEV] = "netdev", [PROTO_BRIDGE] = "bridge", [PROTO_IP6] = "ip6",
};

static const char *const inet_hooks[] = { "prerouting", "input",       "forward",
					  "output",	"postrouting", "ingress" };
static const char *const arp_hooks[] = { "input", "output", "forward" };
static const char *const netdev_hooks[] = { "ingress", "egress" };

const char *nf_family_name(unsigned int family)
{
	return family < PROTO_COUNT && families[family] ? families[family] : "";
}

const char *nf_hook_name(unsigned int pf, unsigned int hook)
{
	if (pf == PROTO_ARP)
		return hook < 3 ? arp_hooks[hook] : "";
	if (pf == PROTO_NETDEV)
		return hook < 2 ? netdev_hooks[hook] : "";
	return hook < 6 ? inet_hooks[hook] : "";
}

static const struct detail_nf_rule *rule_of(const struct drop *d)
{
	return &d->ev->detail.nf_rule;
}

static bool put(struct strbuf *out, const char *text, size_t max)
{
	size_t size = strnlen(text, max);

	strbuf_add(out, text, size);
	return size > 0;
}

/* iptables-nft, arptables-nft and ebtables-nft name base chains as their forerunners did. */
bool nf_is_iptables_nft(const struct detail_nf_rule *d)
{
	static const char *const tables[] = {
		"filter", "nat", "mangle", "raw", "security", "broute"
	};
	static const char *const chains[] = { "INPUT",	    "FORWARD",	   "OUTPUT",
					      "PREROUTING", "POSTROUTING", "BROUTING" };
	bool table = false, chain = false;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		table |= !strncmp(d->table, tables[i], sizeof(d->table));
	for (size_t i = 0; i < sizeof(chains) / sizeof(chains[0]); i++)
		chain |= !strncmp(d->base, chains[i], sizeof(d->base));
	return table && chain && d->family != PROTO_INET;
}

bool nf_backend_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_nf_rule *r = rule_of(d);
	bool old = nf_is_iptables_nft(r);

	(void)h;
	switch (r->backend) {
	case NF_BACKEND_NFT:
		if (old && r->family == PROTO_ARP)
			strbuf_puts(out, "arptables-nft");
		else if (old && r->family == PROTO_BRIDGE)
			strbuf_puts(out, "ebtables-nft");
		else
			strbuf_puts(out, old ? "iptables-nft" : "nft");
		return true;
	case NF_BACKEND_LEGACY:
		strbuf_puts(out, "iptables-legacy");
		return true;
	case NF_BACKEND_ARP:
		strbuf_puts(out, "arptables-legacy");
		return true;
	case NF_BACKEND_BRIDGE:
		strbuf_puts(out, "ebtables-legacy");
		return true;
	}
	return false;
}

bool nf_family_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	(void)h;
	return put(out, nf_family_name(rule_of(d)->family), 16);
}

bool nf_hook_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	(void)h;
	return put(out, nf_hook_name(rule_of(d)->pf, rule_of(d)->hook), 16);
}

/* Built-in chains of the legacy tables have the hooks' names. */
static bool builtin(struct strbuf *out, const struct detail_nf_rule *r)
{
	const char *name = nf_hook_name(r->pf, r->hook);

	if (r->backend == NF_BACKEND_NFT)
		return put(out, r->base, sizeof(r->base));
	for (size_t i = 0; name[i]; i++)
		strbuf_putc(out, name[i] - 'a' + 'A');
	return *name;
}

bool nf_base_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	(void)h;
	return builtin(out, rule_of(d));
}

/* A policy is the base chain's; a rule may be anywhere, and where is not always known. */
bool nf_chain_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_nf_rule *r = rule_of(d);
	const struct rule_info *i = d->rule;

	(void)h;
	if (d->ev->key.note >> 24 == NOTE_NF_POLICY)
		return builtin(out, r);
	if (r->chain[0])
		return put(out, r->chain, sizeof(r->chain));
	return i && put(out, i->chain, sizeof(i->chain));
}

bool nf_number_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_nf_rule *r = rule_of(d);
	const struct rule_info *i = d->rule;

	(void)h;
	if (!r->rule)
		return false;
	if (r->backend == NF_BACKEND_NFT) {
		strbuf_u64(out, r->rule);
		return true;
	}
	if (!i || !i->number)
		return false;
	strbuf_u64(out, i->number);
	return true;
}

bool nf_verdict_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_nf_rule *r = rule_of(d);

	(void)h;
	switch (r->verdict) {
	case NF_BY_RULE:
		strbuf_puts(out, r->reject ? "reject" : "drop");
		if (!r->rule)
			strbuf_puts(out, " of a rule not known");
		return true;
	case NF_BY_POLICY:
		strbuf_puts(out, "policy");
		return true;
	case NF_BY_POLICY_OR_RULE:
		strbuf_puts(out, r->backend == NF_BACKEND_NFT ? "policy or a verdict map"
							      : "a rule not known, or the policy");
		return true;
	case NF_BY_MATCH:
		strbuf_puts(out, "a match threw it away (hotdrop)");
		return true;
	}
	return false;
}

bool nf_rule_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct rule_info *i = d->rule;

	(void)h;
	return i && put(out, i->text, FIELD_TEXT_SIZE - 1);
}

bool nf_comment_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct rule_info *i = d->rule;

	(void)h;
	return i && put(out, i->comment, FIELD_TEXT_SIZE - 1);
}

bool nf_named_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct rule_info *i = d->rule;

	(void)h;
	return i && put(out, i->named, sizeof(i->named));
}

bool nf_hooks_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_nf_hook *k = &d->ev->detail.nf_hook;
	unsigned int shown = 0;
	struct ksym sym;

	for (unsigned int i = 0; i < k->count && i < NF_HOOKS && h->ksyms; i++) {
		if (!ksyms_find(h->ksyms, k->function[i], &sym))
			continue;
		if (out->size - out->len < strlen(sym.name) + strlen(sym.module) + 8)
			break;
		strbuf_printf(out, "%s%s", shown++ ? " " : "", sym.name);
		if (*sym.module)
			strbuf_printf(out, "[%s]", sym.module);
	}
	return shown;
}

bool nf_point_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_nf_hook *k = &d->ev->detail.nf_hook;

	(void)h;
	if (!k->netns)
		return false;
	strbuf_printf(out, "%s %s", nf_family_name(k->pf), nf_hook_name(k->pf, k->hook));
	return true;
}
