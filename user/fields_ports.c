/* SPDX-License-Identifier: GPL-2.0-only */
/* How ranges of ports, and who holds one, are written. */
#include <arpa/inet.h>
#include <string.h>

#include "attribute/who.h"
#include "fields_text.h"

#define STATE_TIME_WAIT 6 /* include/net/tcp_states.h */

bool text_port_range(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ports *p = &d->ev->detail.ports;

	(void)h;
	if (!p->high)
		return false;
	strbuf_printf(out, "%u-%u", p->low, p->high);
	return true;
}

static void put_end(struct strbuf *out, int family, const uint8_t *addr, uint16_t port)
{
	strbuf_addr(out, family, addr);
	strbuf_putc(out, ':');
	strbuf_u64(out, ntohs(port));
}

bool text_port_holder(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ports *p = &d->ev->detail.ports;

	(void)h;
	if (!p->holder_state)
		return false;
	put_end(out, p->holder_family, p->holder_src, p->holder_sport);
	strbuf_puts(out, " > ");
	put_end(out, p->holder_family, p->holder_dst, p->holder_dport);
	if (p->holder_state == STATE_TIME_WAIT)
		strbuf_puts(out, " (TIME_WAIT)");
	return true;
}

bool text_port_holder_process(struct strbuf *out, const struct drop *d, const struct host *h)
{
	(void)h;
	if (!d->holder.pid)
		return false;
	strbuf_add(out, d->holder.comm, strnlen(d->holder.comm, sizeof(d->holder.comm)));
	strbuf_printf(out, "[%u]", d->holder.pid);
	return true;
}

bool text_port_holder_pod(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_ports *p = &d->ev->detail.ports;
	struct question q = { .kind = WHO_CGROUP, .id = p->holder_cgroup };
	struct owner o;

	if (!q.id || !who_is(&o, h, &q, d->ev->time_ns))
		return false;
	if (o.pod && o.ns)
		strbuf_printf(out, "%s/", o.ns);
	if (o.pod)
		strbuf_puts(out, o.pod);
	else if (o.uid)
		strbuf_puts(out, o.uid);
	else if (o.unit)
		strbuf_puts(out, o.unit);
	if (o.container)
		strbuf_printf(out, "/%s", o.container);
	return out->len > 0;
}
