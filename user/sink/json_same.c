/* SPDX-License-Identifier: GPL-2.0-only */
/* Which losses are alike: those that agree in all that their lines are told from, but for the time, and perhaps the
 * flow and the count of the socket's losses. */
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

#include "sink/json_same.h"

#define PACKET_TEXT 384
#define OTHER_TEXT  2560

/* Of the record: what differs from packet to packet lies before and behind, and in the middle that count. */
#define FROM   offsetof(struct event, dev)
#define DROPS  offsetof(struct event, sk_drops)
#define BEHIND offsetof(struct event, sk_port)
#define TO     offsetof(struct event, snap)

/* Of a flow: what is shown of it. */
#define FLOW offsetof(struct flow, tcp_seq)

struct same {
	uint32_t verdict, generation;
	uint32_t cpu, length, mark, iif;
	uint16_t segs;
	struct owner peer;
	struct process process;
	uint8_t before[DROPS - FROM], behind[TO - BEHIND];
	/* what evidence tells of the headers */
	uint8_t family, inner_family;
	bool dont_fragment;
	uint16_t inner_offset;
	/* what may differ, and then only its own text does */
	uint32_t drops;
	uint8_t flow[FLOW];
	uint16_t packet_size, told_size, size; /* 0: not kept */
	char packet[PACKET_TEXT];
	char text[OTHER_TEXT];
};

/* Of other kinds the evidence names owners, rules or symbols, which are looked up for each loss. */
static const bool lasts[DETAIL_KIND_MAX] = {
	[DETAIL_NONE] = true,	  [DETAIL_LISTEN] = true, [DETAIL_NEIGH] = true,
	[DETAIL_QDISC] = true,	  [DETAIL_PMTU] = true,	  [DETAIL_RPFILTER] = true,
	[DETAIL_RECEIVER] = true, [DETAIL_SEND] = true,	  [DETAIL_DATAGRAMS] = true,
	[DETAIL_MEMORY] = true,
};

/* The age of an end differs from loss to loss. */
static bool is_lasting(const struct drop *d)
{
	return d->ev->detail_kind < DETAIL_KIND_MAX && lasts[d->ev->detail_kind] &&
	       !((d->verdict->victim.flags | d->peer.flags) & OWNER_TERMINATED) &&
	       !d->ev->stack_size;
}

/* By CPU, too: some remedies name it. */
static size_t place(const struct drop *d)
{
	return (d->verdict->id * 4 + d->ev->cpu % 4) % SAME_LOSSES;
}

static bool same_owners(const struct same *s, const struct drop *d)
{
	return s->verdict == d->verdict->id && s->generation == d->verdict->generation &&
	       !memcmp(&s->peer, &d->peer, sizeof(s->peer)) &&
	       !memcmp(&s->process, &d->process, sizeof(s->process));
}

static bool same_packet(const struct same *s, const struct drop *d)
{
	const struct packet *p = &d->pkt;

	return s->cpu == d->ev->cpu && s->length == d->ev->length && s->iif == d->ev->iif &&
	       s->mark == d->ev->mark && s->segs == d->ev->segs && s->family == p->outer.family &&
	       s->inner_family == p->inner.family && s->dont_fragment == p->outer.dont_fragment &&
	       s->inner_offset == p->inner_offset;
}

static bool same_record(const struct same *s, const struct drop *d)
{
	const uint8_t *bytes = (const uint8_t *)d->ev;

	return !memcmp(s->before, bytes + FROM, sizeof(s->before)) &&
	       !memcmp(s->behind, bytes + BEHIND, sizeof(s->behind));
}

/* What is in a tunnel is not kept. */
static bool same_flow(const struct same *s, const struct drop *d)
{
	return d->pkt.tunnel == TUNNEL_NONE && !memcmp(s->flow, &d->pkt.outer, FLOW);
}

void same_find(const struct same_table *t, const struct drop *d, struct same_text *out)
{
	const struct same *s = t->losses[place(d)];

	*out = (struct same_text){ 0 };
	if (!s || !s->size || !is_lasting(d) || !same_packet(s, d) || !same_owners(s, d) ||
	    !same_record(s, d))
		return;
	out->told = s->text;
	out->told_size = s->told_size;
	if (s->drops == d->ev->sk_drops) {
		out->evidence = s->text + s->told_size;
		out->evidence_size = s->size - s->told_size;
	}
	if (s->packet_size && same_flow(s, d)) {
		out->packet = s->packet;
		out->packet_size = s->packet_size;
	}
}

static void liken(struct same *s, const struct drop *d)
{
	const struct event *ev = d->ev;
	const uint8_t *bytes = (const uint8_t *)ev;

	s->verdict = d->verdict->id;
	s->generation = d->verdict->generation;
	s->cpu = ev->cpu;
	s->length = ev->length;
	s->mark = ev->mark;
	s->iif = ev->iif;
	s->segs = ev->segs;
	memcpy(&s->peer, &d->peer, sizeof(s->peer));
	memcpy(&s->process, &d->process, sizeof(s->process));
	memcpy(s->before, bytes + FROM, sizeof(s->before));
	memcpy(s->behind, bytes + BEHIND, sizeof(s->behind));
	s->family = d->pkt.outer.family;
	s->inner_family = d->pkt.inner.family;
	s->dont_fragment = d->pkt.outer.dont_fragment;
	s->inner_offset = d->pkt.inner_offset;
	s->drops = ev->sk_drops;
}

static void keep_packet(struct same *s, const struct drop *d, const struct same_text *text)
{
	bool fits = d->pkt.tunnel == TUNNEL_NONE && text->packet_size <= sizeof(s->packet);

	s->packet_size = fits ? text->packet_size : 0;
	memcpy(s->flow, &d->pkt.outer, FLOW);
	memcpy(s->packet, text->packet, s->packet_size);
}

static void keep_rest(struct same *s, const struct drop *d, const struct same_text *text)
{
	size_t size = text->told_size + text->evidence_size;

	s->size = size <= sizeof(s->text) ? size : 0;
	if (!s->size)
		return;
	liken(s, d);
	s->told_size = text->told_size;
	memcpy(s->text, text->told, text->told_size);
	memcpy(s->text + text->told_size, text->evidence, text->evidence_size);
}

void same_keep(struct same_table *t, const struct drop *d, const struct same_text *text)
{
	struct same **at = &t->losses[place(d)];

	if (!is_lasting(d))
		return;
	if (!*at)
		*at = calloc(1, sizeof(**at));
	if (!*at)
		return;
	if (text->told)
		keep_rest(*at, d, text);
	if (text->packet)
		keep_packet(*at, d, text);
}

void same_free(struct same_table *t)
{
	for (size_t i = 0; i < SAME_LOSSES; i++)
		free(t->losses[i]);
}
