/* SPDX-License-Identifier: GPL-2.0-only */
/* What surrounds a capture, as named texts: what the machine was, and what its counters said. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <stddef.h>

#define ENVIRONMENT_TEXT                                                                           \
	65536 /* bytes of one text at most; the rest is left out, which the text says */

struct environment_item {
	char *name; /* "uname", "before/snmp" */
	char *text;
};

struct environment {
	struct environment_item *items; /* in the order in which they were added */
	size_t count;
};

/* Add a copy of the first `len` bytes, up to a 0. 0 or -ENOMEM. */
int environment_add(struct environment *e, const char *name, const char *text, size_t len);
/* The text of that name, "" if there is none. */
const char *environment_get(const struct environment *e, const char *name);
void environment_free(struct environment *e);

#endif
