/* SPDX-License-Identifier: GPL-2.0-only */
/* How services, servers and states of IPVS are written. */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "attribute/who.h"
#include "fields_ipvs.h"

static void end(struct strbuf *out, int family, const uint8_t *addr, uint16_t port)
{
	strbuf_puts(out, family == 6 ? "[" : "");
	strbuf_addr(out, family, addr);
	strbuf_printf(out, "%s:%u", family == 6 ? "]" : "", ntohs(port));
}

bool ipvs_virtual_service(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ipvs *v = &d->ev->detail.ipvs;

	(void)h;
	if (v->fwmark)
		strbuf_printf(out, "fwmark %u", v->fwmark);
	else if (v->family)
		end(out, v->family, v->virtual_addr, v->virtual_port);
	return v->fwmark || v->family;
}

/* With the pod it is, if it is one of this node. */
bool ipvs_real_server(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ipvs *v = &d->ev->detail.ipvs;
	struct owner o;

	if (!v->real_family)
		return false;
	end(out, v->real_family, v->real_addr, v->real_port);
	if (who_has(&o, h, v->real_family, v->real_addr, d->ev->time_ns) && o.pod &&
	    !(o.flags & OWNER_AMBIGUOUS))
		strbuf_printf(out, " (%s/%s%s)", o.ns ? o.ns : "", o.pod,
			      o.flags & OWNER_TERMINATED ? ", terminated" : "");
	return true;
}

/* Of the service, where it had none that takes the connection. */
bool ipvs_servers(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct ipvs_end *e = d->ev->detail.ipvs.servers;

	(void)h;
	if (NOTE_KIND(d->ev->key.note) != NOTE_IPVS_NO_DEST)
		return false;
	for (size_t i = 0; i < IPVS_SERVERS && e[i].family; i++) {
		strbuf_puts(out, i ? ", " : "");
		end(out, e[i].family, e[i].addr, e[i].port);
		strbuf_printf(out, " weight %u", e[i].weight);
	}
	return e->family;
}

bool ipvs_idle_servers(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct ipvs_end *e = d->ev->detail.ipvs.servers;

	(void)h;
	if (NOTE_KIND(d->ev->key.note) == NOTE_IPVS_NO_DEST)
		return false;
	for (size_t i = 0; i < IPVS_SERVERS && e[i].family; i++) {
		strbuf_puts(out, i ? ", " : "");
		end(out, e[i].family, e[i].addr, e[i].port);
	}
	return e->family;
}

/* enum of TCP states in include/net/ip_vs.h, the same in all kernels since 2.6 */
bool ipvs_state(struct strbuf *out, const struct drop *d, const struct host *h)
{
	static const char *const tcp[] = { "NONE",     "ESTABLISHED", "SYN_SENT", "SYN_RECV",
					   "FIN_WAIT", "TIME_WAIT",   "CLOSE",	  "CLOSE_WAIT",
					   "LAST_ACK", "LISTEN",      "SYNACK" };
	const struct detail_ipvs *v = &d->ev->detail.ipvs;

	(void)h;
	if (!v->real_family || v->proto != IPPROTO_TCP || v->state >= sizeof(tcp) / sizeof(tcp[0]))
		return false;
	strbuf_puts(out, tcp[v->state]);
	return true;
}

bool ipvs_conntrack_state(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ipvs *v = &d->ev->detail.ipvs;

	(void)h;
	if (!v->real_family)
		return false;
	/* IPS_CONFIRMED, include/uapi/linux/netfilter/nf_conntrack_common.h */
	strbuf_puts(out, !v->has_ct ? "none" : v->ct_status & 8 ? "confirmed" : "unconfirmed");
	return true;
}

bool ipvs_died_at(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct loss *l = d->verdict ? &d->verdict->loss : NULL;

	(void)h;
	if (!l || !l->where || !*l->where)
		return false;
	strbuf_printf(out, "%s%s%s", l->where, l->reason ? " " : "", l->reason ? l->reason : "");
	return true;
}
