/* SPDX-License-Identifier: GPL-2.0-only */
/* The last lines that went by. */
#ifndef AGENT_RECENT_H
#define AGENT_RECENT_H

#include <stddef.h>

struct recent;

/* Keeps the last `max` lines (at least 1). 0 or -ENOMEM; free with recent_free, which takes NULL. */
int recent_new(struct recent **out, size_t max);
void recent_free(struct recent *r);

/* Whole lines. One for which there is no memory is left out. */
void recent_add(struct recent *r, const char *lines, size_t size);

/* All of them, oldest first, as one text of *size bytes, the caller's to free. NULL without memory. */
char *recent_text(const struct recent *r, size_t *size);

#endif
