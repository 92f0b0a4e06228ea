/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own counters of losses: their names, which causes account for each, and how a rest reads. */
#ifndef AUDIT_COUNTERS_H
#define AUDIT_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>

#include "classify/cause.h"
#include "loss.h"

enum judged {
	JUDGED_ALONE, /* what it counts is a loss, and nothing else in the table counts it */
	JUDGED_PART,  /* the same losses are in another counter: left out of the total */
	JUDGED_NOT, /* also counts what is no loss, or cannot be seen: shown, never held against us */
};

/*
 * All of them count buffers, as struct loss_count.buffers does: one for each packet that GRO or GSO
 * keeps whole, however many are in it.
 */
struct kcounter {
	const char *name; /* as nstat prints it; "A+B" where no cause tells A from B */
	/*
	 * What it adds up, none: what its name says. Names as nstat prints them, and for what nstat does not
	 * know "conntrack:", "softnet:", "dev:", "qdisc:" and "tc:" with a column.
	 */
	const char *parts[2];
	bool of_machine; /* not of a namespace */
	enum judged judged;
	const char *causes;  /* names of the catalogue whose losses it counts ... */
	const char *perhaps; /* ... and of those whose losses may be among it */
	uint8_t proto;	     /* of the causes' losses only these: IPPROTO_*, 0: all */
	uint16_t l3;	     /* ETH_P_*, host byte order, 0: all */
	bool (*only)(const struct loss *l);
	const char *reading; /* what it can mean that whydrop saw fewer, and where to look */
	const char *more;    /* and what, that it saw more */
};

#define COUNTERS_MAX 64

extern const struct kcounter kcounters[];
extern const size_t kcounters_count; /* at most COUNTERS_MAX */

/* What the kernel shows at one moment. */
struct readings {
	uint64_t known; /* bit i: this kernel has kcounters[i] */
	uint64_t value[COUNTERS_MAX];
};

/* Add a value that the kernel shows under that name of `size` bytes to the counters it is part of. */
void readings_add(struct readings *c, const char *name, size_t size, uint64_t value);

/* Whether a loss with this cause is counted there: surely, or at most perhaps. */
enum counted {
	COUNTED_NOT,
	COUNTED_PERHAPS,
	COUNTED_SURELY
};
enum counted kcounter_counts(const struct kcounter *c, const struct cause *cause,
			     const struct loss *l);

#endif
