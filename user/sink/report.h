/* SPDX-License-Identifier: GPL-2.0-only */
/* What the report sink has gathered when it writes. */
#ifndef SINK_REPORT_H
#define SINK_REPORT_H

#include "base/hash.h"
#include "drop.h"
#include "sink/stacks.h"
#include "surroundings.h"

#define REPORT_WIDTH 72 /* columns: what mail programs leave alone */

struct place_key {
	const struct cause *cause;
	uint64_t location;
	uint64_t reason;
};

/* Where packets were lost for one cause; the verdict tells the names. */
struct place {
	const struct verdict *verdict;
	uint64_t packets;
};

struct cause_seen {
	const struct cause *cause;
	uint64_t first_ns, last_ns; /* CLOCK_REALTIME */
	uint64_t packets;
	uint32_t netns[SURROUNDINGS_MAX]; /* where, and of whose socket; 0: no more */
	char *example; /* one loss: flow and evidence, a line each; NULL without memory */
};

struct report {
	struct hash causes; /* struct cause_seen by cause */
	struct cause_seen **list;
	size_t count;
	struct hash places;	   /* struct place by struct place_key ... */
	struct place **place_list; /* ... and in the order in which they were first seen */
	size_t place_count;
	struct stacks stacks;
};

#endif
