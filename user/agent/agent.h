/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracer that is left running: counts for Prometheus, some details for people, and a loop that is idle. */
#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/outlet.h"
#include "tracer.h"

struct agent_config {
	struct tracer_config tracer; /* its sink is the agent's to choose */
	const char *node;	     /* label of all series */
	const char *const *listen;   /* as http_listen() takes them */
	int listen_count;
	bool serve_drops; /* also to those who come by the network */
	bool otel;	  /* details with the names of OpenTelemetry */
	size_t recent;	  /* details kept for /drops */
	size_t max_series;
	uint64_t grace_ns; /* how long the series of pods that are gone stay */
	uint64_t audit_ns; /* between two looks at the kernel's own counters; 0: none */
	const char *begun; /* for standard error when all is attached, or NULL */
	/* where details go; target NULL: nowhere but to /drops */
	struct outlet_config events;
};

/* Run until SIGTERM or SIGINT. 0, or -errno after a message, as of tracer_open(). */
int agent_run(const struct agent_config *config);

#endif
