/* SPDX-License-Identifier: GPL-2.0-only */
/* Packets and tunnels turned into flows, whole and cut at every byte. */
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "build.h"
#include "decode/packet.h"
#include "sink/flow_text.h"

/* "outer | tunnel vni inner" */
static const char *describe(const struct bytes *b, uint16_t ethertype)
{
	static char text[400];
	struct strbuf s;
	struct packet p;
	/* exactly as large as the packet, so that the sanitizer sees a read behind it */
	uint8_t *exact = malloc(b->size ? b->size : 1);

	memcpy(exact, b->data, b->size);
	packet_decode(&p, exact, b->size, ethertype);
	free(exact);
	strbuf_init(&s, text, sizeof(text));
	if (p.outer.family)
		flow_text(&s, &p.outer);
	else
		strbuf_printf(&s, "none 0x%x", p.ethertype);
	if (p.tunnel)
		strbuf_printf(&s, " | %s %u ", tunnel_name(p.tunnel), p.vni);
	if (p.inner.family)
		flow_text(&s, &p.inner);
	return text;
}

static struct bytes inner_tcp(struct bytes b)
{
	build_ipv4(&b, IPPROTO_TCP, "10.1.0.2", "10.2.0.2");
	build_tcp(&b, 1234, 80, 0x02);
	return b;
}

#define INNER "10.1.0.2:1234 > 10.2.0.2:80 tcp Flags [S]"

static struct bytes outer(uint8_t proto)
{
	struct bytes b = { 0 };

	build_ipv4(&b, proto, "192.0.2.1", "192.0.2.2");
	return b;
}

static struct bytes vxlan(uint16_t port)
{
	uint8_t h[8] = { 8, 0, 0, 0, 0, 1, 0, 0 };
	struct bytes b = outer(IPPROTO_UDP);

	build_udp(&b, 50000, port);
	build_raw(&b, h, 8);
	return b;
}

Test(packet, plain)
{
	struct bytes b = { 0 };
	uint8_t echo[8] = { 128, 0 };

	build_ipv6(&b, IPPROTO_ICMPV6, "fe80::1", "ff02::2");
	build_raw(&b, echo, 8);
	cr_expect_str_eq(describe(&b, 0x86dd), "fe80::1 > ff02::2 icmp6 128/0");
	b = inner_tcp((struct bytes){ 0 });
	cr_expect_str_eq(describe(&b, 0x0800), INNER);
	cr_expect_str_eq(describe(&b, 0), INNER, "output before the protocol is set");
	cr_expect_str_eq(describe(&b, 0x86dd), "none 0x86dd", "the version decides");
	b = (struct bytes){ 0 };
	build_ipv6(&b, IPPROTO_UDP, "::ffff:1.2.3.4", "1:0:0:2::");
	build_udp(&b, 1, 2);
	cr_expect_str_eq(describe(&b, 0x86dd), "[::ffff:1.2.3.4]:1 > [1:0:0:2::]:2 udp");
}

Test(packet, options_and_fragments)
{
	struct bytes b = inner_tcp((struct bytes){ 0 });
	struct bytes with = { 0 };

	memcpy(with.data, b.data, 20);
	with.data[0] = 0x47; /* eight bytes of options */
	with.size = 28;
	build_raw(&with, b.data + 20, 20);
	cr_expect_str_eq(describe(&with, 0x0800), INNER);
	b.data[6] = 0x20;
	cr_expect_str_eq(describe(&b, 0x0800), INNER, "the first fragment has the ports");
	b.data[7] = 0x10;
	cr_expect_str_eq(describe(&b, 0x0800), "10.1.0.2 > 10.2.0.2 tcp fragment");
	b.data[6] = b.data[7] = 0;
	b.data[0] = 0x44; /* a header shorter than a header */
	cr_expect_str_eq(describe(&b, 0x0800), "10.1.0.2 > 10.2.0.2 tcp");
}

Test(packet, ipv6_extensions)
{
	uint8_t hop[8] = { IPPROTO_ROUTING, 0 }, routing[16] = { IPPROTO_FRAGMENT, 1 };
	uint8_t first[8] = { IPPROTO_UDP, 0, 0, 1 }, later[8] = { IPPROTO_UDP, 0, 0, 8 };
	struct bytes b = { 0 };

	build_ipv6(&b, IPPROTO_HOPOPTS, "fd00::1", "fd00::2");
	build_raw(&b, hop, 8);
	build_raw(&b, routing, 16);
	build_raw(&b, first, 8);
	build_udp(&b, 7, 8);
	cr_expect_str_eq(describe(&b, 0x86dd), "[fd00::1]:7 > [fd00::2]:8 udp");
	b.size = 40 + 8 + 16;
	build_raw(&b, later, 8);
	build_udp(&b, 7, 8);
	cr_expect_str_eq(describe(&b, 0x86dd), "fd00::1 > fd00::2 udp fragment");
	b.size = 40;
	hop[0] = IPPROTO_HOPOPTS; /* headers without end */
	for (int i = 0; i < 40; i++)
		build_raw(&b, hop, 8);
	cr_expect_str_eq(describe(&b, 0x86dd), "fd00::1 > fd00::2 0");
}

Test(packet, vxlan)
{
	struct bytes b = vxlan(4789);

	build_eth(&b, 0x0800);
	b = inner_tcp(b);
	cr_expect_str_eq(describe(&b, 0x0800),
			 "192.0.2.1:50000 > 192.0.2.2:4789 udp | vxlan 256 " INNER);
	b = vxlan(8472);
	build_eth(&b, 0x8100);
	build_vlan(&b, 0x0800);
	b = inner_tcp(b);
	cr_expect_str_eq(describe(&b, 0x0800),
			 "192.0.2.1:50000 > 192.0.2.2:8472 udp | vxlan 256 " INNER);
	b.data[28] = 0; /* no VNI flag: not VXLAN */
	cr_expect_str_eq(describe(&b, 0x0800), "192.0.2.1:50000 > 192.0.2.2:8472 udp");
}

Test(packet, geneve)
{
	uint8_t h[8] = { 0x01, 0, 0x65, 0x58, 0, 0, 9, 0 }, option[4] = { 1, 2, 3, 0 };
	struct bytes b = outer(IPPROTO_UDP);

	build_udp(&b, 50000, 6081);
	build_raw(&b, h, 8);
	build_raw(&b, option, 4);
	build_eth(&b, 0x0800);
	b = inner_tcp(b);
	cr_expect_str_eq(describe(&b, 0x0800),
			 "192.0.2.1:50000 > 192.0.2.2:6081 udp | geneve 9 " INNER);
}

Test(packet, ip_in_ip_and_gre)
{
	uint8_t key[8] = { 0x20, 0, 0x08, 0, 0, 0, 0, 77 }, teb[4] = { 0, 0, 0x65, 0x58 };
	uint8_t pptp[4] = { 0x30, 1, 0x88, 0x0b };
	struct bytes b = inner_tcp(outer(IPPROTO_IPIP));

	cr_expect_str_eq(describe(&b, 0x0800), "192.0.2.1 > 192.0.2.2 ipip | ipip 0 " INNER);
	b = outer(IPPROTO_GRE);
	build_raw(&b, key, 8);
	b = inner_tcp(b);
	cr_expect_str_eq(describe(&b, 0x0800), "192.0.2.1 > 192.0.2.2 gre | gre 77 " INNER);
	b = outer(IPPROTO_GRE);
	build_raw(&b, teb, 4);
	build_eth(&b, 0x0800);
	b = inner_tcp(b);
	cr_expect_str_eq(describe(&b, 0x0800), "192.0.2.1 > 192.0.2.2 gre | gre 0 " INNER);
	b = outer(IPPROTO_GRE);
	build_raw(&b, pptp, 4);
	cr_expect_str_eq(describe(&b, 0x0800), "192.0.2.1 > 192.0.2.2 gre");
}

Test(packet, gre_with_every_option)
{
	/* checksum, key and sequence number: RFC 2890, 2 */
	uint8_t all[16] = { 0xb0, 0, 0x86, 0xdd, 1, 2, 0, 0, 0, 0, 0x12, 0x34, 0, 0, 0, 9 };
	struct bytes b = outer(IPPROTO_GRE);

	build_raw(&b, all, sizeof(all));
	build_ipv6(&b, IPPROTO_UDP, "fd00::1", "fd00::2");
	build_udp(&b, 1, 2);
	cr_expect_str_eq(describe(&b, 0x0800), "192.0.2.1 > 192.0.2.2 gre | gre 4660 "
					       "[fd00::1]:1 > [fd00::2]:2 udp");
}

/* Two tags, 802.1ad outside and 802.1Q inside; a third is no header we know. */
Test(packet, inner_vlan_tags)
{
	for (int tags = 0; tags <= 3; tags++) {
		struct bytes b = vxlan(4789);
		const char *inner;

		build_eth(&b, tags ? 0x88a8 : 0x0800);
		for (int i = 1; i <= tags; i++)
			build_vlan(&b, i == tags ? 0x0800 : 0x8100);
		b = inner_tcp(b);
		inner = strstr(describe(&b, 0x0800), INNER);
		cr_expect_eq(inner != NULL, tags <= 2, "%d tags", tags);
	}
}

Test(packet, ip_of_one_version_in_the_other)
{
	/* a tunnel encapsulation limit, as ip6tnl adds it: RFC 2473, 4.1.1 */
	uint8_t limit[8] = { IPPROTO_IPIP, 0, 4, 1, 4, 1, 0, 0 };
	struct bytes b = outer(IPPROTO_IPV6);

	build_ipv6(&b, IPPROTO_TCP, "fd00::1", "fd00::2");
	build_tcp(&b, 1, 2, 0x11);
	cr_expect_str_eq(describe(&b, 0x0800), "192.0.2.1 > 192.0.2.2 ip6ip | ipip 0 "
					       "[fd00::1]:1 > [fd00::2]:2 tcp Flags [F.]");
	b = (struct bytes){ 0 };
	build_ipv6(&b, IPPROTO_DSTOPTS, "2001:db8::1", "2001:db8::2");
	build_raw(&b, limit, sizeof(limit));
	b = inner_tcp(b);
	cr_expect_str_eq(describe(&b, 0x86dd), "2001:db8::1 > 2001:db8::2 ipip | ipip 0 " INNER);
}

/* RFC 4302, 2.2: the length counts 4-byte words, minus 2. */
Test(packet, authentication_header)
{
	uint8_t ah[24] = { IPPROTO_UDP, 4 };
	struct bytes b = { 0 };

	build_ipv6(&b, IPPROTO_AH, "fd00::1", "fd00::2");
	build_raw(&b, ah, sizeof(ah));
	build_udp(&b, 7, 8);
	cr_expect_str_eq(describe(&b, 0x86dd), "[fd00::1]:7 > [fd00::2]:8 udp");
}

Test(packet, geneve_without_ethernet)
{
	uint8_t h[8] = { 0, 0, 0x08, 0x00, 0xff, 0xff, 0xff, 0 };
	struct bytes b = outer(IPPROTO_UDP);

	build_udp(&b, 50000, 6081);
	build_raw(&b, h, 8);
	b = inner_tcp(b);
	cr_expect_str_eq(describe(&b, 0x0800),
			 "192.0.2.1:50000 > 192.0.2.2:6081 udp | geneve 16777215 " INNER);
	b.data[28] = 0x40; /* a version to come */
	cr_expect_str_eq(describe(&b, 0x0800), "192.0.2.1:50000 > 192.0.2.2:6081 udp");
}

/* As tcpdump 4.99 prints them. */
Test(packet, tcp_flags_as_tcpdump_has_them)
{
	static const struct {
		uint8_t flags;
		const char *want;
	} rows[] = {
		{ 0x00, "[none]" }, { 0x11, "[F.]" }, { 0x03, "[FS]" },	 { 0x52, "[S.E]" },
		{ 0x19, "[FP.]" },  { 0x30, "[.U]" }, { 0xc2, "[SEW]" }, { 0xff, "[FSRP.UEW]" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b = { 0 };

		build_ipv4(&b, IPPROTO_TCP, "10.0.0.1", "10.0.0.2");
		build_tcp(&b, 1, 2, rows[i].flags);
		cr_expect_str_eq(strstr(describe(&b, 0x0800), "Flags ") + 6, rows[i].want);
	}
}

/* Cut at each byte, a packet never tells anything else than the whole one did. */
static void cut(const struct bytes *whole, uint16_t ethertype, const char *name)
{
	struct packet all, part;

	packet_decode(&all, whole->data, whole->size, ethertype);
	for (size_t size = 0; size <= whole->size; size++) {
		uint8_t *exact = malloc(size ? size : 1);

		memcpy(exact, whole->data, size);
		packet_decode(&part, exact, size, ethertype);
		free(exact);
		cr_expect(!part.outer.family || part.outer.family == all.outer.family, "%s", name);
		cr_expect(!part.outer.has_ports || part.outer.dport == all.outer.dport, "%s", name);
		cr_expect(!part.outer.has_tcp || part.outer.tcp_flags == all.outer.tcp_flags);
		cr_expect(!part.tunnel || part.tunnel == all.tunnel, "%s", name);
		cr_expect(!part.inner.family || part.inner.family == all.inner.family, "%s", name);
		cr_expect(!part.inner.has_ports || part.inner.sport == all.inner.sport, "%s", name);
		cr_expect(!part.inner.has_tcp || part.inner.tcp_flags == all.inner.tcp_flags);
	}
	cr_expect(part.inner.has_tcp, "%s", name);
	cr_expect_arr_eq(&part, &all, sizeof(all), "%s", name);
}

Test(packet, cut_at_each_byte)
{
	uint8_t geneve[16] = { 0x02, 0, 0x65, 0x58, 0, 0, 9, 0 };
	uint8_t gre[12] = { 0x30, 0, 0x65, 0x58 }, hop[8] = { IPPROTO_IPIP };
	struct bytes b = vxlan(4789);

	build_eth(&b, 0x8100);
	build_vlan(&b, 0x0800);
	b = inner_tcp(b);
	cut(&b, 0x0800, "vxlan");
	b = outer(IPPROTO_UDP);
	build_udp(&b, 1, 6081);
	build_raw(&b, geneve, sizeof(geneve));
	build_eth(&b, 0x0800);
	b = inner_tcp(b);
	cut(&b, 0x0800, "geneve");
	b = outer(IPPROTO_GRE);
	build_raw(&b, gre, sizeof(gre));
	build_eth(&b, 0x0800);
	b = inner_tcp(b);
	cut(&b, 0x0800, "gre");
	b = (struct bytes){ 0 };
	build_ipv6(&b, IPPROTO_HOPOPTS, "fd00::1", "fd00::2");
	build_raw(&b, hop, sizeof(hop));
	b = inner_tcp(b);
	cut(&b, 0x86dd, "ip6tnl");
}

Test(packet, any_bytes)
{
	struct bytes b;

	srand(1);
	for (int i = 0; i < 20000; i++) {
		b.size = rand() % 200;
		for (size_t j = 0; j < b.size; j++)
			b.data[j] = rand();
		b.data[0] = i % 2 ? 0x45 : 0x60;
		describe(&b, 0);
	}
}
