/* SPDX-License-Identifier: GPL-2.0-only */
/* The last losses before a moment that is not known yet: kept as they were found, until somebody wants them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "extra.h"
#include "rules/rules.h"
#include "sink/hold.h"
#include "sink/sinks.h"

/* A loss with all that it points to and that is not the verdict's. */
struct held {
	struct drop drop;
	struct rule_info rule;
	struct extra extra;
	uint8_t *record;
};

struct hold {
	struct held **ring;
	size_t first, count, size;
	bool released;
	uint64_t dropped;
};

static int hold_open(struct sink *s)
{
	struct hold *h = calloc(1, sizeof(*h));
	struct sink *part = s->config.parts;

	if (!h)
		return -ENOMEM;
	s->state = h;
	h->size = s->config.keep;
	h->ring = calloc(h->size ? h->size : 1, sizeof(*h->ring));
	if (!h->ring)
		return -ENOMEM;
	part->config.host = s->config.host;
	return part->ops->open(part);
}

static void free_held(struct held *k)
{
	if (k)
		free(k->record);
	free(k);
}

/* Its packet is in the record. */
static void copy_extra(struct held *k, const struct drop *d)
{
	k->extra = *d->extra;
	if (k->extra.snap)
		k->extra.snap = k->record + (d->extra->snap - (const uint8_t *)d->ev);
}

static struct held *copy(const struct drop *d)
{
	struct held *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->record = malloc(d->ev->size);
	if (!k->record) {
		free(k);
		return NULL;
	}
	memcpy(k->record, d->ev, d->ev->size);
	k->drop = *d;
	k->drop.ev = (struct event *)k->record;
	k->drop.more = NULL; /* what it told is in extra */
	if (d->rule)
		k->rule = *d->rule;
	if (d->extra)
		copy_extra(k, d);
	return k;
}

/* The oldest, which is no longer held; NULL: there is none. */
static struct held *take(struct hold *h)
{
	struct held *k;

	if (!h->count)
		return NULL;
	k = h->ring[h->first];
	h->first = (h->first + 1) % h->size;
	h->count--;
	return k;
}

static int hold_drop(struct sink *s, const struct drop *d)
{
	struct sink *part = s->config.parts;
	struct hold *h = s->state;
	struct held *k;

	if (h->released)
		return part->ops->drop(part, d);
	if (h->count == h->size) {
		free_held(take(h));
		h->dropped++;
	}
	if (!h->size)
		return 0;
	k = copy(d);
	if (!k)
		return -ENOMEM;
	h->ring[(h->first + h->count++) % h->size] = k;
	return 0;
}

long hold_release(struct sink *s)
{
	struct sink *part = s->config.parts;
	struct hold *h = s->state;
	struct held *k;
	long passed = 0;
	int err = 0;

	h->released = true;
	while (!err && (k = take(h))) {
		k->drop.rule = k->drop.rule ? &k->rule : NULL;
		k->drop.extra = k->drop.extra ? &k->extra : NULL;
		err = part->ops->drop(part, &k->drop);
		free_held(k);
		passed++;
	}
	return err ? err : passed;
}

uint64_t hold_dropped(const struct sink *s)
{
	const struct hold *h = s->state;

	return h->dropped;
}

static int hold_tick(struct sink *s, uint64_t now_ns)
{
	struct sink *part = s->config.parts;

	return part->ops->tick(part, now_ns);
}

static int hold_end(struct sink *s, const struct summary *sum)
{
	return sink_end(s->config.parts, sum);
}

static void hold_close(struct sink *s)
{
	struct sink *part = s->config.parts;
	struct hold *h = s->state;
	struct held *k;

	while ((k = take(h)))
		free_held(k);
	free(h->ring);
	free(h);
	if (part->state)
		part->ops->close(part);
	s->state = NULL;
}

const struct sink_ops sink_hold = {
	.name = "hold",
	.help = "nothing until it is released, then another sink",
	.open = hold_open,
	.drop = hold_drop,
	.tick = hold_tick,
	.end = hold_end,
	.close = hold_close,
};
