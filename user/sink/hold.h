/* SPDX-License-Identifier: GPL-2.0-only */
/* How a sink that holds losses back is told to pass them on. */
#ifndef SINK_HOLD_H
#define SINK_HOLD_H

#include <stddef.h>
#include <stdint.h>

struct sink;

/*
 * Of a sink_hold that is open: pass what is held to config.parts[0], the oldest first, and from now on everything.
 * How many that were, or what that sink returned.
 */
long hold_release(struct sink *s);

/* Losses that came before, and had to make room for later ones. */
uint64_t hold_dropped(const struct sink *s);

#endif
