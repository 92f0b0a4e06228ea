/* SPDX-License-Identifier: GPL-2.0-only */
/* Records as they come out of the kernel's ring buffer. */
#ifndef SOURCE_LIVE_H
#define SOURCE_LIVE_H

#include <stddef.h>

struct live;

/* Called for each record, 8-aligned; a negative result stops the reading and is passed on. */
typedef int (*live_record_fn)(void *arg, void *data, size_t size);

/* Read the ring buffer behind map_fd. Returns 0 or -errno; free with live_free. */
int live_new(struct live **out, int map_fd, live_record_fn fn, void *arg);
void live_free(struct live *l);

/* Readable when the kernel has something urgent. */
int live_fd(const struct live *l);
/* Deliver all that waits, without blocking. Returns the number of records or what fn returned. */
int live_drain(struct live *l);

#endif
