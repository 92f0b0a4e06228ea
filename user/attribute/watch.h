/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps the pod index in step with the node: the only part of attribution that reads files. */
#ifndef ATTRIBUTE_WATCH_H
#define ATTRIBUTE_WATCH_H

#include <stdint.h>

struct pods;
struct watch;

/*
 * Look at the node whose files are below the directory `root` ("/" or a mount of the host's root)
 * and fill the index, which stays the caller's. What is missing there is no error: less is known
 * then. 0 or -errno.
 */
int watch_new(struct watch **out, struct pods *pods, const char *root);
void watch_free(struct watch *w);

/* Inode of the host's network namespace (of pid 1; else our own for root "/"), 0 if unreadable. */
uint32_t watch_host_netns(const struct watch *w);

/*
 * Make sure that what can be known of a cgroup or a network namespace (cookie 0: unknown) is in the
 * index, container names too. Cheap where it is; an unknown one is looked for, but not again and
 * again. 0, -ENOENT if nobody knows it, -EAGAIN if it was looked for too recently.
 */
int watch_cgroup(struct watch *w, uint64_t id);
int watch_netns(struct watch *w, uint32_t inum, uint64_t cookie);

/*
 * Look again if something came or went, and forget what ended long ago. To be called every 100 ms to
 * 1 s; costs one read() when nothing happened.
 */
void watch_tick(struct watch *w);

#endif
