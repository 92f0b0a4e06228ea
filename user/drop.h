/* SPDX-License-Identifier: GPL-2.0-only */
/* struct drop: one loss as the stages fill it in, in order; sinks only read it. */
#ifndef DROP_H
#define DROP_H

#include <stdint.h>

#include "attribute/owner.h"
#include "attribute/process.h"
#include "classify/cause.h"
#include "decode/packet.h"
#include "event.h"
#include "loss.h"

struct extra;
struct rule_info;

/* All that depends on the count key alone: computed once per key, the same for counts and events. */
struct verdict {
	struct loss_key key;
	struct loss loss;	   /* loss.key points to the key above */
	const struct cause *cause; /* never NULL */
	struct owner victim;
	uint32_t id; /* small number, unique in this run: sinks keep what they render by it */
	uint32_t generation; /* of the pod index when the victim was found */
	/* the last event of this key, without its stack, where the cause's advice needs evidence */
	struct event *last;	     /* NULL: none was kept */
	struct rule_info *last_rule; /* the rule of one of these, NULL: none was known */
};

struct drop {
	const struct event *ev; /* the raw record, valid during the call */
	struct packet pkt;	/* decode */
	const struct verdict *verdict;
	struct owner peer;     /* the other end: how == HOW_NONE if it is not of this node */
	uint64_t time_real_ns; /* CLOCK_REALTIME of the event */
	struct process process;
	struct process holder; /* of what the victim wanted (struct detail_ports) */
	/* the firewall rule that dropped it, NULL if unknown; valid during the call */
	const struct rule_info *rule;
	const struct event_more *more; /* of the record, NULL: it has none */
	/* what that, or a recording, tells; NULL: nothing; valid during the call */
	const struct extra *extra;
};

#endif
