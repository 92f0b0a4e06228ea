/* SPDX-License-Identifier: GPL-2.0-only */
/* What the losses of a recording add up to: by its own counts, or by its events where these are missing. */
#include <errno.h>
#include <stdlib.h>

#include "source/entries.h"

int entries_count(struct entries *e, const struct event *ev, const struct owner *victim)
{
	struct told_count *c = hash_get(&e->fed_by_key, &ev->key);

	if (!c) {
		c = told_list_add(&e->fed, sizeof(*c));
		if (!c || hash_put(&e->fed_by_key, &ev->key, c))
			return -ENOMEM;
		c->key = ev->key;
	}
	c->victim = victim;
	c->count.buffers++;
	c->count.packets += ev->segs;
	c->count.bytes += ev->length;
	e->events++;
	return 0;
}

static int add_row(struct summary *s, const struct verdict *v, const struct loss_count *count,
		   enum fate fate)
{
	struct summary_row *grown;

	grown = v ? realloc(s->rows, (s->count + 1) * sizeof(*grown)) : NULL;
	if (!grown)
		return -ENOMEM;
	s->rows = grown;
	if (fate != FATE_UNWANTED)
		s->rows[s->count++] = (struct summary_row){ v, *count, fate == FATE_HIDDEN };
	return 0;
}

int entries_summary(struct entries *e, const struct pipeline *p, struct summary *s)
{
	const struct told_list *counts = e->ended ? &e->counts : &e->fed;
	struct summary_account *a = &s->account;
	int err = 0;

	if (!e->ended)
		e->account.seen = e->events;
	for (size_t i = 0; i < counts->count && !err; i++) {
		const struct told_count *c = counts->items[i];
		const struct verdict *v = verdicts_told(p->verdicts, &c->key, c->victim);

		err = add_row(s, v, &c->count, v ? pipeline_fate(p, v) : FATE_UNWANTED);
	}
	*a = e->account;
	a->filtered += p->fates[FATE_UNWANTED];
	a->hidden += p->fates[FATE_HIDDEN];
	a->shown = p->fates[FATE_SHOWN];
	a->bad += p->fates[FATE_BAD];
	return err;
}
