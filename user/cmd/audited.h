/* SPDX-License-Identifier: GPL-2.0-only */
/* A tracer whose end tells how much of what the kernel's own counters say was seen. */
#ifndef CMD_AUDITED_H
#define CMD_AUDITED_H

#include <stdbool.h>

#include "cmd/trace_options.h"
#include "session.h"
#include "tracer.h"

struct audit;
struct ledger;

struct audited {
	struct tracer tracer; /* first: what a session's functions get */
	struct audit *audit;  /* NULL: the kernel's counters are not looked at */
};

/*
 * Read the counters, of a tracer that is open. Not with filters but for namespace and cause: what others leave
 * out is not counted, and would be missed. Without them the run goes on after a warning.
 */
void audited_begin(struct audited *a, const struct trace_options *o, const struct knobs *knobs);

/* As tracer_watch(): the session looks out for namespaces that come, too. */
void audited_watch(struct audited *a, struct session_config *session);

/* As tracer_finish(), once the counters have been read. */
int audited_finish(struct audited *a);

/* What the counters say beside what was counted; NULL if that is not known. After audited_finish(). */
const struct ledger *audited_ledger(struct audited *a);

void audited_close(struct audited *a);

#endif
