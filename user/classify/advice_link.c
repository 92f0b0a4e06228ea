/* SPDX-License-Identifier: GPL-2.0-only */
/* What to do about next hops, queues and filters of a device, as the numbers decide. */
#include "classify/advice.h"
#include "fields.h"

bool advise_neighbour_table(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_neigh *n = &d->ev->detail.neigh;
	unsigned want = 1024;
	int v = d->pkt.outer.family == 6 ? 6 : 4;

	(void)h;
	if (d->ev->detail_kind != DETAIL_NEIGH || !n->gc_thresh3)
		return false;
	while (want <= 2 * n->gc_thresh3)
		want *= 2;
	strbuf_printf(
		out,
		"%u entries are in the table of all namespaces together, gc_thresh3 is %u. Set "
		"net.ipv%d.neigh.default.gc_thresh3=%u, gc_thresh2=%u and gc_thresh1=%u on the "
		"node: more than there are pods and nodes on its links.",
		n->entries, n->gc_thresh3, v, want, want / 2, want / 4);
	return true;
}

bool advise_neighbour_queue(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_neigh *n = &d->ev->detail.neigh;

	(void)h;
	if (d->ev->detail_kind != DETAIL_NEIGH || !n->queue_limit)
		return false;
	strbuf_printf(
		out,
		"%u bytes wait for the next hop's link-layer address, unres_qlen_bytes allows "
		"%u. See first why it does not answer ('ip neigh show dev %.15s'). If it does, "
		"only late, set net.ipv%d.neigh.%.15s.unres_qlen_bytes=%u.",
		n->queue_bytes, n->queue_limit, n->dev, n->family == 6 ? 6 : 4, n->dev,
		4 * n->queue_limit);
	return true;
}

bool advise_neighbour_failed(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_neigh *n = &d->ev->detail.neigh;

	(void)h;
	if (d->ev->detail_kind != DETAIL_NEIGH || !n->family)
		return false;
	strbuf_puts(out, "No answer from next hop ");
	strbuf_addr(out, n->family, n->next_hop);
	strbuf_printf(
		out,
		" on %.15s after %u probes. See whether that host or pod still exists, whether "
		"it is on this link ('ip route get' says why it is asked for), and whether "
		"its device is up; %s must not be filtered between the two.",
		n->dev, n->probes, n->family == 4 ? "ARP" : "ICMPv6 neighbour discovery");
	return true;
}

bool advise_qdisc(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct event *ev = d->ev;
	const struct detail_qdisc *q = &ev->detail.qdisc;
	bool leaf = ev->detail_kind == DETAIL_QDISC;
	const char *kind = leaf ? q->kind : ev->qdisc;
	unsigned limit = leaf ? q->limit : ev->qdisc_limit;
	unsigned length = leaf ? q->length : ev->qdisc_qlen;
	unsigned backlog = leaf ? q->backlog : ev->qdisc_backlog;

	(void)h;
	if (!kind[0])
		return false;
	strbuf_printf(out, "%u packets (%u bytes) wait in %.15s of %.15s", length, backlog, kind,
		      ev->dev);
	if (limit)
		strbuf_printf(out, ", its limit is %u", limit);
	strbuf_printf(out,
		      ". 'tc -s qdisc show dev %.15s' shows rate and drops. If the rate is set on "
		      "purpose (bandwidth plugin), the sender must slow down or the pod's "
		      "kubernetes.io/egress-bandwidth be raised",
		      ev->dev);
	if (limit)
		strbuf_printf(out, "; for bursts raise the limit, for example to %u", 4 * limit);
	strbuf_puts(out, ".");
	return true;
}

bool advise_rpfilter(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_rpfilter *r = &d->ev->detail.rpfilter;
	const char *dev = d->ev->dev;

	(void)h;
	if (d->ev->detail_kind != DETAIL_RPFILTER)
		return false;
	strbuf_printf(out, "rp_filter is %u for all and %u for %.15s, the larger one rules. ",
		      r->all, r->dev, dev);
	if (r->all < 2 && r->dev < 2)
		strbuf_printf(out,
			      "'ip route get SOURCE' shows by which device the way back leads. If "
			      "it is meant to be another one, set net.ipv4.conf.%.15s.rp_filter=2 "
			      "(any device will do)",
			      dev);
	else
		strbuf_puts(out,
			    "No device at all leads back to the source: 'ip route get SOURCE'. "
			    "Add the route");
	strbuf_puts(out, ", or correct the sender's address.");
	return true;
}

bool advise_tx_ring(struct strbuf *out, const struct drop *d, const struct host *h)
{
	unsigned long long size = field_number("tx_queue_len", d, h);

	if (!size || !d->ev->dev[0])
		return false;
	strbuf_printf(
		out,
		"The ring of %.15s holds %llu packets. Let the program that reads it run more "
		"often (CPU limit, more queues); for bursts 'ip link set %.15s txqueuelen %llu' "
		"before it opens the device.",
		d->ev->dev, size, d->ev->dev, 4 * size);
	return true;
}

bool advise_cpu_backlog(struct strbuf *out, const struct drop *d, const struct host *h)
{
	unsigned long long limit = h->netdev_max_backlog;

	if (!limit)
		return false;
	strbuf_printf(
		out,
		"The input queue of CPU %u holds %llu packets (net.core.netdev_max_backlog) and "
		"is full. Spread the load over CPUs (RPS, more flows); for bursts set "
		"net.core.netdev_max_backlog=%llu on the node. The second column of "
		"/proc/net/softnet_stat counts these per CPU.",
		d->ev->cpu, limit, 4 * limit);
	return true;
}
