/* SPDX-License-Identifier: GPL-2.0-only */
/* Which pod holds which address, who held it before, and when two claim the same. */
#ifndef ATTRIBUTE_ADDRS_H
#define ATTRIBUTE_ADDRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>

#include "base/hash.h"
#include "event.h"

/* Link-layer addresses are kept beside the IP addresses, under a family of their own. */
#define ADDRS_FAMILY_MAC 17

/* After an address changed hands, what is known of it is in doubt this long. */
#define ADDRS_DOUBT_NS 2000000000ULL

struct addrs {
	struct hash by_addr;
};

/* One pod's claim to one address, from a moment to another. */
struct addrs_claim {
	struct addrs_claim *next;      /* of the same pod */
	struct addrs_claim *next_same; /* of the same address; live or not */
	struct addrs_entry *entry;
	uint64_t from_ns; /* when it was learned: the address may be in use a little longer */
	uint64_t to_ns;	  /* while not live: when it was given up */
	uint32_t pod;
	bool live;
	bool wanted; /* during addrs_set() */
};

struct addrs_answer {
	uint32_t pod;	/* id, 0: nobody */
	bool held;	/* at that moment; else it was the last to */
	bool ambiguous; /* another holds it too, or did shortly before or after */
};

void addrs_init(struct addrs *a);
/* All claims must have been forgotten. */
void addrs_free(struct addrs *a);

/*
 * Make the live claims of the pod exactly these addresses. `claims` is the pod's list. Returns 1 if
 * something changed, 0 if not, -ENOMEM.
 */
int addrs_set(struct addrs *a, struct addrs_claim **claims, uint32_t pod,
	      const struct owner_addr *addr, size_t count, uint64_t now_ns);
/* The pod has ended: its claims yield to those of others, but still answer where nobody else does. */
void addrs_retire(struct addrs_claim *claims, uint64_t now_ns);
/* Forget the pod. */
void addrs_forget(struct addrs *a, struct addrs_claim **claims);

/* Who held the address at time_ns (CLOCK_MONOTONIC; 0: who holds it now, else the last that did). */
struct addrs_answer addrs_find(const struct addrs *a, const struct owner_addr *addr,
			       uint64_t time_ns);

/* The address of a claim. */
const struct owner_addr *addrs_claimed(const struct addrs_claim *c);

#endif
