/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of a report as plain text. */
#ifndef SINK_REPORT_TEXT_H
#define SINK_REPORT_TEXT_H

#include <stdio.h>

#include "environment.h"
#include "host.h"
#include "sink/report.h"

/* Each writes one part; `e` may be NULL. Lines may be too long: report_fold() comes last. */
void report_head(FILE *to, const struct report *r, const struct environment *e);
/* What is known of one cause: when, where, stacks, settings, tables, and how it comes about. */
void report_cause(FILE *to, const struct report *r, const struct cause_seen *k,
		  const struct environment *e, const struct host *h);
void report_machine(FILE *to, const struct environment *e);

/* Write text with no line longer than REPORT_WIDTH: the rest goes on indented, at a space if there is one. */
void report_fold(FILE *to, const char *text);

#endif
