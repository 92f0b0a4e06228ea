/* SPDX-License-Identifier: GPL-2.0-only */
/* From a loss to its cause: the first row of the catalogue that matches. */
#ifndef CLASSIFY_CLASSIFY_H
#define CLASSIFY_CLASSIFY_H

#include "classify/cause.h"

/* Never NULL: what no row knows is `unknown`. Depends on nothing but *l. */
const struct cause *classify(const struct loss *l);

/* The cause of that name, or NULL. */
const struct cause *cause_find(const char *name);

/* Whether every free with this reason name (without prefix) is SEV_NORMAL whatever else holds: such
 * events need not leave the kernel. */
bool classify_reason_is_normal(const char *reason);

/*
 * Whether a loss with this reason name ("-": a kernel without reasons), and without a note, may be of a cause
 * that shows one of these evidence fields (names separated by spaces). Rows that ask for no reason are taken
 * to be for frees that have none.
 */
bool classify_reason_shows(const char *reason, const char *fields);

#endif
