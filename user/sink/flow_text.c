/* SPDX-License-Identifier: GPL-2.0-only */
/* The words that tcpdump has made usual for flows. */
#include <netinet/in.h>

#include "sink/flow_text.h"

const char *proto_name(uint8_t family, uint8_t proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_UDPLITE:
		return "udplite";
	case IPPROTO_SCTP:
		return "sctp";
	case IPPROTO_ICMP:
		return "icmp";
	case IPPROTO_ICMPV6:
		return "icmp6";
	case IPPROTO_IGMP:
		return "igmp";
	case IPPROTO_GRE:
		return "gre";
	case IPPROTO_ESP:
		return "esp";
	case IPPROTO_AH:
		return "ah";
	case IPPROTO_IPIP:
		return "ipip";
	case IPPROTO_IPV6:
		return family ? "ip6ip" : NULL;
	default:
		return NULL;
	}
}

char *put_tcp_flags(char *p, uint8_t flags)
{
	static const char letters[] = "FSRP.UEW"; /* from the lowest bit on, as tcpdump */

	for (int i = 0; i < 8; i++)
		if (flags & 1 << i)
			*p++ = letters[i];
	return p;
}

static void flags_text(struct strbuf *b, uint8_t flags)
{
	char text[8], *end = put_tcp_flags(text, flags);

	strbuf_add(b, text, end - text);
}

static void endpoint(struct strbuf *b, const struct flow *f, const uint8_t *addr, uint16_t port)
{
	bool brackets = f->has_ports && f->family == 6;

	if (brackets)
		strbuf_putc(b, '[');
	strbuf_addr(b, f->family, addr);
	if (brackets)
		strbuf_putc(b, ']');
	if (f->has_ports) {
		strbuf_putc(b, ':');
		strbuf_u64(b, port);
	}
}

void flow_text(struct strbuf *b, const struct flow *f)
{
	const char *proto = proto_name(f->family, f->proto);

	endpoint(b, f, f->src, f->sport);
	strbuf_add(b, " > ", 3);
	endpoint(b, f, f->dst, f->dport);
	strbuf_putc(b, ' ');
	if (proto)
		strbuf_puts(b, proto);
	else
		strbuf_u64(b, f->proto);
	if (f->fragment)
		strbuf_puts(b, " fragment");
	if (f->has_tcp) {
		strbuf_puts(b, " Flags [");
		if (f->tcp_flags)
			flags_text(b, f->tcp_flags);
		else
			strbuf_puts(b, "none");
		strbuf_putc(b, ']');
	} else if ((f->proto == IPPROTO_ICMP || f->proto == IPPROTO_ICMPV6) && !f->fragment) {
		strbuf_putc(b, ' ');
		strbuf_u64(b, f->icmp_type);
		strbuf_putc(b, '/');
		strbuf_u64(b, f->icmp_code);
	}
}
