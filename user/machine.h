/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine around a capture, as texts: kernel, settings, devices, tables and counters. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>

#include "environment.h"

enum machine_when {
	MACHINE_BEFORE,
	MACHINE_AFTER
};

/*
 * Add what is to be known of the machine before or after a run, from the files below `root` ("/" or where the
 * host's / is) and from programs, where they are installed. What cannot be had is left out; each program gets
 * a second. `discreet`: nothing that holds names or addresses. 0 or -ENOMEM.
 */
/*
 * Of the network namespace this thread is in: its settings and tables, with the prefix in front of their names.
 * 0 or -ENOMEM.
 */
int machine_describe_netns(struct environment *e, const char *root, const char *prefix);

int machine_describe(struct environment *e, const char *root, enum machine_when when,
		     bool discreet);

#endif
