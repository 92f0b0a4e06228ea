/* SPDX-License-Identifier: GPL-2.0-only */
/* Which numbers of the evidence decide what to do, and the words for each outcome. */
#include "classify/advice.h"
#include "fields.h"

/* A limit that would have been enough for what was there, in the powers of two people use. */
static uint64_t room_for(uint64_t value)
{
	uint64_t room = 128;

	while (room <= value + value / 2)
		room *= 2;
	return room;
}

static unsigned long long number(const char *field, const struct drop *d, const struct host *h)
{
	return field_number(field, d, h);
}

bool advise_accept_queue(struct strbuf *out, const struct drop *d, const struct host *h)
{
	unsigned long long limit = number("listen_queue_limit", d, h);
	unsigned long long somaxconn = number("netns_somaxconn", d, h);
	unsigned long long want = room_for(limit);

	if (d->ev->detail_kind != DETAIL_LISTEN)
		return false;
	strbuf_printf(out, "%llu connections wait for accept(), the queue holds %llu. ",
		      number("listen_queue", d, h), limit);
	if (limit >= 1024)
		strbuf_printf(out,
			      "That is no small queue: the application accepts too slowly. Look "
			      "for a blocked accept loop, a CPU limit or too few workers "
			      "before making the queue larger. ");
	if (limit < somaxconn)
		strbuf_printf(out,
			      "The limit is the backlog the application gives to listen() "
			      "(net.core.somaxconn there is %llu): raise that in the application, "
			      "for example to %llu",
			      somaxconn, want);
	else
		strbuf_printf(out,
			      "The limit is net.core.somaxconn of the pod's namespace: set "
			      "net.core.somaxconn=%llu there (securityContext.sysctls), and a "
			      "backlog of as much in the application",
			      want);
	if (limit < somaxconn && want > somaxconn)
		strbuf_printf(out, " with net.core.somaxconn=%llu in its namespace", want);
	strbuf_puts(out, "; then restart the listener: both are read by listen().");
	return true;
}

bool advise_syn_queue(struct strbuf *out, const struct drop *d, const struct host *h)
{
	unsigned long long limit = number("listen_queue_limit", d, h);

	if (d->ev->detail_kind != DETAIL_LISTEN)
		return false;
	strbuf_printf(out,
		      "%llu handshakes wait for their last ACK, the queue holds %llu: its size "
		      "is that of the accept queue, the smaller of listen()'s backlog and "
		      "net.core.somaxconn (%llu). Raise both to %llu",
		      number("syn_queue", d, h), limit, number("netns_somaxconn", d, h),
		      (unsigned long long)room_for(limit));
	if (!number("syncookies", d, h))
		strbuf_puts(out,
			    ", or set net.ipv4.tcp_syncookies=1 in the listener's namespace, so "
			    "that a full queue refuses nobody");
	strbuf_puts(out,
		    ". If the peers never answer the SYN-ACK, this is a SYN flood or a way back "
		    "that is broken.");
	return true;
}

bool advise_syn_refused(struct strbuf *out, const struct drop *d, const struct host *h)
{
	unsigned long long backlog = number("max_syn_backlog", d, h);

	switch (NOTE_DATA(d->ev->key.note)) {
	case SYN_OTHER_NO_ROUTE:
		strbuf_puts(out,
			    "The listener's namespace has no route back to the client: see 'ip "
			    "route get CLIENT' there, and add the route, or find out why such "
			    "addresses reach it.");
		return true;
	case SYN_OTHER_LAST_QUARTER:
		strbuf_printf(out,
			      "Syncookies are off, and of the %llu requests that "
			      "net.ipv4.tcp_max_syn_backlog allows %llu are under way: the last "
			      "quarter is kept for peers known to be alive. Set "
			      "net.ipv4.tcp_syncookies=1 in the listener's namespace, or "
			      "net.ipv4.tcp_max_syn_backlog=%llu.",
			      backlog, number("syn_queue", d, h),
			      (unsigned long long)room_for(backlog));
		return true;
	}
	return false;
}

void advice(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct cause *c = d->verdict->cause;

	if (!c->advise || !c->advise(out, d, h))
		strbuf_puts(out, c->remedy);
}
