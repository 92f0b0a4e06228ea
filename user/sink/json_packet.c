/* SPDX-License-Identifier: GPL-2.0-only */
/* How flows are written by the hundred thousand: into room that was made once for all. */
#include "base/put.h"
#include "sink/flow_text.h"
#include "sink/json_packet.h"

/* What put_flow() writes at most: names of members and protocol, flags, and two ends. */
#define FLOW_MAX  (160 + 4 * PUT_MAX)
#define COUNT_MAX (32 + PUT_MAX)

static char *put_end(char *p, const struct flow *f, const uint8_t *addr, uint16_t port)
{
	p = PUT(p, "{\"addr\":\"");
	p = put_addr(p, f->family, addr);
	if (!f->has_ports)
		return PUT(p, "\",\"port\":null}");
	p = put_u64(PUT(p, "\",\"port\":"), port);
	*p = '}';
	return p + 1;
}

static char *put_proto(char *p, const struct flow *f)
{
	const char *name = f->family ? proto_name(f->family, f->proto) : NULL;

	if (!f->family)
		return PUT(p, "\"proto\":null");
	p = PUT(p, "\"proto\":\"");
	p = name ? put_text(p, name, strlen(name)) : put_u64(p, f->proto);
	*p = '"';
	return p + 1;
}

static char *put_flow(char *p, const struct flow *f)
{
	p = put_proto(p, f);
	if (f->has_tcp) {
		p = put_tcp_flags(PUT(p, ",\"tcp_flags\":\""), f->tcp_flags);
		*p++ = '"';
	} else {
		p = PUT(p, ",\"tcp_flags\":null");
	}
	if (!f->family)
		return PUT(p, ",\"src\":null,\"dst\":null");
	p = put_end(PUT(p, ",\"src\":"), f, f->src, f->sport);
	return put_end(PUT(p, ",\"dst\":"), f, f->dst, f->dport);
}

static void outer(struct jsonw *w, const struct drop *d)
{
	char *p = jsonw_room(w, FLOW_MAX + 2 * COUNT_MAX);

	if (!p)
		return;
	p = put_flow(p, &d->pkt.outer);
	p = put_u64(PUT(p, ",\"length\":"), d->ev->length);
	p = put_u64(PUT(p, ",\"segs\":"), d->ev->segs);
	strbuf_end(w->out, p);
}

static void inner(struct jsonw *w, const struct drop *d)
{
	const char *tunnel = tunnel_name(d->pkt.tunnel);
	char *p = jsonw_room(w, FLOW_MAX + 4 * COUNT_MAX);

	if (!p)
		return;
	p = put_u64(PUT(p, "\"ifindex\":"), d->ev->key.ifindex);
	p = put_u64(PUT(p, ",\"mark\":"), d->ev->mark);
	if (tunnel) {
		p = put_text(PUT(p, ",\"tunnel\":\""), tunnel, strlen(tunnel));
		p = put_u64(PUT(p, "\",\"inner\":{\"vni\":"), d->pkt.vni);
		*p++ = ',';
		p = put_flow(p, &d->pkt.inner);
		*p++ = '}';
	} else {
		p = PUT(p, ",\"tunnel\":null,\"inner\":null");
	}
	strbuf_end(w->out, p);
}

void json_packet(struct jsonw *w, const struct drop *d)
{
	outer(w, d);
	if (d->ev->dev[0])
		jsonw_bytes(w, "iface", d->ev->dev, strnlen(d->ev->dev, sizeof(d->ev->dev)));
	else
		jsonw_null(w, "iface");
	inner(w, d);
}
