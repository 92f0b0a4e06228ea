/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose a cgroup, an address or a namespace is that the evidence of a loss names. */
#ifndef ATTRIBUTE_WHO_H
#define ATTRIBUTE_WHO_H

#include <stdbool.h>
#include <stdint.h>

#include "attribute/owner.h"
#include "host.h"

enum who_kind {
	WHO_CGROUP = 1, /* id: of cgroup v2 */
	WHO_ADDR,	/* family, addr */
	WHO_NETNS,	/* id: inode; its name is told too */
};

/* Has no padding: it is a key of tables. */
struct question {
	uint64_t id;
	uint8_t addr[16]; /* network byte order; IPv4 in the first 4 bytes, the rest 0 */
	uint32_t kind;	  /* enum who_kind */
	uint32_t family;  /* 4 or 6 */
};

/* Somebody else who answers, in place of the pod index: a recording. */
struct oracle {
	bool (*answer)(struct oracle *o, struct owner *out, const struct question *q,
		       uint64_t time_ns);
};

/*
 * False if nobody knows. `how` is not told. time_ns (CLOCK_MONOTONIC) is when the loss happened. Strings stay
 * as in struct owner.
 */
bool who_is(struct owner *out, const struct host *h, const struct question *q, uint64_t time_ns);
/* The same of an address as the record has it. */
bool who_has(struct owner *out, const struct host *h, uint8_t family, const uint8_t *addr,
	     uint64_t time_ns);

#endif
