/* SPDX-License-Identifier: GPL-2.0-only */
/* The members that a storm repeats, kept with what they were made of: peer, remedy and process. */
#ifndef SINK_JSON_REPEAT_H
#define SINK_JSON_REPEAT_H

#include "base/jsonw.h"
#include "drop.h"
#include "host.h"

/* What the members are made of, and nothing that tells one loss of a storm from the next. */
struct json_made_of {
	const struct verdict *verdict;
	uint32_t generation; /* of the verdict: what a pod's names are may change with it */
	struct owner peer;
	struct process process;
	/* the rest where there is advice: see advice.h */
	struct packet pkt;
	struct event ev;
};

struct json_repeat {
	struct json_made_of of;
	size_t size; /* of text; 0: nothing is kept */
	char text[2048];
};

/* Write these members; copy them where they are made of the same as those in `r`, else keep them there. */
void json_repeats(struct jsonw *w, struct json_repeat *r, const struct drop *d,
		  const struct host *h);

#endif
