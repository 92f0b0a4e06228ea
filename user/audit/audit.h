/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's counters beside whydrop's own counts, per network namespace, and what is left unexplained. */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attribute/owner.h"
#include "audit/counters.h"

struct audit;
struct host;
struct verdict;

struct audit_config {
	const struct host *host; /* its pods tell whose a namespace is; stays the caller's */
	const char *root;	 /* where the host's / is mounted */
	uint32_t netns; /* only this namespace (inode), 0: all, and the machine's counters */
	bool absolute;	/* what the counters show, not by how much they grow from now on */
};

/*
 * Begin: the counters are read as they are now. That is to be after the hooks are attached, and the last
 * audit_refresh() before they are detached: then the kernel counts in this time no loss that whydrop could
 * not see, and what is left is certain. A loss in the moments between makes whydrop's count the larger
 * one. 0 or -errno, after a message.
 */
int audit_new(struct audit **out, const struct audit_config *config);
void audit_free(struct audit *a);

/*
 * Read all counters again. A namespace met now for the first time begins now: what was lost in it before
 * is not judged. One that is gone keeps what was read last. 0 or -errno.
 */
int audit_refresh(struct audit *a);

/* Begin with namespaces that have just come, if there are any: cheap, for every tick. 0 or -errno. */
int audit_tick(struct audit *a);

/* Forget whydrop's counts; and add a count of losses with this verdict. */
void audit_reset(struct audit *a);
void audit_count(struct audit *a, const struct verdict *v, uint64_t buffers);

enum audit_flag {
	AUDIT_LATE = 1,	 /* the namespace was met after the beginning */
	AUDIT_GONE = 2,	 /* it is gone: counted until it was read last */
	AUDIT_RESET = 4, /* the counter fell (its device was deleted): some of it is missing */
};

struct audit_row {
	const struct kcounter *counter;
	struct owner owner; /* whose namespace it is; how == HOW_NONE and netns 0: the machine */
	bool judged;	    /* else the counter is shown, and no remainder */
	uint64_t kernel;    /* how much it grew, or shows */
	uint64_t whydrop;   /* losses seen that it counts; with what it may count up to `kernel` */
	int64_t remainder;  /* kernel - whydrop; 0 where it is not judged */
	const char
		*reading; /* of the remainder or, where it is not judged, of the counter; or NULL */
	unsigned flags;	  /* AUDIT_* */
};

/*
 * Walk the counters of all namespaces, the machine's last: *pos starts at 0, false at the end. Texts stay
 * until audit_free().
 */
bool audit_next(const struct audit *a, uint32_t *pos, struct audit_row *row);

struct audit_total {
	uint64_t counted;	/* by the kernel's counters that count only losses, each once */
	uint64_t explained;	/* of them, seen by whydrop */
	uint32_t findings;	/* rows with a remainder above 0 */
	struct audit_row worst; /* the largest of them, if there are any */
};

struct audit_total audit_total(const struct audit *a);

#endif
