/* SPDX-License-Identifier: GPL-2.0-only */
/* Which losses the filters on headers and places let through, and which are the tracer's own. */
#ifndef FILTER_BPF_H
#define FILTER_BPF_H

static __always_inline bool same_words(const volatile __u8 *a, const __u8 *b, int words)
{
	for (int i = 0; i < words; i++)
		if (((const volatile __u32 *)a)[i] != ((const __u32 *)b)[i])
			return false;
	return true;
}

static __always_inline bool src_is(const struct seen *s, const volatile __u8 *addr)
{
	return s->desk->flow.family == 4 ? same_words(addr, s->desk->flow.bytes + 12, 1)
					 : same_words(addr, s->desk->flow.bytes + 8, 4);
}

static __always_inline bool dst_is(const struct seen *s, const volatile __u8 *addr)
{
	return s->desk->flow.family == 4 ? same_words(addr, s->desk->flow.bytes + 16, 1)
					 : same_words(addr, s->desk->flow.bytes + 24, 4);
}

/* Ports in host byte order, 0 where the packet has none. */
static __always_inline void seen_ports(const struct seen *s, __u8 proto, __u16 *sport, __u16 *dport)
{
	const __u8 *l4;

	*sport = *dport = 0;
	if (proto != IPPROTO_TCP && proto != IPPROTO_UDP && proto != IPPROTO_SCTP)
		return;
	if (s->desk->flow.family == 6)
		l4 = s->desk->flow.bytes + 40;
	else if ((s->desk->flow.bytes[0] & 15) == 5)
		l4 = s->desk->flow.bytes + 20;
	else if ((s->desk->flow.bytes[0] & 15) == 6)
		l4 = s->desk->flow.bytes + 24;
	else
		return;
	*sport = l4[0] << 8 | l4[1];
	*dport = l4[2] << 8 | l4[3];
}

/* Whether the filters on where it was lost let it through. */
static __always_inline bool place_passes(const struct loss_key *key)
{
	if (!knobs.filter)
		return true;
	/* an index means something only in its own namespace */
	if (knobs.filter_ifindex &&
	    (key->ifindex != knobs.filter_ifindex || key->netns != knobs.filter_netns))
		return false;
	return !knobs.filter_netns || key->netns == knobs.filter_netns ||
	       key->sk_netns == knobs.filter_netns;
}

/* Whether the filters on headers let it through. */
static __always_inline bool packet_passes(const struct seen *s, const struct loss_key *key)
{
	__u16 sport, dport;

	if (!knobs.filter)
		return true;
	if (knobs.filter_proto && key->proto != knobs.filter_proto)
		return false;
	if (knobs.filter_port) {
		seen_ports(s, key->proto, &sport, &dport);
		if (sport != knobs.filter_port && dport != knobs.filter_port)
			return false;
	}
	if (knobs.filter_family)
		return s->desk->flow.family == knobs.filter_family &&
		       (src_is(s, knobs.filter_addr) || dst_is(s, knobs.filter_addr));
	return true;
}

/* Whether this packet belongs to the connection the tracer itself writes to. */
static __always_inline bool is_own_traffic(const struct seen *s, const struct loss_key *key)
{
	__u16 sport, dport;

	if (!knobs.own_family || s->desk->flow.family != knobs.own_family ||
	    key->proto != IPPROTO_TCP)
		return false;
	seen_ports(s, key->proto, &sport, &dport);
	if (sport == knobs.own_port[0] && dport == knobs.own_port[1])
		return src_is(s, knobs.own_addr[0]) && dst_is(s, knobs.own_addr[1]);
	if (sport == knobs.own_port[1] && dport == knobs.own_port[0])
		return src_is(s, knobs.own_addr[1]) && dst_is(s, knobs.own_addr[0]);
	return false;
}

#endif
