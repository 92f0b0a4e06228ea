/* SPDX-License-Identifier: GPL-2.0-only */
/* How much each of the kernel's counters grew in each network namespace, and how much of it was seen. */
#ifndef AUDIT_LEDGER_H
#define AUDIT_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attribute/owner.h"
#include "audit/counters.h"
#include "base/hash.h"

struct host;
struct ledger_place;
struct verdict;

struct ledger {
	const struct host *host;      /* its pods tell whose a namespace is */
	bool absolute;		      /* what counters show, not by how much they grow */
	bool begun;		      /* namespaces met from now on are late */
	struct ledger_place **places; /* in the order they were met */
	uint32_t count;
	struct hash by_inum;	      /* of those that are not gone */
	struct ledger_place *machine; /* NULL: it was not read */
	uint32_t stamp;
};

void ledger_init(struct ledger *l, const struct host *host, bool absolute);
void ledger_free(struct ledger *l);

/*
 * What a namespace shows now; inum 0: the machine. `cookie` tells it from others that have had its inode, 0
 * if unknown; name: under /run, or NULL. 0 or -ENOMEM.
 */
int ledger_read(struct ledger *l, uint32_t inum, uint64_t cookie, const char *name,
		const struct readings *now);
/* Whether that namespace has been read and was not gone since. */
bool ledger_knows(const struct ledger *l, uint32_t inum);
/* What was not read between the two is gone. */
void ledger_look_begin(struct ledger *l);
void ledger_look_end(struct ledger *l);

/* Forget the namespaces that are gone, for good: otherwise they are told to the end. */
void ledger_forget_gone(struct ledger *l);

/* Forget what whydrop counted; and add a count of losses with this verdict. */
void ledger_reset(struct ledger *l);
void ledger_count(struct ledger *l, const struct verdict *v, uint64_t buffers);

enum ledger_flag {
	LEDGER_LATE = 1,  /* the namespace was met after the beginning */
	LEDGER_GONE = 2,  /* it is gone: counted until it was read last */
	LEDGER_RESET = 4, /* the counter fell (its device was deleted): some of it is missing */
};

struct ledger_row {
	const struct kcounter *counter;
	struct owner owner; /* whose namespace it is; how == HOW_NONE and netns 0: the machine */
	bool judged;	    /* else the counter is shown, and no remainder */
	uint64_t kernel;    /* how much it grew, or shows */
	uint64_t whydrop;   /* losses seen that it counts; with what it may count up to `kernel` */
	int64_t remainder;  /* kernel - whydrop; 0 where it is not judged */
	const char
		*reading; /* of the remainder or, where it is not judged, of the counter; or NULL */
	unsigned flags;	  /* LEDGER_* */
};

/*
 * Walk the counters of all namespaces, the machine's last: *pos starts at 0, false at the end. Texts stay
 * until ledger_free().
 */
bool ledger_next(const struct ledger *l, uint32_t *pos, struct ledger_row *row);

struct ledger_total {
	uint64_t counted;	 /* by the kernel's counters that count only losses, each once */
	uint64_t explained;	 /* of them, seen by whydrop */
	uint32_t findings;	 /* rows with a remainder above 0 */
	struct ledger_row worst; /* the largest of them, if there are any */
};

struct ledger_total ledger_total(const struct ledger *l);

#endif
