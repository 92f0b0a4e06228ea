/* SPDX-License-Identifier: GPL-2.0-only */
/* Which command shows the rule that dropped a packet, and where it has to be run. */
#include <string.h>

#include "attribute/who.h"
#include "classify/advice.h"
#include "fields.h"
#include "fields_ct.h"
#include "fields_nf.h"
#include "rules/rules.h"

/* A text about this loss, "" where it is unknown. */
static const char *text(char *out, size_t size,
			bool (*get)(struct strbuf *, const struct drop *, const struct host *),
			const struct drop *d, const struct host *h)
{
	char raw[FIELD_TEXT_SIZE];
	struct strbuf b;

	strbuf_init(&b, raw, sizeof(raw));
	get(&b, d, h);
	strbuf_init(&b, out, size);
	strbuf_printable(&b, raw, strlen(raw));
	return out;
}

/* How to get into the namespace: the host's needs nothing, a named one ip(8), others a process in it. */
static void enter(struct strbuf *out, uint32_t netns, const struct drop *d, const struct host *h)
{
	struct question q = { .kind = WHO_NETNS, .id = netns };
	struct owner o;

	if (netns == h->netns)
		return;
	if (who_is(&o, h, &q, d->ev->time_ns) && o.netns_name)
		strbuf_printf(out, "ip netns exec %s ", o.netns_name);
	else
		strbuf_printf(out,
			      "nsenter --net=/proc/$(lsns -t net -n -o NS,PID | awk '$1 == %u "
			      "{print $2}')/ns/net ",
			      netns);
}

static void where(struct strbuf *out, uint32_t netns, const struct drop *d, const struct host *h)
{
	const struct owner *v = &d->verdict->victim;

	if (netns == h->netns)
		strbuf_puts(out, "on the node");
	else if (v->pod && d->verdict->key.sk_netns == netns)
		strbuf_printf(out, "in the network namespace of pod %s%s%s", v->ns ? v->ns : "",
			      v->ns ? "/" : "", v->pod);
	else
		strbuf_printf(out, "in network namespace %u", netns);
}

static void list_command(struct strbuf *out, const struct detail_nf_rule *r, const char *chain)
{
	const char *six = r->family == 10 ? "6" : "";

	if (r->backend == NF_BACKEND_NFT && nf_is_iptables_nft(r) && (r->family == 2 || *six))
		strbuf_printf(out, "ip%stables-nft -t %s -nvL %s --line-numbers", six, r->table,
			      chain);
	else if (r->backend == NF_BACKEND_NFT && *chain)
		strbuf_printf(out, "nft -a list chain %s %s %s", nf_family_name(r->family),
			      r->table, chain);
	else if (r->backend == NF_BACKEND_NFT)
		strbuf_printf(out, "nft -a list table %s %s", nf_family_name(r->family), r->table);
	else if (r->backend == NF_BACKEND_LEGACY)
		strbuf_printf(out, "ip%stables-legacy -t %s -nvL %s --line-numbers", six, r->table,
			      chain);
	else if (r->backend == NF_BACKEND_ARP)
		strbuf_puts(out, "arptables-legacy -nvL");
	else
		strbuf_puts(out, "ebtables-legacy -L --Lc");
}

static void why(struct strbuf *out, const struct detail_nf_rule *r, const char *chain,
		const char *number, const char *named)
{
	if (r->verdict == NF_BY_POLICY || (!*number && r->verdict == NF_BY_POLICY_OR_RULE))
		strbuf_printf(out,
			      "No rule of table %s accepted it and the policy of chain %s is drop",
			      r->table, chain);
	else if (*number)
		strbuf_printf(out, "%s %s in chain %s of table %s %s it",
			      r->backend == NF_BACKEND_NFT ? "The rule with handle" : "Rule",
			      number, *chain ? chain : "?", r->table,
			      r->reject ? "rejected" : "dropped");
	else
		strbuf_printf(out, "A rule of table %s reached from chain %s dropped it", r->table,
			      *chain ? chain : "?");
	if (*named)
		strbuf_printf(out, " for %s", named);
	strbuf_puts(out, ". ");
}

/* What a rule for 'ct state invalid' goes by. */
static void why_invalid(struct strbuf *out, const struct drop *d, const struct host *h)
{
	char invalid[64];

	text(invalid, sizeof(invalid), text_invalid, d, h);
	if (!*invalid)
		return;
	strbuf_printf(out, " Conntrack had called the packet invalid: %s.", invalid);
	if (!strncmp(invalid, "SEQ is", 6) || !strncmp(invalid, "ACK is", 6))
		strbuf_puts(out, " If it sees but one direction of the connection, or late, set "
				 "net.netfilter.nf_conntrack_tcp_be_liberal=1 there.");
}

bool advise_netfilter_rule(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_nf_rule *r = &d->ev->detail.nf_rule;
	char chain[80], base[80], number[32], named[FIELD_TEXT_SIZE];

	if (d->ev->detail_kind != DETAIL_NF_RULE || !r->backend)
		return false;
	text(chain, sizeof(chain), nf_chain_text, d, h);
	text(base, sizeof(base), nf_base_text, d, h);
	text(number, sizeof(number), nf_number_text, d, h);
	text(named, sizeof(named), nf_named_text, d, h);
	why(out, r, *chain ? chain : base, number, named);
	where(out, r->netns, d, h);
	strbuf_puts(out, ": '");
	enter(out, r->netns, d, h);
	list_command(out, r, *chain ? chain : *number ? "" : base);
	strbuf_puts(out, "' lists it");
	if (r->backend == NF_BACKEND_NFT && !*number)
		strbuf_puts(out, "; --rules=exact names rules that drop by a verdict map");
	strbuf_puts(out, ".");
	why_invalid(out, d, h);
	return true;
}

/* Who registers functions that drop without a rule, by what is in their names, and where that shows. */
static const struct {
	const char *part, *where;
} droppers[] = {
	{ "conntrack", "conntrack counts what it drops: 'conntrack -S' (insert_failed, drop)" },
	{ "nf_nat_", "nf_nat drops, uncounted, the next packet of a masqueraded connection that "
		     "would leave by another device than it began on, and forgets the connection: "
		     "see whether routes or devices changed" },
	{ "ip_vs_", "for ip_vs see 'ipvsadm -Ln'" },
	{ "synproxy", "SYNPROXY counts cookies that do not fit in /proc/net/stat/synproxy" },
	{ "nf_hook_run_bpf", "nf_hook_run_bpf runs a BPF program: 'bpftool net' in that namespace "
			     "lists it, 'bpftool link' names who holds it" },
};

bool advise_netfilter_hook(struct strbuf *out, const struct drop *d, const struct host *h)
{
	char hooks[FIELD_TEXT_SIZE], point[64];

	if (d->ev->detail_kind != DETAIL_NF_HOOK)
		return false;
	text(hooks, sizeof(hooks), nf_hooks_text, d, h);
	text(point, sizeof(point), nf_point_text, d, h);
	if (!*hooks)
		return false;
	strbuf_printf(out,
		      "One of the functions at %s dropped it: %s. Firewall tables are watched and "
		      "did not",
		      point, hooks);
	for (size_t i = 0; i < sizeof(droppers) / sizeof(droppers[0]); i++)
		if (strstr(hooks, droppers[i].part))
			strbuf_printf(out, "; %s", droppers[i].where);
	strbuf_puts(out, ". Any other module is the one named in brackets.");
	return true;
}
