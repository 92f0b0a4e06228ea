/* SPDX-License-Identifier: GPL-2.0-only */
/* Which end of a way that is too narrow should be changed, and to what. */
#include "classify/advice.h"
#include "fields.h"

struct ends {
	unsigned long long size, in, out, overhead;
	const char *in_dev, *out_dev;
};

static bool read_ends(struct ends *e, const struct drop *d, const struct host *h)
{
	const struct detail_mtu *m = &d->ev->detail.mtu;

	if (d->ev->detail_kind != DETAIL_MTU || !m->out_mtu)
		return false;
	e->size = m->size;
	e->in = m->in_mtu;
	e->out = m->out_mtu;
	e->in_dev = m->in_dev;
	e->out_dev = m->out_dev;
	e->overhead = field_number("tunnel_overhead", d, h);
	return true;
}

/* The packet carries another one: what counts for its sender is what the tunnel leaves. */
static void advise_inner(struct strbuf *out, const struct ends *e)
{
	if (e->overhead && e->out > e->overhead)
		strbuf_printf(out,
			      " The packet is a tunnel's: %llu of its bytes are overhead, so the "
			      "tunnel's device, and the pods that send through it, may have an MTU "
			      "of at most %llu.",
			      e->overhead, e->out - e->overhead);
}

bool advise_mtu_forward(struct strbuf *out, const struct drop *d, const struct host *h)
{
	struct ends e;

	if (!read_ends(&e, d, h))
		return false;
	strbuf_printf(out, "%.15s takes %llu bytes, the packet has %llu.", e.out_dev, e.out,
		      e.size);
	if (!e.overhead && e.in > e.out)
		strbuf_printf(
			out,
			" It came in by %.15s, whose MTU is %llu: set that one, and the "
			"sender's device behind it, to %llu ('ip link set %.15s mtu %llu', and "
			"the MTU of the CNI configuration).",
			e.in_dev, e.in, e.out, e.in_dev, e.out);
	else if (!e.overhead)
		strbuf_printf(out, " Set the sender's device and routes to an MTU of %llu.", e.out);
	advise_inner(out, &e);
	strbuf_printf(out, " If %.15s is the one that is wrong, raise it to %llu.", e.out_dev,
		      e.in > e.size ? e.in : e.size);
	if (d->ev->detail.mtu.told)
		strbuf_puts(out, " The sender is told by ICMP and adapts: if the same connection "
				 "is lost again and again, that answer does not arrive. Let ICMP "
				 "type 3 code 4 and ICMPv6 type 2 pass, or clamp the MSS.");
	return true;
}

bool advise_mtu_veth(struct strbuf *out, const struct drop *d, const struct host *h)
{
	struct ends e;

	if (!read_ends(&e, d, h))
		return false;
	strbuf_printf(
		out,
		"%.15s sends up to %llu bytes, its other end %.15s (ifindex %u) takes %llu; the "
		"packet has %llu, and nobody is told. Give both ends the same: either 'ip link "
		"set %.15s mtu %llu' on the sending end, or 'ip link set %.15s mtu %llu' on the "
		"receiving one; then correct the MTU in the CNI configuration that made them.",
		e.in_dev, e.in, e.out_dev, d->ev->detail.mtu.out_ifindex, e.out, e.size, e.in_dev,
		e.out, e.out_dev, e.in);
	advise_inner(out, &e);
	return true;
}

bool advise_mtu_local(struct strbuf *out, const struct drop *d, const struct host *h)
{
	struct ends e;

	if (d->ev->detail_kind == DETAIL_SEND)
		return advise_send_too_big(out, d, h);
	if (!read_ends(&e, d, h))
		return false;
	strbuf_printf(
		out,
		"The route by %.15s takes %llu bytes, the socket sent %llu. Send at most %llu "
		"in one packet, or, if the way is really wider, give the route or the device "
		"an MTU of %llu. A TCP connection that was open while its route became "
		"narrower loses one segment and then adapts.",
		e.out_dev, e.out, e.size, e.out, e.size);
	advise_inner(out, &e);
	return true;
}

bool advise_pmtu(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_pmtu *p = &d->ev->detail.pmtu;
	unsigned headers = d->ev->sk_family == 10 ? 60 : 40;

	(void)h;
	if (d->ev->detail_kind != DETAIL_PMTU)
		return false;
	strbuf_printf(
		out,
		"A segment of %u bytes was sent %u times again without an answer, while shorter "
		"ones pass: packets of %u bytes seem not to reach the peer, and no ICMP says so. "
		"Find the length that does with 'ping -M do -s %u PEER' and shorter; then let "
		"ICMP 'fragmentation needed' and 'packet too big' come back, give the pod's "
		"interface that MTU, or clamp the MSS on the node ('tcp option maxseg size set "
		"rt mtu' in nftables).",
		p->segment, p->retransmits, p->pmtu,
		p->pmtu > headers ? p->pmtu - headers + 12 : 0);
	if (!p->probing)
		strbuf_puts(out, " Until then net.ipv4.tcp_mtu_probing=1 in the sender's namespace "
				 "lets TCP find the length by itself.");
	return true;
}
