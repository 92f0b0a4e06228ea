/* SPDX-License-Identifier: GPL-2.0-only */
/* The ring of those that ended, which grows with their number up to a limit. */
#include <errno.h>
#include <stdlib.h>

#include "attribute/graves.h"

void graves_free(struct graves *g)
{
	free(g->ring);
	*g = (struct graves){ 0 };
}

static int grow(struct graves *g)
{
	uint32_t size = g->size ? g->size * 2 : 64;
	struct grave *ring = malloc(size * sizeof(*ring));

	if (!ring)
		return -ENOMEM;
	for (uint32_t i = 0; i < g->count; i++)
		ring[i] = g->ring[(g->first + i) & (g->size - 1)];
	free(g->ring);
	*g = (struct graves){ .ring = ring, .size = size, .count = g->count };
	return 0;
}

int graves_add(struct graves *g, uint64_t key, uint64_t time_ns)
{
	int err = g->count == g->size ? grow(g) : 0;

	if (err)
		return err;
	g->ring[(g->first + g->count) & (g->size - 1)] = (struct grave){ key, time_ns };
	g->count++;
	return 0;
}

bool graves_take(struct graves *g, uint64_t now_ns, uint32_t limit, struct grave *out)
{
	if (!g->count)
		return false;
	*out = g->ring[g->first];
	if (g->count <= limit && now_ns < out->time_ns + GRAVES_REMEMBER_NS)
		return false;
	g->first = (g->first + 1) & (g->size - 1);
	g->count--;
	return true;
}
