/* SPDX-License-Identifier: GPL-2.0-only */
/* How a name that the kernel shows, and a loss that was judged, find their counters. */
#include <string.h>

#include "audit/counters.h"
#include "base/words.h"

static bool is(const char *part, const char *name, size_t size)
{
	return part && *part == *name && !strncmp(part, name, size) && !part[size];
}

/* A node with many pods shows a hundred thousand names, most of them of no counter. */
static bool is_part(const struct kcounter *c, const char *name, size_t size)
{
	if (!c->parts[0])
		return is(c->name, name, size);
	return is(c->parts[0], name, size) || is(c->parts[1], name, size);
}

void readings_add(struct readings *c, const char *name, size_t size, uint64_t value)
{
	for (size_t i = 0; i < kcounters_count; i++) {
		if (!is_part(&kcounters[i], name, size))
			continue;
		c->known |= 1ULL << i;
		c->value[i] += value;
	}
}

static bool fits(const struct kcounter *c, const struct loss *l)
{
	if (c->proto && l->key->proto != c->proto)
		return false;
	if (c->l3 && l->key->l3 != c->l3)
		return false;
	return true;
}

enum counted kcounter_counts(const struct kcounter *c, const struct cause *cause,
			     const struct loss *l)
{
	size_t size = strlen(cause->name);

	if (!fits(c, l))
		return COUNTED_NOT;
	if (words_have(c->causes, cause->name, size) && (!c->only || c->only(l)))
		return COUNTED_SURELY;
	return words_have(c->perhaps, cause->name, size) ? COUNTED_PERHAPS : COUNTED_NOT;
}
