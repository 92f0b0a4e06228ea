/* SPDX-License-Identifier: GPL-2.0-only */
/* A tracer that describes a few losses, as the agent does, until a trigger is met, and then all of them. */
#ifndef CMD_ARMED_H
#define CMD_ARMED_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/types.h>

#include "knobs.h"
#include "session.h"
#include "tracer.h"
#include "trigger.h"

struct summary_account;

struct armed {
	struct trigger trigger;
	const char *text; /* the trigger's */
	struct tracer *tracer;
	int (*tick)(void *arg); /* of the session before */
	void *tick_arg;
	uint64_t duration_ns, limit; /* of what is recorded once it is met; 0: none */
	uint64_t began_ns, end_ns;
	uint64_t counted, total; /* by the kernel: all, and of the trigger's causes */
	bool met;
	uint64_t waited_ns, recent, before; /* how it was met, and how many losses were held then */
};

/* What leaves the kernel until then: the first of each kind of loss, and ten a second. */
void armed_knobs(struct knobs *k);

/*
 * Take over a session that tracer_watch() has filled in, of a tracer that is open and whose sink is a sink_hold.
 * The session's duration and the tracer's limit count from the moment it is met.
 */
void armed_watch(struct armed *a, struct tracer *t, struct session_config *session, uint64_t limit);

/* Look once more, when the session has ended. 0 or -errno. */
int armed_finish(struct armed *a);

/* What was not described because nobody was to know yet. */
void armed_account(const struct armed *a, struct summary_account *account);

#endif
