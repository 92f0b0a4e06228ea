/* SPDX-License-Identifier: GPL-2.0-only */
/* What a line says of the packet, the owners and the evidence, kept for the next loss that is like this one: in a
 * storm most are. */
#ifndef SINK_JSON_SAME_H
#define SINK_JSON_SAME_H

#include <stddef.h>

#include "drop.h"

#define SAME_LOSSES 256

struct same;
struct same_table {
	struct same *losses[SAME_LOSSES]; /* NULL: none was kept there yet */
};

/* Members as they stand in a line, one behind the other, without the comma before them. */
struct same_text {
	const char *packet, *told, *evidence; /* NULL: not known, and to be written anew */
	size_t packet_size, told_size, evidence_size;
};

/* What was said of a loss like this one. */
void same_find(const struct same_table *t, const struct drop *d, struct same_text *out);

/* Keep what this one's line says, unless it holds for a moment only. Without memory nothing is kept. */
void same_keep(struct same_table *t, const struct drop *d, const struct same_text *text);

void same_free(struct same_table *t);

#endif
