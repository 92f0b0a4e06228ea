/* SPDX-License-Identifier: GPL-2.0-only */
/* What the agent tells Prometheus. One row per metric: names are promises. */
#ifndef AGENT_METRICS_H
#define AGENT_METRICS_H

#include <stdbool.h>
#include <stddef.h>

struct counts;
struct http;
struct loader;
struct outlet;
struct pipeline;
struct remainder;
struct series_set;

/* What they are made of; only read. */
struct metrics_source {
	const struct loader *loader;
	const struct pipeline *pipeline;
	const struct counts *counts;
	const struct series_set *series;
	const struct http *http;
	const struct outlet *outlet;	   /* NULL: events go nowhere */
	const struct remainder *remainder; /* NULL: not compared (yet) */
	double start_time;		   /* of this process, in seconds since 1970 */
};

/* All metrics, `*size` bytes, the caller's to free; NULL without memory. */
char *metrics_text(const struct metrics_source *source, bool openmetrics, size_t *size);

#endif
