/* SPDX-License-Identifier: GPL-2.0-only */
/* Counted losses by what Prometheus is told of them: cause, whose, which way. Sums that only grow. */
#ifndef AGENT_SERIES_H
#define AGENT_SERIES_H

#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>

#include "drop.h"

struct pods;
struct series_set;

/* Which metric a loss belongs to, by the severity of its cause. */
enum series_family {
	SERIES_DROPS,	 /* SEV_LOSS and SEV_SYMPTOM */
	SERIES_REFUSED,	 /* SEV_REFUSED */
	SERIES_PRESSURE, /* SEV_PRESSURE */
	SERIES_NORMAL,	 /* SEV_INFO and SEV_NORMAL: by cause only, whose is not told */
	SERIES_FAMILIES
};

struct series {
	enum series_family family;
	char *labels; /* as exposition.h writes them */
	struct loss_count count;
	uint64_t changed_ns; /* CLOCK_MONOTONIC */
	uint64_t gone_ns;    /* since when its pod has been gone; 0: it is not, or there is none */
	char uid[64];	     /* of the pod, empty: of none */
};

/*
 * Of the node with this name, which is a label. When there are `max` series, what would be new ones goes to
 * one per cause with the owner "other". 0 or -ENOMEM; free with series_free, which takes NULL.
 */
int series_new(struct series_set **out, const char *node, size_t max);
void series_free(struct series_set *s);

/* So many more losses with this verdict. 0 or -ENOMEM. */
int series_add(struct series_set *s, const struct verdict *v, const struct loss_count *more,
	       uint64_t now_ns);

/* Series of pods that have been gone for grace_ns, and did not change meanwhile, leave. */
void series_expire(struct series_set *s, const struct pods *pods, uint64_t now_ns,
		   uint64_t grace_ns);

size_t series_count(const struct series_set *s);
size_t series_max(const struct series_set *s);

/* Call fn for all series of the family, sorted by labels. */
void series_each(const struct series_set *s, enum series_family family,
		 void (*fn)(void *arg, const struct series *series), void *arg);

/* "ingress" or "egress" as seen from whose loss it is, "unknown" where nothing surely tells. */
const char *series_direction(const struct verdict *v);

#endif
