/* SPDX-License-Identifier: GPL-2.0-only */
/* A condition on the rate of losses, as text, and whether it is met. */
#ifndef TRIGGER_H
#define TRIGGER_H

#include <stdbool.h>
#include <stdint.h>

#define TRIGGER_CAUSES	 4
#define TRIGGER_READINGS 32

struct cause;

/* How many losses there were up to a moment. */
struct trigger_reading {
	uint64_t total, time_ns;
};

struct trigger {
	const struct cause *causes[TRIGGER_CAUSES];
	int cause_count; /* 0: any */
	uint64_t more_than;
	uint64_t window_ns;
	struct trigger_reading readings[TRIGGER_READINGS]; /* a ring */
	unsigned first, count;				   /* of the ring */
};

/*
 * Words with spaces between them: "rate>N/s" (or /m, /h), which must be there, and "cause=NAME", any of several.
 * 0, or -EINVAL after a message.
 */
int trigger_parse(struct trigger *t, const char *text);

/* Whether losses of this cause count for it; of any, where it names none. */
bool trigger_names(const struct trigger *t, const struct cause *c);

/*
 * So many losses of these causes until now. True if more than N of them are certain to have come within the
 * last s, m or h; where nobody looked for longer than that, if it was so on the average. The first reading is
 * what the next are compared with. *recent: how many came since the reading that decided.
 */
bool trigger_read(struct trigger *t, uint64_t total, uint64_t time_ns, uint64_t *recent);

#endif
