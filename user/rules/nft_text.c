/* SPDX-License-Identifier: GPL-2.0-only */
/* What nftables' expressions say in words: enough to recognise a rule, in the manner of `nft list`. */
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <stdio.h>

#include "rules/attr.h"
#include "rules/fetch.h"

#define REGISTERS 20 /* of 4 bytes: NFT_REG_1 is the fourth, NFT_REG32_00 too */

enum kind {
	RAW,
	PORT,
	ADDR4,
	ADDR6,
	PROTO,
	NAME,
	CT_STATE
};

struct value {
	char name[48]; /* what was loaded */
	enum kind kind;
	uint32_t mask;	     /* of a bitwise and before the comparison, 0: none */
	unsigned int prefix; /* bits of an address that are compared, 0: all */
};

struct writer {
	struct rule_info *out;
	struct strbuf text;
	struct value registers[REGISTERS];
	char proto[16];	    /* of the transport header, once a comparison told */
	bool proto_pending; /* and no match has repeated it yet */
};

static struct value *reg(struct writer *w, const struct nlattr *a)
{
	uint32_t n = attr_u32(a);

	n = n >= NFT_REG32_00 ? n - NFT_REG32_00 + 4 : n * 4;
	return &w->registers[n < REGISTERS ? n : 0];
}

static void word(struct writer *w, const char *text)
{
	if (w->proto_pending) {
		w->proto_pending = false;
		word(w, "meta l4proto");
		word(w, w->proto);
	}
	if (w->text.len && w->text.data[w->text.len - 1] != ' ')
		strbuf_putc(&w->text, ' ');
	strbuf_printable(&w->text, text, strlen(text));
}

static void load(struct writer *w, const struct nlattr *to, const char *name, enum kind kind)
{
	struct value *v = reg(w, to);

	memset(v, 0, sizeof(*v));
	snprintf(v->name, sizeof(v->name), "%s", name);
	v->kind = kind;
}

static void meta(struct writer *w, const struct nlattr **a)
{
	static const struct {
		const char *name;
		enum kind kind;
	} keys[] = {
		[NFT_META_LEN] = { "meta length", RAW },
		[NFT_META_PROTOCOL] = { "meta protocol", RAW },
		[NFT_META_MARK] = { "meta mark", RAW },
		[NFT_META_IIFNAME] = { "iifname", NAME },
		[NFT_META_OIFNAME] = { "oifname", NAME },
		[NFT_META_IIF] = { "iif", RAW },
		[NFT_META_OIF] = { "oif", RAW },
		[NFT_META_SKUID] = { "meta skuid", RAW },
		[NFT_META_NFPROTO] = { "meta nfproto", RAW },
		[NFT_META_L4PROTO] = { "meta l4proto", PROTO },
		[NFT_META_PKTTYPE] = { "pkttype", RAW },
		[NFT_META_CGROUP] = { "meta cgroup", RAW },
	};
	uint32_t key = attr_u32(a[NFTA_META_KEY]);
	bool known = key < sizeof(keys) / sizeof(keys[0]) && keys[key].name;

	if (!a[NFTA_META_DREG])
		word(w, known ? keys[key].name : "meta");
	else
		load(w, a[NFTA_META_DREG], known ? keys[key].name : "meta ?",
		     known ? keys[key].kind : RAW);
}

static void ct(struct writer *w, const struct nlattr **a)
{
	uint32_t key = attr_u32(a[NFTA_CT_KEY]);

	if (a[NFTA_CT_DREG])
		load(w, a[NFTA_CT_DREG],
		     key == NFT_CT_STATE       ? "ct state"
		     : key == NFT_CT_STATUS    ? "ct status"
		     : key == NFT_CT_MARK      ? "ct mark"
		     : key == NFT_CT_DIRECTION ? "ct direction"
					       : "ct",
		     key == NFT_CT_STATE ? CT_STATE : RAW);
}

static bool is_address(enum kind kind)
{
	return kind == ADDR4 || kind == ADDR6;
}

static void payload(struct writer *w, const struct nlattr **a)
{
	static const struct {
		uint32_t base, offset, len;
		const char *name;
		enum kind kind;
	} places[] = {
		{ NFT_PAYLOAD_NETWORK_HEADER, 12, 4, "ip saddr", ADDR4 },
		{ NFT_PAYLOAD_NETWORK_HEADER, 16, 4, "ip daddr", ADDR4 },
		{ NFT_PAYLOAD_NETWORK_HEADER, 9, 1, "ip protocol", PROTO },
		{ NFT_PAYLOAD_NETWORK_HEADER, 8, 16, "ip6 saddr", ADDR6 },
		{ NFT_PAYLOAD_NETWORK_HEADER, 24, 16, "ip6 daddr", ADDR6 },
		{ NFT_PAYLOAD_NETWORK_HEADER, 6, 1, "ip6 nexthdr", PROTO },
	};
	uint32_t base = attr_u32(a[NFTA_PAYLOAD_BASE]), offset = attr_u32(a[NFTA_PAYLOAD_OFFSET]);
	uint32_t len = attr_u32(a[NFTA_PAYLOAD_LEN]);
	const char *proto = w->proto[0] ? w->proto : "th";
	char name[48];

	if (!a[NFTA_PAYLOAD_DREG])
		return;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (places[i].base == base && places[i].offset == offset &&
		    (places[i].len == len || (is_address(places[i].kind) && len < places[i].len))) {
			load(w, a[NFTA_PAYLOAD_DREG], places[i].name, places[i].kind);
			return;
		}
	if (base == NFT_PAYLOAD_TRANSPORT_HEADER && len == 2 && offset < 4) {
		w->proto_pending = false;
		snprintf(name, sizeof(name), "%s %s", proto, offset ? "dport" : "sport");
		load(w, a[NFTA_PAYLOAD_DREG], name, PORT);
		return;
	}
	snprintf(name, sizeof(name), "@%s,%u,%u",
		 base == NFT_PAYLOAD_LL_HEADER	      ? "ll"
		 : base == NFT_PAYLOAD_NETWORK_HEADER ? "nh"
						      : proto,
		 offset * 8, len * 8);
	load(w, a[NFTA_PAYLOAD_DREG], name, RAW);
}

static void states(struct strbuf *b, uint32_t bits)
{
	static const char *const names[] = { "invalid", "established", "related",  "new",
					     NULL,	NULL,	       "untracked" };
	bool any = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bits >> i & 1 && names[i]) {
			strbuf_printf(b, "%s%s", any ? "," : "", names[i]);
			any = true;
		}
}

static void protocol(struct strbuf *b, unsigned int proto)
{
	static const struct {
		unsigned int number;
		const char *name;
	} names[] = {
		{ 1, "icmp" }, { 6, "tcp" }, { 17, "udp" }, { 58, "icmpv6" }, { 132, "sctp" }
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == proto) {
			strbuf_puts(b, names[i].name);
			return;
		}
	strbuf_u64(b, proto);
}

/* Whole bytes may be all that is loaded of an address whose prefix is compared. */
static void address(struct strbuf *b, const struct value *v, const unsigned char *p, size_t size)
{
	size_t full = v->kind == ADDR4 ? 4 : 16;
	unsigned char whole[16] = { 0 };
	unsigned int prefix = v->prefix ? v->prefix : size * 8;

	memcpy(whole, p, size < full ? size : full);
	strbuf_addr(b, v->kind == ADDR4 ? 4 : 6, whole);
	if (prefix < full * 8)
		strbuf_printf(b, "/%u", prefix);
}

static void data(struct strbuf *b, const struct value *v, const unsigned char *p, size_t size)
{
	uint32_t host = 0;

	if (v->kind == PORT && size == 2)
		strbuf_u64(b, p[0] << 8 | p[1]);
	else if (is_address(v->kind))
		address(b, v, p, size);
	else if (v->kind == PROTO && size == 1)
		protocol(b, p[0]);
	else if (v->kind == NAME) {
		strbuf_putc(b, '"');
		strbuf_printable(b, (const char *)p, strnlen((const char *)p, size));
		strbuf_puts(b, size && p[size - 1] ? "*\"" : "\"");
	} else if (size <= 4) {
		memcpy(&host, p, size);
		strbuf_printf(b, "0x%x", host);
	} else {
		for (size_t i = 0; i < size; i++)
			strbuf_printf(b, "%02x", p[i]);
	}
}

static const struct nlattr *value_of(const struct nlattr *a)
{
	const struct nlattr *in[NFTA_DATA_MAX + 1];

	attr_nest(in, NFTA_DATA_MAX, a);
	return in[NFTA_DATA_VALUE];
}

static void compare(struct writer *w, const struct nlattr **a)
{
	static const char *const ops[] = { "", "!= ", "< ", "<= ", "> ", ">= " };
	const struct value *v = reg(w, a[NFTA_CMP_SREG]);
	const struct nlattr *d = value_of(a[NFTA_CMP_DATA]);
	uint32_t op = attr_u32(a[NFTA_CMP_OP]);
	const unsigned char *p = d ? attr_data(d) : NULL;
	struct strbuf proto;

	if (!d || op > NFT_CMP_GTE)
		return;
	/* what tells protocol and family is repeated by the match that depends on it */
	if (!strcmp(v->name, "meta nfproto"))
		return;
	if (!strcmp(v->name, "meta l4proto") && op == NFT_CMP_EQ && attr_size(d) == 1) {
		strbuf_init(&proto, w->proto, sizeof(w->proto));
		protocol(&proto, *p);
		w->proto_pending = true;
		return;
	}
	word(w, v->name);
	strbuf_putc(&w->text, ' ');
	if (v->mask && v->kind == CT_STATE) { /* ct state & mask != 0 */
		states(&w->text, v->mask);
		return;
	}
	if (v->mask && !v->prefix)
		strbuf_printf(&w->text, "& 0x%x ", v->mask);
	strbuf_puts(&w->text, ops[op]);
	data(&w->text, v, p, attr_size(d));
}

static void bitwise(struct writer *w, const struct nlattr **a)
{
	const struct nlattr *mask = value_of(a[NFTA_BITWISE_MASK]);
	struct value *from = reg(w, a[NFTA_BITWISE_SREG]), *to = reg(w, a[NFTA_BITWISE_DREG]);

	*to = *from;
	if (mask && attr_size(mask) == sizeof(to->mask))
		memcpy(&to->mask, attr_data(mask), sizeof(to->mask));
	for (size_t i = 0; mask && is_address(to->kind) && i < attr_size(mask); i++)
		to->prefix += __builtin_popcount(((const unsigned char *)attr_data(mask))[i]);
}

static void lookup(struct writer *w, const struct nlattr **a)
{
	char set[64];

	attr_string(set, sizeof(set), a[NFTA_LOOKUP_SET]);
	word(w, reg(w, a[NFTA_LOOKUP_SREG])->name);
	if (attr_u32(a[NFTA_LOOKUP_FLAGS]) & NFT_LOOKUP_F_INV)
		word(w, "!=");
	if (a[NFTA_LOOKUP_DREG] && attr_u32(a[NFTA_LOOKUP_DREG]) == NFT_REG_VERDICT)
		word(w, "vmap");
	else if (a[NFTA_LOOKUP_DREG])
		load(w, a[NFTA_LOOKUP_DREG], "map", RAW);
	strbuf_printf(&w->text, " @%s", set);
}

static void immediate(struct writer *w, const struct nlattr **a)
{
	const struct nlattr *d[NFTA_DATA_MAX + 1], *v[NFTA_VERDICT_MAX + 1];
	char chain[64];

	attr_nest(d, NFTA_DATA_MAX, a[NFTA_IMMEDIATE_DATA]);
	if (!d[NFTA_DATA_VERDICT])
		return;
	attr_nest(v, NFTA_VERDICT_MAX, d[NFTA_DATA_VERDICT]);
	switch ((int)attr_u32(v[NFTA_VERDICT_CODE])) {
	case 0:
		word(w, "drop");
		return;
	case 1:
		word(w, "accept");
		return;
	case NFT_JUMP:
	case NFT_GOTO:
		word(w, (int)attr_u32(v[NFTA_VERDICT_CODE]) == NFT_JUMP ? "jump" : "goto");
		attr_string(chain, sizeof(chain), v[NFTA_VERDICT_CHAIN]);
		word(w, chain);
		return;
	case NFT_RETURN:
		word(w, "return");
		return;
	}
}

static void match(struct writer *w, const struct nlattr **a)
{
	char name[32];

	attr_string(name, sizeof(name), a[NFTA_MATCH_NAME]);
	if (!a[NFTA_MATCH_INFO] ||
	    !xt_match_text(w->out, &w->text, name, attr_data(a[NFTA_MATCH_INFO]),
			   attr_size(a[NFTA_MATCH_INFO]))) {
		word(w, "-m");
		word(w, name);
	}
}

static void target(struct writer *w, const struct nlattr **a)
{
	char name[32];

	attr_string(name, sizeof(name), a[NFTA_TARGET_NAME]);
	word(w, "-j");
	word(w, name);
}

static void expression(struct writer *w, const char *name, const struct nlattr *inner)
{
	static const struct {
		const char *name;
		int max;
		void (*write)(struct writer *w, const struct nlattr **a);
	} known[] = {
		{ "meta", NFTA_META_MAX, meta },
		{ "ct", NFTA_CT_MAX, ct },
		{ "payload", NFTA_PAYLOAD_MAX, payload },
		{ "cmp", NFTA_CMP_MAX, compare },
		{ "bitwise", NFTA_BITWISE_MAX, bitwise },
		{ "lookup", NFTA_LOOKUP_MAX, lookup },
		{ "immediate", NFTA_IMMEDIATE_MAX, immediate },
		{ "match", NFTA_MATCH_MAX, match },
		{ "target", NFTA_TARGET_MAX, target },
	};
	const struct nlattr *a[32];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(name, known[i].name)) {
			attr_nest(a, known[i].max, inner);
			known[i].write(w, a);
			return;
		}
	word(w, name);
}

void nft_text(struct rule_info *out, const struct nlattr *expressions)
{
	struct writer w = { .out = out };
	const struct nlattr *e, *a[NFTA_EXPR_MAX + 1];
	char name[32];

	strbuf_init(&w.text, out->text, sizeof(out->text));
	attr_for_each(e, attr_data(expressions), attr_size(expressions))
	{
		attr_nest(a, NFTA_EXPR_MAX, e);
		attr_string(name, sizeof(name), a[NFTA_EXPR_NAME]);
		expression(&w, name, a[NFTA_EXPR_DATA]);
	}
}
