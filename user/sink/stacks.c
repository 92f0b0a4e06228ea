/* SPDX-License-Identifier: GPL-2.0-only */
/* When two stacks are the same: the same frames, and the same cause. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sink/stacks.h"

struct key {
	const struct cause *cause;
	uint64_t frames[EVENT_STACK];
};

void stacks_init(struct stacks *s)
{
	*s = (struct stacks){ 0 };
	hash_init(&s->by_frames, sizeof(struct key));
}

void stacks_free(struct stacks *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->items[i]);
	free(s->items);
	hash_free(&s->by_frames);
}

static struct stack *make(struct stacks *s, const struct key *key, uint32_t count)
{
	size_t size = s->size ? s->size * 2 : 64;
	struct stack **grown, *k;

	if (s->count == s->size) {
		grown = realloc(s->items, size * sizeof(*grown));
		if (!grown)
			return NULL;
		s->items = grown;
		s->size = size;
	}
	k = calloc(1, sizeof(*k));
	if (!k || hash_put(&s->by_frames, key, k)) {
		free(k);
		return NULL;
	}
	k->cause = key->cause;
	k->count = count;
	memcpy(k->frames, key->frames, sizeof(k->frames));
	s->items[s->count++] = k;
	return k;
}

/* What is inside of the place of the loss is the freeing, and the tracer's own. */
static uint32_t first_frame(const struct event *ev)
{
	for (uint32_t i = 0; i < ev->stack_size; i++)
		if (ev->stack[i] == ev->key.location)
			return i;
	return 0;
}

int stacks_add(struct stacks *s, const struct drop *d)
{
	uint32_t first = first_frame(d->ev), count = d->ev->stack_size - first;
	struct key key = { .cause = d->verdict->cause };
	struct stack *k;

	if (!d->ev->stack_size)
		return 0;
	if (count > EVENT_STACK)
		count = EVENT_STACK;
	memcpy(key.frames, d->ev->stack + first, count * sizeof(key.frames[0]));
	k = hash_get(&s->by_frames, &key);
	if (!k)
		k = make(s, &key, count);
	if (!k)
		return -ENOMEM;
	k->packets += d->ev->segs;
	return 0;
}

static int by_packets(const void *a, const void *b)
{
	const struct stack *x = *(struct stack *const *)a, *y = *(struct stack *const *)b;

	return x->packets < y->packets ? 1 : x->packets > y->packets ? -1 : 0;
}

void stacks_sort(struct stacks *s)
{
	if (s->count)
		qsort(s->items, s->count, sizeof(*s->items), by_packets);
}
