/* SPDX-License-Identifier: GPL-2.0-only */
/* Filters as a user writes them, turned into what the kernel programs compare. */
#ifndef FILTERS_H
#define FILTERS_H

#include <stdint.h>

#include <linux/types.h>

#include "knobs.h"

/* Each returns 0 or -EINVAL/-ENOENT after a message that says what is accepted. */
int filters_address(struct knobs *k, const char *text);
int filters_protocol(struct knobs *k, const char *text);

/*
 * A network namespace: a path, a name under /run/netns, "host" (that of pid 1), "self", "pid:N", or
 * an inode number. Sets *inode.
 */
int filters_netns(const char *text, uint32_t *inode);

/* Move this process into that namespace, which may not be given as an inode number. */
int filters_enter(const char *netns);

/* Restrict to the device of that name in the namespace `netns` (as filters_netns takes it, but not
 * an inode number), or in the tracer's own if NULL. */
int filters_device(struct knobs *k, const char *name, const char *netns);

#endif
