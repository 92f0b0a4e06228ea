/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own counters of losses beside the agent's counts, as they were when both were compared last. */
#ifndef AGENT_REMAINDER_H
#define AGENT_REMAINDER_H

#include <stdbool.h>
#include <stdint.h>

struct host;
struct ledger;
struct remainder;

/* Begins to hold against each other what is lost from now on; the host stays the caller's. 0 or -errno, after
 * a message; free with remainder_free, which takes NULL. */
int remainder_new(struct remainder **out, const struct host *host, const char *root,
		  const char *node);
void remainder_free(struct remainder *r);

/* Where counts go with ledger_count(), each loss once. */
struct ledger *remainder_ledger(struct remainder *r);

/*
 * Read the counters. Once all counts up to here are in the ledger, remainder_compare() makes the rows that
 * remainder_each() tells. Both 0 or -errno.
 */
int remainder_read(struct remainder *r);
int remainder_compare(struct remainder *r);

struct remainder_row {
	char *labels;	   /* counter and whose, as exposition.h writes them */
	uint64_t kernel;   /* by how much the counter grew */
	int64_t remainder; /* of that, what was not seen; below 0: more was seen than it counts */
};

/* Only counters that grew, and that count nothing but losses. */
void remainder_each(const struct remainder *r,
		    void (*fn)(void *arg, const struct remainder_row *row), void *arg);

#endif
