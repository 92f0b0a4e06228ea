/* SPDX-License-Identifier: GPL-2.0-only */
/* The network namespaces of the node that can be entered, and the way into each. */
#ifndef AUDIT_PLACES_H
#define AUDIT_PLACES_H

#include <stdbool.h>
#include <stdint.h>

struct host;

/* A namespace, open while the function runs. name: of its file under /run, NULL if it has none. */
typedef int (*places_fn)(void *arg, int fd, uint32_t inum, const char *name);

/*
 * Call fn once for each: the host's, those with a name, and those that only processes of pods hold, which
 * takes a look at all processes if there are any. With `netns` (inode) for this one alone, whoever holds
 * it. `root` is where the host's / is. 0, or what fn returned first that is not 0, or -errno.
 */
int places_each(const struct host *h, const char *root, uint32_t netns, bool processes,
		places_fn fn, void *arg);

#endif
