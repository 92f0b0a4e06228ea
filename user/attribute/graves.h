/* SPDX-License-Identifier: GPL-2.0-only */
/* Those that ended, in the order of their end: how long they are remembered. */
#ifndef ATTRIBUTE_GRAVES_H
#define ATTRIBUTE_GRAVES_H

#include <stdbool.h>
#include <stdint.h>

/* What has ended is remembered this long, or until more than this many have ended since. */
#define GRAVES_REMEMBER_NS    (600 * 1000000000ULL)
#define GRAVES_REMEMBER_COUNT 4096
/* A pod has its own cgroup, a sandbox's, and mostly one or two more. */
#define GRAVES_REMEMBER_CGROUPS (4 * GRAVES_REMEMBER_COUNT)

struct grave {
	uint64_t key;
	uint64_t time_ns; /* of the end */
};

/* A ring; zero-initialised it is empty. */
struct graves {
	struct grave *ring;
	uint32_t size; /* a power of two */
	uint32_t first;
	uint32_t count;
};

void graves_free(struct graves *g);
/* Times may go backwards by a moment: that much longer is remembered what ended before. 0 or -ENOMEM. */
int graves_add(struct graves *g, uint64_t key, uint64_t time_ns);
/* Take out the oldest if it is old, or one of more than `limit`; false if there is none such. */
bool graves_take(struct graves *g, uint64_t now_ns, uint32_t limit, struct grave *out);

#endif
