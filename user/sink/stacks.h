/* SPDX-License-Identifier: GPL-2.0-only */
/* The different kernel stacks of a run and how often each lost something. */
#ifndef SINK_STACKS_H
#define SINK_STACKS_H

#include "base/hash.h"
#include "drop.h"
#include "kernel/ksyms.h"

struct stack {
	const struct cause *cause;
	uint64_t frames[EVENT_STACK]; /* return addresses, innermost first */
	uint64_t packets;
	uint32_t count; /* of frames */
};

struct stacks {
	struct hash by_frames;
	struct stack **items; /* in the order in which they were first seen */
	size_t count, size;
};

void stacks_init(struct stacks *s);
void stacks_free(struct stacks *s);
/* Count the stack of this loss, if it has one. 0 or -ENOMEM. */
int stacks_add(struct stacks *s, const struct drop *d);
/* Most packets first. */
void stacks_sort(struct stacks *s);

#endif
