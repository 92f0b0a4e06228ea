/* SPDX-License-Identifier: GPL-2.0-only */
/* Which setting of IPVS fits what was seen, and what it costs. */
#include "classify/advice.h"
#include "fields_ipvs.h"

#define AROUND                                                                                     \
	" Or go around IPVS: kube-proxy in nftables mode, a load balancer that sends straight to " \
	"pods, an ingress or a service mesh."

static const struct detail_ipvs *detail(const struct drop *d)
{
	return d->ev->detail_kind == DETAIL_IPVS ? &d->ev->detail.ipvs : NULL;
}

bool advise_ipvs_first_syn(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ipvs *v = detail(d);

	(void)h;
	if (!v)
		return false;
	/* with conn_reuse_mode=0 the SYN would have gone to the old server instead */
	if (!v->weight && v->expire_nodest_conn)
		strbuf_puts(out,
			    "The old server is draining (weight 0) and expire_nodest_conn=1 "
			    "expired its entry: that is right, only this first SYN paid for it. ");
	else
		strbuf_printf(
			out,
			"conn_reuse_mode=%u expired the old entry. This kernel has the fix of "
			"5.9: it does so without a loss unless the old conntrack entry is "
			"still the one found, as it was here. ",
			v->conn_reuse_mode);
	if (v->conntrack)
		strbuf_puts(out, "Where nothing masquerades this service's connections set "
				 "net.ipv4.vs.conntrack=0: without conntrack no SYN is dropped. ");
	strbuf_puts(out, "Do not set conn_reuse_mode=0 against it: new connections then go to old "
			 "servers, dead ones too." AROUND);
	return true;
}

bool advise_ipvs_gone(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ipvs *v = detail(d);

	(void)h;
	if (!v)
		return false;
	if (v->expire_nodest_conn)
		strbuf_puts(out,
			    "expire_nodest_conn=1 expired the entry with this packet, which its "
			    "old conntrack entry kept from being scheduled anew; the next one is "
			    "served." AROUND);
	else
		strbuf_puts(out,
			    "Set net.ipv4.vs.expire_nodest_conn=1 in the node's namespace: the "
			    "entry is expired at the first such packet and new connections are "
			    "scheduled again. It costs established connections to removed "
			    "servers a reset instead of a silent hang." AROUND);
	return true;
}

/* Who gets new connections, as far as they were seen. */
static void tell_arrivals(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ipvs *v = detail(d);

	if (!v->reused && !v->scheduled)
		return;
	strbuf_printf(out,
		      "Of the new connections of the last %u s this server got %llu by reuse and "
		      "%llu by the scheduler",
		      v->watched_s, (unsigned long long)v->reused,
		      (unsigned long long)v->scheduled);
	if (v->servers[0].family) {
		strbuf_puts(out, "; none went to ");
		ipvs_idle_servers(out, d, h);
	}
	strbuf_puts(out, ". ");
}

bool advise_ipvs_rescheduled(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ipvs *v = detail(d);

	if (!v)
		return false;
	if (v->expire_nodest_conn && !v->weight)
		strbuf_puts(out, "None is needed: the old server drains (weight 0), and "
				 "expire_nodest_conn=1 let this connection go to another. ");
	else
		strbuf_printf(out,
			      "None is needed: conn_reuse_mode=%u lets connections from a port "
			      "used before go to new servers too. ",
			      v->conn_reuse_mode);
	tell_arrivals(out, d, h);
	strbuf_puts(out, "With conn_reuse_mode=0 and expire_nodest_conn=0 they would stay with the "
			 "old server.");
	return true;
}

bool advise_ipvs_reuse(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ipvs *v = detail(d);

	if (!v)
		return false;
	if (v->reused)
		tell_arrivals(out, d, h);
	if (!v->conn_reuse_mode)
		strbuf_puts(out,
			    "Set net.ipv4.vs.conn_reuse_mode=1: this kernel then schedules new "
			    "connections from reused ports anew, and drops a first SYN only if the "
			    "old conntrack entry is still alive. ");
	if (!v->expire_nodest_conn)
		strbuf_puts(out, "Set net.ipv4.vs.expire_nodest_conn=1, so that entries of servers "
				 "with weight 0 are expired when a new connection meets them. ");
	strbuf_puts(out,
		    "Let pods serve until their endpoint is withdrawn (preStop sleep)." AROUND);
	return true;
}
