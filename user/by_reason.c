/* SPDX-License-Identifier: GPL-2.0-only */
/* Which evidence comes from which part of a packet's surroundings. */
#include "by_reason.h"
#include "classify/classify.h"
#include "kernel/reasons.h"

#define QUEUE_FIELDS "qdisc qdisc_length qdisc_limit qdisc_backlog_bytes tx_queue_len"
#define ROUTE_FIELDS "route_mtu"

void by_reason(struct knobs *k, const struct reasons *reasons, bool all)
{
	for (uint32_t i = 0; i < KNOBS_REASONS; i++) {
		const char *name = i ? reasons_short(reasons, i) : "-";

		k->mute[i] = !all && i && name && classify_reason_is_normal(name);
		if (!name || classify_reason_shows(name, QUEUE_FIELDS))
			k->need[i] |= NEED_QUEUE;
		if (!name || classify_reason_shows(name, ROUTE_FIELDS))
			k->need[i] |= NEED_ROUTE;
	}
}
