/* SPDX-License-Identifier: GPL-2.0-only */
/* The way of one record through the stages: decode, judge, find the owners, show. */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drop.h"
#include "host.h"
#include "sink/sink.h"
#include "verdicts.h"
#include "wanted.h"

enum fate {
	FATE_SHOWN,
	FATE_HIDDEN,
	FATE_UNWANTED,
	FATE_BAD,
	FATE_COUNT
};

/* What a recording says of a loss beside its record: what was found out when it was traced. */
struct told {
	const struct owner *victim, *peer; /* without bytes of padding that differ */
	const struct rule_info *rule;	   /* NULL: none was known */
	struct process process, holder;
	uint64_t time_real_ns;
	const struct extra *extra; /* NULL: none was asked for */
};

struct pipeline {
	const struct host *host;
	struct verdicts *verdicts;
	struct sink *sink;
	struct processes *processes; /* NULL: none are looked for */
	struct extras *extras;	     /* NULL: records hold nothing beyond the usual */
	struct wanted wanted;
	int64_t real_offset_ns; /* CLOCK_REALTIME - CLOCK_MONOTONIC, refreshed by pipeline_tick */
	uint64_t fates[FATE_COUNT];
	uint64_t limit;	 /* stop after this many shown; 0: no limit */
	bool count_only; /* the kernel sends no records: the fates are those of the counts */
	/* a record whose owner may soon be known waits this long; 0: not at all */
	uint64_t patience_ns;
	void *held; /* that record, NULL: none waits */
	size_t held_size;
};

/* One record. Returns 0, 1 when the limit is reached, or what the sink returned. A bad record is
 * counted, never fatal. -EAGAIN: this one waits for its owner, and none may be fed before
 * pipeline_resume() returns 0. */
int pipeline_feed(struct pipeline *p, const void *data, size_t size);
/* The same of a recorded one; none is held then. */
int pipeline_feed_told(struct pipeline *p, const void *data, size_t size, const struct told *told);
/* Feed the record that waits, if one does and its time has come. */
int pipeline_resume(struct pipeline *p);
/* What still waits is dropped; counted as one that was left. */
void pipeline_close(struct pipeline *p);
/* At least every 100 ms: clocks, and what the sink buffers. */
int pipeline_tick(struct pipeline *p);
/* What happens to losses with this verdict: FATE_SHOWN, FATE_HIDDEN or FATE_UNWANTED. */
enum fate pipeline_fate(const struct pipeline *p, const struct verdict *v);

#endif
