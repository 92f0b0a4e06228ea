/* SPDX-License-Identifier: GPL-2.0-only */
/* How connections of conntrack are written: both directions, what NAT did, and whose they are. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "attribute/who.h"
#include "fields_ct.h"

#define IPS_SRC_NAT 0x10
#define IPS_DST_NAT 0x20

/* Members of the two details that describe a clash, at the same place in both. */
struct clash {
	const struct ct_tuple *loser, *winner;
	uint8_t family, proto;
	uint32_t status;
};

static bool clash_of(struct clash *out, const struct drop *d)
{
	const struct detail_clash *c = &d->ev->detail.clash;
	const struct detail_nat *n = &d->ev->detail.nat;

	if (d->ev->detail_kind == DETAIL_CLASH)
		*out = (struct clash){ c->loser, c->winner, c->family, c->proto, c->loser_status };
	else if (d->ev->detail_kind == DETAIL_NAT)
		*out = (struct clash){ n->loser, &n->winner, n->family, n->proto, n->status };
	else
		return false;
	return out->family == 4 || out->family == 6;
}

static void put_addr(struct strbuf *out, uint8_t family, const uint8_t *addr)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(family == 4 ? AF_INET : AF_INET6, addr, text, sizeof(text));
	strbuf_puts(out, text);
}

static void put_end(struct strbuf *out, const struct clash *c, const uint8_t *addr, uint16_t port)
{
	bool ports = c->proto == IPPROTO_TCP || c->proto == IPPROTO_UDP || c->proto == IPPROTO_SCTP;

	if (ports && c->family == 6)
		strbuf_puts(out, "[");
	put_addr(out, c->family, addr);
	if (ports)
		strbuf_printf(out, "%s:%u", c->family == 6 ? "]" : "", ntohs(port));
}

static bool put_tuple(struct strbuf *out, const struct clash *c, const struct ct_tuple *t)
{
	put_end(out, c, t->src, t->sport);
	strbuf_puts(out, " -> ");
	put_end(out, c, t->dst, t->dport);
	return true;
}

bool text_loser_original(struct strbuf *out, const struct drop *d, const struct host *h)
{
	struct clash c;

	(void)h;
	return clash_of(&c, d) && put_tuple(out, &c, &c.loser[0]);
}

bool text_loser_reply(struct strbuf *out, const struct drop *d, const struct host *h)
{
	struct clash c;

	(void)h;
	return clash_of(&c, d) && put_tuple(out, &c, &c.loser[1]);
}

bool text_winner_original(struct strbuf *out, const struct drop *d, const struct host *h)
{
	struct clash c;

	(void)h;
	return clash_of(&c, d) && put_tuple(out, &c, &c.winner[0]);
}

bool text_winner_reply(struct strbuf *out, const struct drop *d, const struct host *h)
{
	struct clash c;

	(void)h;
	return d->ev->detail_kind == DETAIL_CLASH && clash_of(&c, d) &&
	       put_tuple(out, &c, &c.winner[1]);
}

bool text_clash_direction(struct strbuf *out, const struct drop *d, const struct host *h)
{
	(void)h;
	strbuf_puts(out, d->ev->detail.clash.winner_dir ? "reply" : "original");
	return true;
}

bool text_nat_done(struct strbuf *out, const struct drop *d, const struct host *h)
{
	bool src, dst;
	struct clash c;

	(void)h;
	if (!clash_of(&c, d))
		return false;
	src = c.status & IPS_SRC_NAT;
	dst = c.status & IPS_DST_NAT;
	strbuf_puts(out, src && dst ? "source and destination"
			 : src	    ? "source"
			 : dst	    ? "destination"
				    : "none");
	return true;
}

static bool put_pod(struct strbuf *out, const struct clash *c, const struct ct_tuple *t,
		    const struct drop *d, const struct host *h)
{
	struct owner o;

	if (!who_has(&o, h, c->family, t->src, d->ev->time_ns) || o.flags & OWNER_AMBIGUOUS ||
	    !o.pod)
		return false;
	strbuf_printf(out, "%s/%s", o.ns, o.pod);
	return true;
}

bool text_loser_pod(struct strbuf *out, const struct drop *d, const struct host *h)
{
	struct clash c;

	return clash_of(&c, d) && put_pod(out, &c, &c.loser[0], d, h);
}

bool text_winner_pod(struct strbuf *out, const struct drop *d, const struct host *h)
{
	struct clash c;

	return clash_of(&c, d) && put_pod(out, &c, &c.winner[0], d, h);
}

/* Replies go to the address and port that source NAT chose, and come from where it sends to. */
bool text_nat_address(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_nat *n = &d->ev->detail.nat;

	(void)h;
	put_addr(out, n->family, n->loser[1].dst);
	return true;
}

bool text_nat_destination(struct strbuf *out, const struct drop *d, const struct host *h)
{
	struct clash c;

	(void)h;
	if (!clash_of(&c, d))
		return false;
	put_end(out, &c, c.loser[1].src, c.loser[1].sport);
	return true;
}

bool text_nat_range(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_nat *n = &d->ev->detail.nat;

	(void)h;
	if (n->flags & NAT_RANGE_ADDRESSES) {
		put_addr(out, n->family, n->min_addr);
		strbuf_puts(out, "-");
		put_addr(out, n->family, n->max_addr);
	} else {
		strbuf_puts(out, "any address");
	}
	if (n->flags & NAT_RANGE_PORTS)
		strbuf_printf(out, " ports %u-%u", ntohs(n->min_port), ntohs(n->max_port));
	return true;
}

/* Of the packet itself, and of one that a rule drops for it. */
bool text_invalid(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const union detail *e = &d->ev->detail;
	const char *why = "";
	size_t size = 0;

	(void)h;
	if (d->ev->detail_kind == DETAIL_INVALID) {
		why = e->invalid.text;
		size = sizeof(e->invalid.text);
	} else if (d->ev->detail_kind == DETAIL_NF_RULE) {
		why = e->nf_rule.invalid;
		size = sizeof(e->nf_rule.invalid);
	}
	strbuf_add(out, why, strnlen(why, size));
	return *why;
}

uint32_t nat_range_ports(const struct drop *d)
{
	const struct detail_nat *n = &d->ev->detail.nat;

	if (d->ev->detail_kind != DETAIL_NAT || !(n->flags & NAT_RANGE_PORTS))
		return 0;
	return (uint32_t)ntohs(n->max_port) - ntohs(n->min_port) + 1;
}

static bool same_bytes(const uint8_t *a, const uint8_t *b)
{
	for (int i = 0; i < 16; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

bool clash_is_one_socket(const struct drop *d)
{
	struct clash c;

	return clash_of(&c, d) && same_bytes(c.loser->src, c.winner->src) &&
	       c.loser->sport == c.winner->sport && same_bytes(c.loser->dst, c.winner->dst) &&
	       c.loser->dport == c.winner->dport;
}
