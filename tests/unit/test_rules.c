/* SPDX-License-Identifier: GPL-2.0-only */
/* What is read out of firewall rules: names in comments and chains, and nftables' expressions. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netlink.h>
#include <string.h>

#include "rules/fetch.h"

static const struct {
	const char *chain, *comment, *named;
} names[] = {
	{ "KUBE-SERVICES", "shop/cart:http has no endpoints", "Service shop/cart:http" },
	{ "KUBE-EXTERNAL-SERVICES", "shop/cart:http has no local endpoints",
	  "Service shop/cart:http" },
	{ "KUBE-FIREWALL", "block incoming localnet connections",
	  "kube-proxy or kubelet (chain KUBE-FIREWALL)" },
	{ "service-ULMVA6XW-shop/cart/tcp/http", "", "Service shop/cart/tcp/http" },
	{ "KUBE-NWPLCY-ABC", "", "a NetworkPolicy of kube-router (chain KUBE-NWPLCY-ABC)" },
	{ "cali-pi-_Ux3", "", "the Calico policy with id _Ux3" },
	{ "cali-tw-cali123", "Drop if no profiles matched",
	  "Calico, to the pod interface with id cali123" },
	{ "CILIUM_FORWARD", "", "Cilium (chain CILIUM_FORWARD)" },
	{ "INPUT", "no path / here", "" },
	{ "INPUT", "", "" },
	{ "service-", "", "" },
};

Test(rules, names_of_kubernetes_objects_are_found)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct rule_info r = { 0 };

		strcpy(r.chain, names[i].chain);
		strcpy(r.comment, names[i].comment);
		rule_named(&r);
		cr_expect_str_eq(r.named, names[i].named, "%s, \"%s\"", names[i].chain,
				 names[i].comment);
	}
}

/* A netlink message under construction. */
struct message {
	_Alignas(8) char data[1024];
	size_t size;
};

static size_t open_attr(struct message *m, int type)
{
	struct nlattr *a = (void *)(m->data + m->size);

	a->nla_type = type;
	m->size += NLA_HDRLEN;
	return (char *)a - m->data;
}

static void close_attr(struct message *m, size_t at)
{
	((struct nlattr *)(m->data + at))->nla_len = m->size - at;
	while (m->size % 4)
		m->data[m->size++] = 0;
}

static void put(struct message *m, int type, const void *data, size_t size)
{
	size_t at = open_attr(m, type);

	memcpy(m->data + m->size, data, size);
	m->size += size;
	close_attr(m, at);
}

static void put_u32(struct message *m, int type, uint32_t value)
{
	value = htonl(value);
	put(m, type, &value, sizeof(value));
}

static size_t open_expression(struct message *m, const char *name, size_t *data)
{
	size_t at = open_attr(m, NFTA_LIST_ELEM);

	put(m, NFTA_EXPR_NAME, name, strlen(name) + 1);
	*data = open_attr(m, NFTA_EXPR_DATA);
	return at;
}

static void close_expression(struct message *m, size_t at, size_t data)
{
	close_attr(m, data);
	close_attr(m, at);
}

static void put_value(struct message *m, int type, const void *data, size_t size)
{
	size_t at = open_attr(m, type);

	put(m, NFTA_DATA_VALUE, data, size);
	close_attr(m, at);
}

/* meta l4proto udp; udp dport 61; drop */
static size_t udp_rule(struct message *m)
{
	size_t all = open_attr(m, NFTA_RULE_EXPRESSIONS), e, d, v, w;
	uint16_t port = htons(61);

	e = open_expression(m, "meta", &d);
	put_u32(m, NFTA_META_KEY, NFT_META_L4PROTO);
	put_u32(m, NFTA_META_DREG, NFT_REG_1);
	close_expression(m, e, d);
	e = open_expression(m, "cmp", &d);
	put_u32(m, NFTA_CMP_SREG, NFT_REG_1);
	put_u32(m, NFTA_CMP_OP, NFT_CMP_EQ);
	put_value(m, NFTA_CMP_DATA, "\x11", 1);
	close_expression(m, e, d);
	e = open_expression(m, "payload", &d);
	put_u32(m, NFTA_PAYLOAD_DREG, NFT_REG_1);
	put_u32(m, NFTA_PAYLOAD_BASE, NFT_PAYLOAD_TRANSPORT_HEADER);
	put_u32(m, NFTA_PAYLOAD_OFFSET, 2);
	put_u32(m, NFTA_PAYLOAD_LEN, 2);
	close_expression(m, e, d);
	e = open_expression(m, "cmp", &d);
	put_u32(m, NFTA_CMP_SREG, NFT_REG_1);
	put_u32(m, NFTA_CMP_OP, NFT_CMP_EQ);
	put_value(m, NFTA_CMP_DATA, &port, sizeof(port));
	close_expression(m, e, d);
	e = open_expression(m, "immediate", &d);
	put_u32(m, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	v = open_attr(m, NFTA_IMMEDIATE_DATA);
	w = open_attr(m, NFTA_DATA_VERDICT);
	put_u32(m, NFTA_VERDICT_CODE, 0);
	close_attr(m, w);
	close_attr(m, v);
	close_expression(m, e, d);
	close_attr(m, all);
	return all;
}

Test(rules, expressions_read_as_nft_lists_them)
{
	struct message m = { .size = 0 };
	struct rule_info r = { 0 };
	size_t at = udp_rule(&m);

	nft_text(&r, (const struct nlattr *)(m.data + at));
	cr_expect_str_eq(r.text, "udp dport 61 drop");
}

Test(rules, expressions_cut_anywhere_are_read_as_far_as_they_go)
{
	struct message m = { .size = 0 };
	size_t at = udp_rule(&m);
	struct nlattr *all = (struct nlattr *)(m.data + at);

	for (size_t size = NLA_HDRLEN; size < m.size; size++) {
		struct rule_info r = { 0 };
		char *copy = malloc(size);

		all->nla_len = size;
		memcpy(copy, m.data, size);
		nft_text(&r, (const struct nlattr *)copy);
		cr_expect(strlen(r.text) < sizeof(r.text));
		free(copy);
	}
}

/* A rule that drops, behind the entry with which the chain "deny" begins. */
struct chain {
	struct ipt_entry head;
	struct xt_error_target name;
	struct ipt_entry rule;
	struct xt_standard_target drop;
};

static struct chain deny(void)
{
	const struct ipt_entry head = { .target_offset = sizeof(head),
					.next_offset =
						sizeof(head) + sizeof(struct xt_error_target) };
	const struct ipt_entry rule = { .target_offset = sizeof(rule),
					.next_offset =
						sizeof(rule) + sizeof(struct xt_standard_target),
					.ip = { .proto = 17 } };
	struct chain c = { .head = head, .rule = rule };

	strcpy(c.name.target.u.user.name, XT_ERROR_TARGET);
	strcpy(c.name.errorname, "deny");
	return c;
}

static int read_legacy(const struct chain *c, size_t size, size_t at, struct rule_info *r)
{
	struct ipt_getinfo info = { .size = size };
	char *entries = malloc(size ? size : 1);
	int err;

	memcpy(entries, c, size);
	memset(r, 0, sizeof(*r));
	err = legacy_parse(r, 4, &info, entries, at);
	free(entries);
	return err;
}

Test(rules, legacy_entry_by_its_place)
{
	struct chain c = deny();
	struct rule_info r;

	cr_expect_eq(read_legacy(&c, sizeof(c), offsetof(struct chain, rule), &r), 0);
	cr_expect_str_eq(r.chain, "deny");
	cr_expect_eq(r.number, 1);
	cr_expect_str_eq(r.text, "-A deny -p udp -j DROP");
	cr_expect_eq(read_legacy(&c, sizeof(c), 8, &r), -ENOENT);
}

Test(rules, legacy_table_that_does_not_hold_together)
{
	struct chain c = deny();
	size_t at = offsetof(struct chain, rule);
	struct rule_info r;

	for (size_t size = at + 1; size < sizeof(c); size++)
		cr_expect_eq(read_legacy(&c, size, at, &r), -EPROTO);
	c.head.next_offset -= 4; /* not as the kernel aligns */
	cr_expect_eq(read_legacy(&c, sizeof(c), at, &r), -EPROTO);
	c = deny();
	c.rule.target_offset = 0;
	cr_expect_eq(read_legacy(&c, sizeof(c), at, &r), -EPROTO);
}

Test(rules, error_of_nftables_that_is_cut_is_none)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} m = { { .nlmsg_len = sizeof(m), .nlmsg_type = NLMSG_ERROR }, { .error = -ENOENT } };
	struct rule_info r = { 0 };
	bool found = false;

	cr_expect_eq(nft_parse(&r, &m, sizeof(m), 1, &found), -ENOENT);
	m.header.nlmsg_len = NLMSG_HDRLEN;
	cr_expect_eq(nft_parse(&r, &m, NLMSG_HDRLEN, 1, &found), -EBADMSG);
}
