/* SPDX-License-Identifier: GPL-2.0-only */
/* What of a machine's settings and tables bears on which cause. */
#ifndef BEARING_H
#define BEARING_H

#include <stdbool.h>
#include <stddef.h>

#define BEARING_WORDS 8

/* Causes by the beginning of their names; lists end with NULL. */
struct bearing {
	const char *causes[BEARING_WORDS];
	const char *sysctls[BEARING_WORDS]; /* below /proc/sys */
	const char *texts[BEARING_WORDS];   /* names in the environment of a capture */
	const char *configs[BEARING_WORDS]; /* beginnings of options of the kernel's build */
};

extern const struct bearing bearings[];
extern const size_t bearings_count;

/* Whether the row is about that cause. */
bool bearing_is_for(const struct bearing *b, const char *cause);

#endif
