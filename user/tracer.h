/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracer as a whole: hooks, node, owners and pipeline put together and kept going, for any command. */
#ifndef TRACER_H
#define TRACER_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/types.h>

#include "host.h"
#include "knobs.h"
#include "pipeline.h"
#include "probe/probes.h"
#include "session.h"
#include "sink/sink.h"
#include "wanted.h"

struct extras;
struct live;
struct loader;
struct owners;

struct tracer_config {
	const char *root; /* where the host's / is mounted */
	const char *cri; /* socket of the container runtime to ask for labels, or NULL; must stay */
	bool numeric;	 /* numbers instead of names */
	unsigned ways;	 /* bit mask 1 << ATTACH_*, of ways that may be used */
	enum rules_watched rules;
	bool hooks_always;  /* none waits for a loss that shows it to be needed */
	struct knobs knobs; /* the filters and what leaves the kernel; the rest is filled in */
	bool all_reasons;   /* also send what is always normal */
	struct wanted wanted;
	uint64_t tick_ns;		/* between two looks at what waits; 0: 50 ms */
	uint64_t limit;			/* stop after this many shown; 0: no limit */
	const struct sink_ops *sink;	/* what shows the losses ... */
	struct sink_config sink_config; /* ... and how; the host is filled in */
};

struct tracer {
	struct live_host *live_host;
	struct loader *loader;
	struct live *live;
	struct owners *owners;
	struct extras *extras; /* NULL: records hold nothing beyond the usual */
	struct sink sink;
	struct pipeline pipeline;
	uint64_t tick_ns;
	int modules; /* descriptor that tells of loaded modules, or -1 */
};

/*
 * Attach and get ready. 0, or -errno after a message: -EPERM, -EACCES and -ENOTSUP as loader_new() says.
 * tracer_close() also after an error.
 */
int tracer_open(struct tracer *t, const struct tracer_config *config);

/*
 * What a session waits for: fills sources 0 to 2, tick and arg. A caller with a tick of its own calls
 * tracer_tick() from it.
 */
void tracer_watch(struct tracer *t, struct session_config *session);

/* Each as in struct session_config: 0, 1 to end, or -errno. */
int tracer_tick(struct tracer *t);

/* Detach the hooks, and show what is still in the ring. 0 or -errno. */
int tracer_finish(struct tracer *t);

void tracer_close(struct tracer *t);

#endif
