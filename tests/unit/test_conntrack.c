/* SPDX-License-Identifier: GPL-2.0-only */
/* Evidence of conntrack and NAT in words, and the advice that is computed from it. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>

#include "classify/advice.h"
#include "classify/classify.h"
#include "fields.h"
#include "fields_ct.h"
#include "pods_build.h"

#define IPS_SRC_NAT 0x10
#define IPS_DST_NAT 0x20

static struct ct_tuple tuple(const char *src, int sport, const char *dst, int dport)
{
	struct ct_tuple t = { .sport = htons(sport), .dport = htons(dport) };
	int family = strchr(src, ':') ? AF_INET6 : AF_INET;

	cr_assert_eq(inet_pton(family, src, t.src), 1);
	cr_assert_eq(inet_pton(family, dst, t.dst), 1);
	return t;
}

/* Two queries of one socket, translated to two servers. */
static struct event dns_clash(uint8_t proto, int port)
{
	struct event ev = { .detail_kind = DETAIL_CLASH };
	struct detail_clash *c = &ev.detail.clash;

	c->loser[0] = c->winner[0] = tuple("10.1.0.2", 4000, "10.9.0.1", port);
	c->loser[1] = tuple("10.2.0.3", port, "10.1.0.2", 4000);
	c->winner[1] = tuple("10.2.0.2", port, "10.1.0.2", 4000);
	c->loser_status = c->winner_status = IPS_DST_NAT;
	c->family = 4;
	c->proto = proto;
	c->loser_zone = 7;
	return ev;
}

/* Two clients that got one port. */
static struct event snat_clash(void)
{
	struct event ev = { .detail_kind = DETAIL_CLASH };
	struct detail_clash *c = &ev.detail.clash;

	c->loser[0] = tuple("fd01::2", 4000, "fd02::2", 443);
	c->winner[0] = tuple("fd03::2", 4000, "fd02::2", 443);
	c->loser[1] = c->winner[1] = tuple("fd02::2", 443, "fd02::1", 4000);
	c->loser_status = c->winner_status = IPS_SRC_NAT;
	c->winner_dir = 1;
	c->family = 6;
	c->proto = IPPROTO_TCP;
	return ev;
}

static struct event nat_full(uint32_t flags)
{
	struct event ev = { .detail_kind = DETAIL_NAT };
	struct detail_nat *n = &ev.detail.nat;

	n->loser[0] = tuple("10.1.0.2", 4711, "10.2.0.2", 443);
	n->loser[1] = tuple("10.2.0.2", 443, "10.2.0.1", 4003);
	n->winner = tuple("10.1.0.3", 4712, "10.2.0.2", 443);
	inet_pton(AF_INET, "10.2.0.1", n->min_addr);
	inet_pton(AF_INET, "10.2.0.9", n->max_addr);
	n->min_port = htons(4000);
	n->max_port = htons(4003);
	n->flags = flags;
	n->tries = 5;
	n->status = IPS_SRC_NAT | IPS_DST_NAT;
	n->family = 4;
	n->proto = IPPROTO_TCP;
	return ev;
}

static struct event table(uint32_t note, uint32_t count, uint32_t max, uint32_t buckets)
{
	struct event ev = { .detail_kind = DETAIL_CT, .key.note = NOTE(note, 0) };

	ev.detail.ct = (struct detail_ct){ .count = count, .max = max, .buckets = buckets };
	return ev;
}

static void expect_field(const char *name, const struct event *ev, const struct host *h,
			 const char *want)
{
	const struct drop d = { .ev = ev };
	struct field_value v;
	bool known = field_get(field_find(name), &d, h, &v);

	cr_expect_eq(known, want != NULL, "%s", name);
	if (known && want) {
		cr_assert(v.is_string, "%s", name);
		cr_expect(v.size == strlen(want) && !memcmp(v.string, want, v.size),
			  "%s: %.*s, not %s", name, (int)v.size, v.string, want);
	}
}

static const char *advice_on(const char *cause, const struct event *ev)
{
	static char text[ADVICE_SIZE];
	const struct verdict v = { .cause = cause_find(cause) };
	const struct drop d = { .ev = ev, .verdict = &v };
	const struct host h = { 0 };
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	cr_assert_not_null(v.cause, "%s", cause);
	advice(&b, &d, &h);
	cr_assert(b.len < ADVICE_SIZE - 1, "%s is cut", cause);
	text[b.len] = 0;
	return text;
}

#define EXPECT_SAYS(text, part) cr_expect_not_null(strstr(text, part), "%s", text)
#define EXPECT_NOT(text, part)	cr_expect_null(strstr(text, part), "%s", text)

Test(conntrack, both_connections_are_told)
{
	const struct event ev = dns_clash(IPPROTO_UDP, 53);
	const struct host h = { 0 };

	expect_field("loser_original", &ev, &h, "10.1.0.2:4000 -> 10.9.0.1:53");
	expect_field("loser_reply", &ev, &h, "10.2.0.3:53 -> 10.1.0.2:4000");
	expect_field("winner_original", &ev, &h, "10.1.0.2:4000 -> 10.9.0.1:53");
	expect_field("winner_reply", &ev, &h, "10.2.0.2:53 -> 10.1.0.2:4000");
	expect_field("clash_direction", &ev, &h, "original");
	expect_field("nat_done", &ev, &h, "destination");
	expect_field("nat_range", &ev, &h, NULL);
	expect_field("loser_pod", &ev, &h, NULL);
}

Test(conntrack, ipv6_ports_are_behind_brackets)
{
	const struct event ev = snat_clash();
	const struct host h = { 0 };

	expect_field("loser_original", &ev, &h, "[fd01::2]:4000 -> [fd02::2]:443");
	expect_field("clash_direction", &ev, &h, "reply");
	expect_field("nat_done", &ev, &h, "source");
}

Test(conntrack, a_protocol_without_ports_shows_none)
{
	const struct event ev = dns_clash(IPPROTO_GRE, 0);
	const struct host h = { 0 };

	expect_field("loser_original", &ev, &h, "10.1.0.2 -> 10.9.0.1");
}

Test(conntrack, pods_are_found_by_the_addresses_before_nat)
{
	const struct event ev = nat_full(NAT_RANGE_ADDRESSES | NAT_RANGE_PORTS);
	struct pods *p;
	struct host h = { 0 };

	cr_assert_eq(pods_new(&p), 0);
	set_addr(p, add_pod(p, UID_A, "shop", "web", 4026532001, 1), addr4(10, 1, 0, 2), 0);
	h.pods = p;
	expect_field("loser_pod", &ev, &h, "shop/web");
	expect_field("winner_pod", &ev, &h, NULL);
	pods_free(p);
}

Test(conntrack, nat_tells_its_range)
{
	struct event ev = nat_full(NAT_RANGE_ADDRESSES | NAT_RANGE_PORTS);
	const struct host h = { 0 };

	expect_field("nat_address", &ev, &h, "10.2.0.1");
	expect_field("nat_destination", &ev, &h, "10.2.0.2:443");
	expect_field("nat_range", &ev, &h, "10.2.0.1-10.2.0.9 ports 4000-4003");
	expect_field("nat_done", &ev, &h, "source and destination");
	expect_field("winner_original", &ev, &h, "10.1.0.3:4712 -> 10.2.0.2:443");
	expect_field("winner_reply", &ev, &h, NULL);
	ev = nat_full(0);
	expect_field("nat_range", &ev, &h, "any address");
}

Test(conntrack, advice_on_one_socket_depends_on_what_it_asks)
{
	struct event ev = dns_clash(IPPROTO_UDP, 53);

	EXPECT_SAYS(advice_on("conntrack-insert-failed", &ev), "single-request-reopen");
	ev = dns_clash(IPPROTO_TCP, 443);
	EXPECT_SAYS(advice_on("conntrack-insert-failed", &ev), "two servers behind the service");
	EXPECT_NOT(advice_on("conntrack-insert-failed", &ev), "single-request-reopen");
}

Test(conntrack, advice_on_source_nat_is_random_ports)
{
	struct event ev = snat_clash();

	EXPECT_SAYS(advice_on("conntrack-insert-failed", &ev), "random-fully");
	EXPECT_SAYS(advice_on("conntrack-insert-failed", &ev), "port 4000");
	ev.detail_kind = DETAIL_CT;
	cr_expect_str_eq(advice_on("conntrack-insert-failed", &ev),
			 cause_find("conntrack-insert-failed")->remedy);
}

Test(conntrack, a_resolved_clash_is_told_as_merged_or_kept_apart)
{
	struct event ev = dns_clash(IPPROTO_UDP, 53);
	struct detail_clash *c = &ev.detail.clash;

	EXPECT_SAYS(advice_on("conntrack-clash-resolved", &ev), "translated apart");
	c->loser[1] = c->winner[1];
	EXPECT_SAYS(advice_on("conntrack-clash-resolved", &ev), "one and the same");
	c->winner[1] = c->winner[0];
	c->winner[0] = c->loser[1];
	EXPECT_SAYS(advice_on("conntrack-clash-resolved", &ev), "one and the same");
	ev.detail_kind = DETAIL_NONE;
	cr_expect_str_eq(advice_on("conntrack-clash-resolved", &ev),
			 cause_find("conntrack-clash-resolved")->remedy);
}

Test(conntrack, a_rules_drop_says_why_conntrack_called_the_packet_invalid)
{
	struct event ev = { .detail_kind = DETAIL_INVALID };
	const struct host h = { 0 };

	memcpy(ev.detail.invalid.text, "bad checksum", 12);
	expect_field("invalid_because", &ev, &h, "bad checksum");
	ev = (struct event){ .detail_kind = DETAIL_NF_RULE, .key.note = NOTE(NOTE_NF_RULE, 0) };
	ev.detail.nf_rule.backend = NF_BACKEND_NFT;
	ev.detail.nf_rule.verdict = NF_BY_RULE;
	expect_field("invalid_because", &ev, &h, NULL);
	EXPECT_NOT(advice_on("netfilter-rule-drop", &ev), "invalid");
	memset(ev.detail.nf_rule.invalid, 'x', sizeof(ev.detail.nf_rule.invalid));
	expect_field("invalid_because", &ev, &h, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	EXPECT_SAYS(advice_on("netfilter-rule-drop", &ev), "called the packet invalid: xxx");
	EXPECT_NOT(advice_on("netfilter-rule-drop", &ev), "be_liberal");
	memcpy(ev.detail.nf_rule.invalid, "SEQ is over upper bound", 24);
	EXPECT_SAYS(advice_on("netfilter-rule-drop", &ev), "invalid: SEQ is over upper bound.");
	EXPECT_SAYS(advice_on("netfilter-rule-drop", &ev), "nf_conntrack_tcp_be_liberal=1");
	ev.detail_kind = DETAIL_IPVS;
	expect_field("invalid_because", &ev, &h, NULL);
}

Test(conntrack, advice_on_a_full_table_is_twice_as_large)
{
	struct event ev = table(NOTE_CT_FULL, 262144, 262144, 65536);

	EXPECT_SAYS(advice_on("conntrack-table-full", &ev), "nf_conntrack_max=524288");
	EXPECT_SAYS(advice_on("conntrack-table-full", &ev), "nf_conntrack_buckets=524288");
	EXPECT_SAYS(advice_on("conntrack-table-full", &ev), "'whydrop conntrack'");
	ev = table(NOTE_CT_FULL, 0, 0, 0);
	cr_expect_str_eq(advice_on("conntrack-table-full", &ev),
			 cause_find("conntrack-table-full")->remedy);
}

Test(conntrack, advice_on_chains_is_a_bucket_for_each_entry)
{
	struct event ev = table(NOTE_CT_CHAIN, 90000, 65536, 512);

	EXPECT_SAYS(advice_on("conntrack-chain-too-long", &ev), "nf_conntrack_buckets=131072");
	/* there are enough: then somebody makes them collide */
	ev = table(NOTE_CT_CHAIN, 90000, 65536, 262144);
	cr_expect_str_eq(advice_on("conntrack-chain-too-long", &ev),
			 cause_find("conntrack-chain-too-long")->remedy);
}

Test(conntrack, advice_on_nat_never_is_the_local_port_range)
{
	struct event ev = nat_full(NAT_RANGE_ADDRESSES | NAT_RANGE_PORTS);

	EXPECT_SAYS(advice_on("nat-port-exhausted", &ev), "the 4 ports 4000-4003");
	EXPECT_SAYS(advice_on("nat-port-exhausted", &ev), "from 10.2.0.1 to 10.2.0.2:443");
	EXPECT_SAYS(advice_on("nat-port-exhausted", &ev), "ip_local_port_range has no part");
	ev = nat_full(NAT_RANGE_ADDRESSES);
	EXPECT_NOT(advice_on("nat-port-exhausted", &ev), "widen");
	EXPECT_SAYS(advice_on("nat-port-exhausted", &ev), "add NAT addresses");
}
