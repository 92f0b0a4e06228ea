/* SPDX-License-Identifier: GPL-2.0-only */
/* What to do about ports that could not be had: which of their users takes the most decides. */
#include "classify/advice.h"
#include "event.h"

#define WIDE_LOW   1024 /* the widest range that spares the ports of system services */
#define WIDE_HIGH  65535
#define WIDE_PORTS (WIDE_HIGH - WIDE_LOW + 1)

static const struct detail_ports *ports_of(const struct drop *d)
{
	return d->ev->detail_kind == DETAIL_PORTS ? &d->ev->detail.ports : NULL;
}

/* The line to set: the sysctl holds a list, and writing it replaces that. */
static void reserve(struct strbuf *out, const struct detail_ports *p, const char *ports)
{
	if (p->reserved)
		strbuf_printf(out,
			      "sysctl -w net.ipv4.ip_local_reserved_ports=\"$(sysctl -n "
			      "net.ipv4.ip_local_reserved_ports),%s\"",
			      ports);
	else
		strbuf_printf(out, "sysctl -w net.ipv4.ip_local_reserved_ports=%s", ports);
}

static void widen(struct strbuf *out, const struct detail_ports *p)
{
	unsigned int ports = p->high - p->low + 1;

	if (ports < WIDE_PORTS)
		strbuf_printf(
			out,
			" net.ipv4.ip_local_port_range=\"%d %d\" there gives %u more; reserve "
			"the ports of services in it (net.ipv4.ip_local_reserved_ports).",
			WIDE_LOW, WIDE_HIGH, WIDE_PORTS - ports);
}

static void advise_time_wait(struct strbuf *out, const struct detail_ports *p)
{
	strbuf_printf(
		out,
		"Of %u connections to that destination %u are over and wait 60 s in "
		"TIME_WAIT: the application opens and closes too many. Keep connections alive "
		"and pool them. ",
		p->connected, p->time_wait);
	if (p->tw_reuse != 1)
		strbuf_printf(
			out,
			"Until then set net.ipv4.tcp_tw_reuse=1 (it is %u) in that namespace, "
			"which lets a connect take such a port after 1 s, if both ends use TCP "
			"timestamps.",
			p->tw_reuse);
}

static void advise_connected(struct strbuf *out, const struct detail_ports *p)
{
	strbuf_printf(out,
		      "%u connections to that destination are open: look for some that are never "
		      "closed ('ss -tanp' in the pod's namespace), pool them, or spread them over "
		      "more destination addresses or ports.",
		      p->connected - p->time_wait);
}

static void advise_bound(struct strbuf *out, const struct detail_ports *p)
{
	strbuf_printf(
		out,
		"%u of the %u ports are bound by sockets, listeners among them, and closed to "
		"connects: 'ss -Htunalp sport ge :%u and sport le :%u' in the pod's namespace "
		"names them. Move fixed ones out of the range, and let clients not bind "
		"before connect (or with IP_BIND_ADDRESS_NO_PORT).",
		p->bound, p->usable, p->low, p->high);
}

bool advise_no_port(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ports *p = ports_of(d);

	(void)h;
	if (!p)
		return false;
	if (NOTE_DATA(d->ev->key.note) == PORT_FOR_BIND)
		strbuf_printf(out,
			      "All %u ports of %u-%u are held by other sockets of that namespace: "
			      "look for some that are never closed ('ss -tuanp').",
			      p->usable, p->low, p->high);
	else if (!p->counted)
		return false;
	else if (p->bound > p->connected)
		advise_bound(out, p);
	else if (p->time_wait > p->connected / 2)
		advise_time_wait(out, p);
	else
		advise_connected(out, p);
	widen(out, p);
	return true;
}

bool advise_port_held(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ports *p = ports_of(d);
	char port[8];
	struct strbuf b;

	(void)h;
	if (!p)
		return false;
	strbuf_init(&b, port, sizeof(port));
	strbuf_u64(&b, p->port);
	strbuf_puts(out, "In that network namespace (for a pod: securityContext.sysctls): ");
	reserve(out, p, port);
	strbuf_puts(out,
		    " . This keeps new connections off the port; the one that has it must end.");
	if (p->low > WIDE_LOW)
		strbuf_printf(out, " Or let the application use a port below %u.", p->low);
	return true;
}
