/* SPDX-License-Identifier: GPL-2.0-only */
/* What to do about connections that conntrack or NAT could not take, from the numbers of each. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "classify/advice.h"
#include "fields.h"
#include "fields_ct.h"

#define IPS_DST_NAT 0x20
#define IPS_SRC_NAT 0x10
#define DNS_PORT    53

static unsigned long long number(const char *field, const struct drop *d, const struct host *h)
{
	return field_number(field, d, h);
}

/* Twice the entries there are, at least twice the limit: in the powers of two the kernel allots. */
static unsigned long long table_for(unsigned long long max)
{
	unsigned long long size = 65536;

	while (size < 2 * max)
		size *= 2;
	return size;
}

bool advise_ct_full(struct strbuf *out, const struct drop *d, const struct host *h)
{
	unsigned long long count = number("conntrack_entries", d, h);
	unsigned long long max = number("conntrack_max", d, h), want = table_for(max);

	if (d->ev->detail_kind != DETAIL_CT || !max)
		return false;
	strbuf_printf(
		out,
		"The namespace has %llu entries of %llu. See whose they are ('whydrop "
		"conntrack' there, or with --netns): one pod that opens connections without end, or UDP and unanswered "
		"flows kept too long, fill any table. If the load is real, set "
		"net.netfilter.nf_conntrack_max=%llu and net.netfilter.nf_conntrack_buckets="
		"%llu in the host's namespace",
		count, max, want, want);
	strbuf_printf(out,
		      " (about %llu MiB when full; kube-proxy sets it from "
		      "conntrack.maxPerCore and conntrack.min)",
		      want * 320 >> 20);
	strbuf_puts(out, ". Flows that need no NAT can be exempted (notrack).");
	return true;
}

bool advise_ct_chain(struct strbuf *out, const struct drop *d, const struct host *h)
{
	unsigned long long count = number("conntrack_entries", d, h);
	unsigned long long max = number("conntrack_max", d, h);
	unsigned long long buckets = number("conntrack_buckets", d, h);
	unsigned long long want = 65536;

	if (d->ev->detail_kind != DETAIL_CT || !buckets)
		return false;
	while (want < max || want < count)
		want *= 2;
	if (want <= buckets)
		return false;
	strbuf_printf(out,
		      "The hash table has %llu buckets for up to %llu entries in each namespace, "
		      "each in two chains (%llu entries here): set "
		      "net.netfilter.nf_conntrack_buckets=%llu in the host's namespace.",
		      buckets, max, count, want);
	return true;
}

static bool is_dns(const struct detail_clash *c)
{
	return ntohs(c->loser[0].dport) == DNS_PORT || ntohs(c->loser[1].sport) == DNS_PORT;
}

static void advise_one_socket(struct strbuf *out, const struct detail_clash *c)
{
	strbuf_puts(out, "Two packets of one socket were sent at once and became two connections");
	if (c->loser_status & IPS_DST_NAT)
		strbuf_puts(out, ", perhaps to two servers behind the service address");
	strbuf_puts(out, ". ");
	if (c->proto == IPPROTO_UDP && is_dns(c))
		strbuf_puts(out, "They are DNS queries: use a node-local DNS cache reached without "
				 "NAT (NodeLocal DNSCache), or 'options single-request-reopen' or "
				 "'use-vc' in the pod's resolv.conf (dnsConfig.options).");
	else
		strbuf_puts(out, "Let the client wait for the first answer before it sends more, "
				 "use a socket for each request, or reach the server without NAT "
				 "(headless service, notrack).");
}

static bool same_tuple(const struct ct_tuple *a, const struct ct_tuple *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* As __nf_ct_resolve_clash() and nf_ct_resolve_clash_harder() tell the two ways apart. */
bool advise_ct_resolved(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_clash *c = &d->ev->detail.clash;

	(void)h;
	if (d->ev->detail_kind != DETAIL_CLASH)
		return false;
	if (same_tuple(&c->loser[1], &c->winner[1]) || same_tuple(&c->loser[1], &c->winner[0]))
		strbuf_puts(out, "None is needed: the two connections were one and the same, and "
				 "conntrack gave this packet the entry of the other.");
	else
		strbuf_puts(out, "None is needed: the two packets were translated apart. This one "
				 "went on to the server chosen for it, and conntrack keeps the way "
				 "back of its answer for a second; what the socket sends later "
				 "goes the other one's way.");
	return true;
}

bool advise_ct_insert(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_clash *c = &d->ev->detail.clash;

	(void)h;
	if (d->ev->detail_kind != DETAIL_CLASH)
		return false;
	if (clash_is_one_socket(d)) {
		advise_one_socket(out, c);
	} else if (c->winner_dir && c->loser_status & IPS_SRC_NAT) {
		strbuf_printf(out,
			      "Two connections got the same source port %u by NAT at the same "
			      "time. Let the rule choose at random: '--random-fully' for iptables "
			      "MASQUERADE and SNAT, 'fully-random' for nft, which kube-proxy and "
			      "CNI plugins set by themselves where the kernel has it; or give it "
			      "more addresses.",
			      ntohs(c->loser[1].dport));
	} else {
		strbuf_puts(out, "Two connections are the same to conntrack once they are "
				 "translated. Keep their addresses apart (other client addresses "
				 "or ports, a conntrack zone for each network), or reach the "
				 "server without NAT.");
	}
	return true;
}

bool advise_nat_full(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_nat *n = &d->ev->detail.nat;
	unsigned ports = nat_range_ports(d);

	if (d->ev->detail_kind != DETAIL_NAT)
		return false;
	strbuf_puts(out, "All connections from ");
	text_nat_address(out, d, h);
	strbuf_puts(out, " to ");
	text_nat_destination(out, d, h);
	if (ports)
		strbuf_printf(out,
			      " share the %u ports %u-%u that the rule itself names: widen its "
			      "range (--to-ports, --to-source; nft: 'to ADDR:1024-65535'), ",
			      ports, ntohs(n->min_port), ntohs(n->max_port));
	else
		strbuf_puts(out, " share the ports of one address: ");
	strbuf_puts(out,
		    "add NAT addresses, or open fewer connections to that one destination: keep "
		    "them alive and reuse them. Each other destination address and port has "
		    "the whole range for itself, so more server addresses help too. "
		    "net.ipv4.ip_local_port_range has no part in this: NAT does not use it.");
	return true;
}
