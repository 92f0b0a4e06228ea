/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the headers of IP, transports and tunnels keep what a flow is made of. */
#include <netinet/in.h>
#include <string.h>

#include "decode/packet.h"

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86dd
#define ETHERTYPE_VLAN 0x8100
#define ETHERTYPE_QINQ 0x88a8
#define ETHERTYPE_TEB  0x6558 /* transparent Ethernet bridging: GRE and Geneve payload */

#define PORT_VXLAN	 4789
#define PORT_VXLAN_LINUX 8472
#define PORT_GENEVE	 6081

#define EXTENSIONS_MAX 8

/* The bytes not yet looked at. */
struct cursor {
	const uint8_t *p;
	size_t left;
	const uint8_t *start; /* of the outer header */
};

static bool skip(struct cursor *c, size_t n)
{
	if (c->left < n)
		return false;
	c->p += n;
	c->left -= n;
	return true;
}

static uint16_t be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

const char *tunnel_name(enum tunnel tunnel)
{
	static const char *const names[TUNNEL_MAX] = {
		[TUNNEL_VXLAN] = "vxlan",
		[TUNNEL_GENEVE] = "geneve",
		[TUNNEL_IPIP] = "ipip",
		[TUNNEL_GRE] = "gre",
	};

	return tunnel < TUNNEL_MAX ? names[tunnel] : NULL;
}

/* RFC 791. On success the cursor is behind the header and its options. */
static bool ipv4(struct flow *f, struct cursor *c)
{
	const uint8_t *p = c->p;
	size_t header;

	if (c->left < 20)
		return false;
	header = (p[0] & 15) * 4;
	f->family = 4;
	f->ttl = p[8];
	f->proto = p[9];
	f->dont_fragment = p[6] & 0x40;
	f->fragment = be16(p + 6) & 0x1fff;
	memcpy(f->src, p + 12, 4);
	memcpy(f->dst, p + 16, 4);
	return header >= 20 && skip(c, header) && !f->fragment;
}

/* Extension headers (RFC 8200, 4) up to the transport; AH (RFC 4302) counts its length differently. */
static bool ipv6_extensions(struct flow *f, struct cursor *c)
{
	for (int i = 0; i < EXTENSIONS_MAX; i++) {
		const uint8_t *p = c->p;
		size_t size;

		switch (f->proto) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
			size = c->left < 2 ? 0 : (p[1] + 1) * 8;
			break;
		case IPPROTO_AH:
			size = c->left < 2 ? 0 : (p[1] + 2) * 4;
			break;
		case IPPROTO_FRAGMENT:
			size = c->left < 8 ? 0 : 8;
			f->fragment = size && be16(p + 2) & 0xfff8;
			break;
		default:
			return true;
		}
		if (!size)
			return false;
		f->proto = p[0];
		if (!skip(c, size) || f->fragment)
			return false;
	}
	return false;
}

static bool ipv6(struct flow *f, struct cursor *c)
{
	const uint8_t *p = c->p;

	if (!skip(c, 40))
		return false;
	f->family = 6;
	f->proto = p[6];
	f->ttl = p[7];
	memcpy(f->src, p + 8, 16);
	memcpy(f->dst, p + 24, 16);
	return ipv6_extensions(f, c);
}

/* IP header at the cursor; `ethertype` 0 if unknown. The version nibble decides. */
static bool ip(struct flow *f, struct cursor *c, uint16_t ethertype)
{
	int version = c->left ? c->p[0] >> 4 : 0;

	if (version == 4 && (!ethertype || ethertype == ETHERTYPE_IPV4))
		return ipv4(f, c);
	if (version == 6 && (!ethertype || ethertype == ETHERTYPE_IPV6))
		return ipv6(f, c);
	return false;
}

static void transport(struct flow *f, const struct cursor *c)
{
	const uint8_t *p = c->p;

	switch (f->proto) {
	case IPPROTO_TCP:
		f->has_tcp = c->left >= 14;
		if (f->has_tcp) {
			f->tcp_seq = be32(p + 4);
			f->tcp_ack = be32(p + 8);
			f->tcp_flags = p[13];
		}
		/* fall through */
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
		f->has_ports = c->left >= 4;
		if (f->has_ports) {
			f->sport = be16(p);
			f->dport = be16(p + 2);
		}
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (c->left >= 2) {
			f->icmp_type = p[0];
			f->icmp_code = p[1];
		}
		break;
	default:
		break;
	}
}

static void inner_ip(struct packet *p, struct cursor c, uint16_t ethertype)
{
	p->inner_offset = c.p - c.start;
	if (ip(&p->inner, &c, ethertype))
		transport(&p->inner, &c);
}

static void inner_ethernet(struct packet *p, struct cursor c)
{
	uint16_t type;

	if (c.left < 14)
		return;
	type = be16(c.p + 12);
	skip(&c, 14);
	for (int tags = 0; tags < 2 && (type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ); tags++) {
		if (c.left < 4)
			return;
		type = be16(c.p + 2);
		skip(&c, 4);
	}
	if (type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6)
		inner_ip(p, c, type);
}

/* RFC 7348 */
static void vxlan(struct packet *p, struct cursor c)
{
	if (c.left < 8 || !(c.p[0] & 0x08))
		return;
	p->tunnel = TUNNEL_VXLAN;
	p->vni = be32(c.p + 4) >> 8;
	skip(&c, 8);
	inner_ethernet(p, c);
}

/* RFC 8926 */
static void geneve(struct packet *p, struct cursor c)
{
	uint16_t type;

	if (c.left < 8 || c.p[0] >> 6)
		return;
	p->tunnel = TUNNEL_GENEVE;
	p->vni = be32(c.p + 4) >> 8;
	type = be16(c.p + 2);
	if (!skip(&c, 8 + (c.p[0] & 0x3f) * 4))
		return;
	if (type == ETHERTYPE_TEB)
		inner_ethernet(p, c);
	else
		inner_ip(p, c, type);
}

/* RFC 2784 and 2890; version 1 (PPTP) carries no IP directly. */
static void gre(struct packet *p, struct cursor c)
{
	uint16_t flags, type;

	if (c.left < 4 || c.p[1] & 7)
		return;
	flags = be16(c.p);
	type = be16(c.p + 2);
	p->tunnel = TUNNEL_GRE;
	skip(&c, 4);
	if (flags & 0x8000 && !skip(&c, 4))
		return;
	if (flags & 0x2000) {
		if (c.left < 4)
			return;
		p->vni = be32(c.p);
		skip(&c, 4);
	}
	if (flags & 0x1000 && !skip(&c, 4))
		return;
	if (type == ETHERTYPE_TEB)
		inner_ethernet(p, c);
	else if (type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6)
		inner_ip(p, c, type);
}

static void tunnelled(struct packet *p, struct cursor c)
{
	switch (p->outer.proto) {
	case IPPROTO_UDP:
		if (!p->outer.has_ports || !skip(&c, 8))
			return;
		if (p->outer.dport == PORT_VXLAN || p->outer.dport == PORT_VXLAN_LINUX)
			vxlan(p, c);
		else if (p->outer.dport == PORT_GENEVE)
			geneve(p, c);
		break;
	case IPPROTO_IPIP:
	case IPPROTO_IPV6:
		p->tunnel = TUNNEL_IPIP;
		inner_ip(p, c, p->outer.proto == IPPROTO_IPIP ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6);
		break;
	case IPPROTO_GRE:
		gre(p, c);
		break;
	default:
		break;
	}
}

void packet_decode(struct packet *p, const uint8_t *l3, size_t size, uint16_t ethertype)
{
	struct cursor c = { l3, size, l3 };

	memset(p, 0, sizeof(*p));
	if (!ip(&p->outer, &c, ethertype)) {
		if (!p->outer.family)
			p->ethertype = ethertype;
		return;
	}
	transport(&p->outer, &c);
	tunnelled(p, c);
}
