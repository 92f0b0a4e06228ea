/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run saw, at its end: per cause and owner, and an account of every event. */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include "counters.h"
#include "drop.h"
#include "event.h"
#include "host.h"

/* One count key with its verdict. */
struct summary_row {
	const struct verdict *verdict;
	struct loss_count count;
	bool hidden; /* as normal: told in the account only */
};

/* Where every buffer that was seen went; the members behind `seen` add up to it, up to `left`. */
struct summary_account {
	uint64_t seen;
	uint64_t shown;
	uint64_t counted;  /* wanted, but nothing is shown with --count-only */
	uint64_t hidden;   /* as normal */
	uint64_t filtered; /* by what the user asked for, in the kernel or here */
	uint64_t own;	   /* of the tracer's own connection */
	uint64_t lost;	   /* no room in the ring buffer: counted, not described */
	uint64_t bad;	   /* records that made no sense */
	uint64_t left;	   /* still in the ring when the run ended (-c) */
	uint64_t other;	   /* counted without key because the count map was full */
	uint64_t missed;   /* not even counted: the kernel skipped a nested run */
	uint64_t waited;   /* counted, not described: before a trigger was met */
};

struct summary {
	struct summary_row *rows; /* what was shown or hidden; merged and sorted by summary_print */
	size_t count;
	struct summary_account account;
	int width; /* of the lines; 0: that of the terminal */
};

void summary_print(FILE *to, struct summary *s, const struct host *h);

#endif
