/* SPDX-License-Identifier: GPL-2.0-only */
/* What an audit found, for people and for machines. */
#ifndef SINK_AUDIT_TEXT_H
#define SINK_AUDIT_TEXT_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

struct ledger;
struct host;

struct audit_view {
	const struct host *host;
	bool all;      /* also counters that did not move */
	bool narrow;   /* 70 columns, as far as names are short */
	bool absolute; /* the audit's counts are not of this run: there is nothing beside them */
};

/* A table with readings, and a total. */
void audit_text(FILE *to, const struct ledger *l, const struct audit_view *view);

/* The total in one sentence; nothing if nothing was lost. */
void audit_sentence(FILE *to, const struct ledger *l, const struct host *h);

/* One JSON object per row (see schema_print_audit()), as of that time. 0 or -errno. */
int audit_json(FILE *to, const struct ledger *l, const struct audit_view *view, time_t at);

#endif
