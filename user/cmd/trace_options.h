/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TRACE_OPTIONS_H
#define TRACE_OPTIONS_H

#include <linux/types.h>

#include "knobs.h"
#include "cmd/options.h"
#include "probe/probes.h"
#include "wanted.h"

/* What was asked of `whydrop trace`. Strings are those of the command line. */
struct trace_options {
	const char *output;
	uint64_t count;
	uint64_t duration_ns;
	struct option_list causes, pods, namespaces, containers;
	const char *netns, *host, *proto, *device;
	uint16_t port;
	bool all, stack, count_only, numeric, schema;
	int quiet, verbose;
	struct option_list ways;
	const char *root, *rules, *write;
};

extern const struct trace_options trace_defaults;
extern const struct option_def trace_option_defs[]; /* ends with an empty one */

/* 0, or -EINVAL after a message: options that contradict each other, causes and ways that do not exist. */
int trace_check(const struct trace_options *o);

/* The filters that run in the kernel, and how events leave it. 0, or -errno after a message. */
int trace_knobs(const struct trace_options *o, struct knobs *out);

enum rules_watched trace_rules(const struct trace_options *o);

/* The filters that run in user space; points into the options. */
struct wanted trace_wanted(const struct trace_options *o);

#endif
