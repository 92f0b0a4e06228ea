/* SPDX-License-Identifier: GPL-2.0-only */
/* How evidence reads that is no plain number of the record. */
#include <linux/neighbour.h>
#include <string.h>

#include "attribute/who.h"
#include "fields_text.h"

bool text_dont_fragment(struct strbuf *out, const struct drop *d, const struct host *h)
{
	(void)h;
	if (d->pkt.outer.family == 4)
		strbuf_puts(out, d->pkt.outer.dont_fragment ? "set" : "not set");
	else if (d->pkt.outer.family == 6)
		strbuf_puts(out, "always in IPv6");
	return d->pkt.outer.family;
}

/* Nothing is said where the hook on ICMP errors is missing: then a missing note says nothing. */
bool text_icmp_answer(struct strbuf *out, const struct drop *d, const struct host *h)
{
	(void)h;
	if (d->ev->detail_kind != DETAIL_MTU)
		return false;
	if (d->ev->detail.mtu.told)
		strbuf_printf(out, "sender told %u", d->ev->detail.mtu.told);
	else if (d->ev->key.facts & FACT_ICMP_WATCHED)
		strbuf_puts(out, "none");
	else
		return false;
	return true;
}

/* "namespace/pod" of the namespace that the outgoing or receiving device is in. */
bool text_receiver(struct strbuf *out, const struct drop *d, const struct host *h)
{
	uint32_t netns = d->ev->detail.mtu.out_netns;
	struct question q = { .kind = WHO_NETNS, .id = netns };
	struct owner o;

	if (d->ev->detail_kind != DETAIL_MTU || !netns || (!h->pods && !h->oracle))
		return false;
	if (netns == h->netns) {
		strbuf_puts(out, "host");
		return true;
	}
	if (!who_is(&o, h, &q, d->ev->time_ns))
		return false;
	if (o.ns && o.pod)
		strbuf_printf(out, "%s/%s", o.ns, o.pod);
	else if (o.netns_name)
		strbuf_puts(out, o.netns_name);
	return true;
}

bool text_next_hop(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_neigh *n = &d->ev->detail.neigh;

	(void)h;
	if (d->ev->detail_kind != DETAIL_NEIGH || !n->family)
		return false;
	strbuf_addr(out, n->family, n->next_hop);
	if (n->dev[0]) {
		strbuf_puts(out, " dev ");
		strbuf_printable(out, n->dev, strnlen(n->dev, sizeof(n->dev)));
	}
	return true;
}

bool text_neighbour_state(struct strbuf *out, const struct drop *d, const struct host *h)
{
	(void)h;
	if (d->ev->detail_kind != DETAIL_NEIGH || !d->ev->detail.neigh.family)
		return false;
	switch (d->ev->detail.neigh.state) {
	case NUD_INCOMPLETE:
		strbuf_puts(out, "incomplete");
		return true;
	case NUD_FAILED:
		strbuf_puts(out, "failed");
		return true;
	default:
		return false;
	}
}

bool text_policy_direction(struct strbuf *out, const struct drop *d, const struct host *h)
{
	static const char *const names[] = { "in", "out", "fwd" }; /* XFRM_POLICY_IN ... */
	__u32 direction = NOTE_DATA(d->ev->key.note);

	(void)h;
	if (NOTE_KIND(d->ev->key.note) != NOTE_XFRM || direction > 2)
		return false;
	strbuf_puts(out, names[direction]);
	return true;
}

/* As tc writes it. */
bool text_qdisc_parent(struct strbuf *out, const struct drop *d, const struct host *h)
{
	uint32_t parent = d->ev->detail.qdisc.parent;

	(void)h;
	if (d->ev->detail_kind != DETAIL_QDISC)
		return false;
	if (parent == UINT32_MAX)
		strbuf_puts(out, "root");
	else
		strbuf_printf(out, "%x:%x", parent >> 16, parent & 0xffff);
	return true;
}

bool number_tunnel_overhead(uint64_t *out, const struct drop *d)
{
	*out = d->pkt.inner_offset;
	return d->pkt.inner.family;
}
