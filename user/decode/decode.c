/* SPDX-License-Identifier: GPL-2.0-only */
/* What makes bytes a record. */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "decode/decode.h"

/* What was asked for beyond the usual; false if it does not fit into the record. */
static bool decode_more(struct drop *d, const struct event *ev)
{
	size_t begin = sizeof(*ev) + EVENT_STACK * sizeof(ev->stack[0]);
	const struct event_more *m = (const void *)((const char *)ev + begin);

	if (!ev->has_more)
		return true;
	if (ev->size < begin + sizeof(*m) || m->user_frames > MORE_FRAMES ||
	    m->snap_size > ev->size - begin - sizeof(*m) || m->skb_size > MORE_SKB_SIZE ||
	    m->info_size > MORE_INFO_SIZE || m->sk_size > MORE_SK_SIZE)
		return false;
	d->more = m;
	return true;
}

int decode(struct drop *d, const void *data, size_t size)
{
	const struct event *ev = data;
	size_t l3;

	if (size < offsetof(struct event, cpu))
		return -EBADMSG;
	if (ev->version != EVENT_VERSION)
		return -EPROTO;
	if (ev->size > size || ev->size < sizeof(*ev) ||
	    ev->stack_size > (ev->size - sizeof(*ev)) / sizeof(ev->stack[0]) ||
	    ev->snap_size > EVENT_SNAP)
		return -EBADMSG;
	if (!ev->key.kind || ev->key.kind >= EV_KIND_MAX)
		return -EBADMSG;
	memset(d, 0, sizeof(*d));
	d->ev = ev;
	if (!decode_more(d, ev))
		return -EBADMSG;
	d->pkt.ethertype = ev->key.l3;
	l3 = ev->l3_offset;
	if (l3 < ev->snap_size)
		packet_decode(&d->pkt, ev->snap + l3, ev->snap_size - l3, ev->key.l3);
	return 0;
}
