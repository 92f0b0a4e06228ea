/* SPDX-License-Identifier: GPL-2.0-only */
/* What to do about full socket buffers, memory that is refused, and datagrams that are too long: who set the
 * limit decides. */
#include "classify/advice.h"
#include "event.h"

#define STALLED_MS 1000 /* a reader that has not read for so long does not just lag behind */

/* SO_RCVBUF and SO_SNDBUF double what they are given, the sysctl is taken as it is. */
static void raise_buffer(struct strbuf *out, const char *option, const char *kind, bool own,
			 uint32_t limit, uint64_t max)
{
	unsigned long long want = (uint64_t)limit * 4;

	if (!own) {
		strbuf_printf(
			out,
			"The socket has the default: set net.core.%s_default=%llu on the node "
			"and restart the application, or let it ask for more (%s).",
			kind, want, option);
		return;
	}
	strbuf_printf(out, "The application has set %s: let it ask for %llu there", option,
		      want / 2);
	if (want / 2 > max)
		strbuf_printf(out, ", and set net.core.%s_max=%llu on the node, which bounds that",
			      kind, want / 2);
	strbuf_puts(out, ".");
}

bool advise_receive_buffer(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_datagrams *r = &d->ev->detail.datagrams;

	if (d->ev->detail_kind != DETAIL_DATAGRAMS)
		return false;
	if (r->stalled_ms >= STALLED_MS) {
		strbuf_printf(
			out,
			"Nobody has read from this socket for %u ms while it was full: the "
			"reader is stuck or gone, a larger buffer would only fill later. Look at "
			"what the process does, or let it close the socket.",
			r->stalled_ms);
		return true;
	}
	strbuf_printf(
		out,
		"%u packets of %u bytes of memory wait, and the reader does not stand still as "
		"far as this loss shows: a burst, or a reader that is too slow (more threads, "
		"SO_REUSEPORT, a higher CPU limit). ",
		r->queue_length, d->ev->sk_rmem);
	raise_buffer(out, "SO_RCVBUF", "rmem", r->own_buffer, d->ev->sk_rcvbuf, h->rmem_max);
	return true;
}

/* The limits that the kernel itself would set on a machine with twice the need. */
static void raise_protocol(struct strbuf *out, const struct detail_memory *m)
{
	const char *sysctl = m->protocol[0] == 'T' ? "tcp_mem" : "udp_mem";
	unsigned int want = 2 * (m->pages + m->needed);

	strbuf_printf(out,
		      "All %.15s sockets of the node use %u of %u pages (%u more were needed): "
		      "'ss -tunmp' shows who queues so much, and whether its reader stands still. "
		      "If they need it, set net.ipv4.%s='%u %u %u' on the node.",
		      m->protocol, m->pages, m->limits[2], m->needed, sysctl, want / 2,
		      want / 4 * 3, want);
}

static void raise_cgroup(struct strbuf *out, const struct detail_memory *m)
{
	strbuf_printf(out,
		      "The memory cgroup uses %u of %u pages, sockets and all else: find out what "
		      "grew (memory.stat, 'sock' is the sockets' part), or raise the pod's memory "
		      "limit above %llu bytes. net.ipv4.%s is not the limit: %u of %u pages.",
		      m->cgroup_pages, m->cgroup_limit, m->cgroup_limit * 4096ULL,
		      m->protocol[0] == 'T' ? "tcp_mem" : "udp_mem", m->pages, m->limits[2]);
}

bool advise_memory(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_memory *m = &d->ev->detail.memory;

	(void)h;
	if (d->ev->detail_kind != DETAIL_MEMORY)
		return false;
	if (m->pages + m->needed > m->limits[2])
		raise_protocol(out, m);
	else if (m->cgroup_limit && m->cgroup_pages + m->needed > m->cgroup_limit)
		raise_cgroup(out, m);
	else
		return false;
	return true;
}

bool advise_send_buffer(struct strbuf *out, const struct drop *d, const struct host *h)
{
	if (d->ev->detail_kind != DETAIL_SEND)
		return false;
	strbuf_printf(out,
		      "%u bytes of memory were on their way to the device and the buffer holds %u. "
		      "Let the application wait until it may send (poll), and see whether the "
		      "queueing discipline or the link is slow ('tc -s qdisc'). ",
		      d->ev->sk_wmem, d->ev->sk_sndbuf);
	raise_buffer(out, "SO_SNDBUF", "wmem", d->ev->detail.send.own_buffer, d->ev->sk_sndbuf,
		     h->wmem_max);
	return true;
}

bool advise_send_too_big(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct detail_send *s = &d->ev->detail.send;

	(void)h;
	if (d->ev->detail_kind != DETAIL_SEND || s->mtu <= s->packet - s->length)
		return false;
	strbuf_printf(out,
		      "A datagram of %u bytes makes a packet of %u, the MTU is %u: send at most %u "
		      "bytes at once, or give device and route an MTU of %u if the whole path has "
		      "it, or let the socket fragment (IP_MTU_DISCOVER).",
		      s->length, s->packet, s->mtu, s->mtu - (s->packet - s->length), s->packet);
	return true;
}
