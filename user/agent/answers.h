/* SPDX-License-Identifier: GPL-2.0-only */
/* What the agent answers to each path. */
#ifndef AGENT_ANSWERS_H
#define AGENT_ANSWERS_H

#include <stdbool.h>

#include "agent/http.h"
#include "agent/metrics.h"

struct recent;

struct answers {
	struct metrics_source metrics;
	const struct recent *recent; /* NULL: details are not asked for */
	bool serve_drops;	     /* to those who come by the network */
	int (*refresh)(void *arg);   /* bring all of it up to date: 0 or -errno */
	void *refresh_arg;
};

/* An http_handler; `arg` is a struct answers. */
void answers_give(void *arg, const struct http_request *request, struct http_answer *answer);

#endif
