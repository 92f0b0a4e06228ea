/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps the pod index in step with the node: the only part of attribution that reads files. */
#ifndef ATTRIBUTE_WATCH_H
#define ATTRIBUTE_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/types.h>

#include "cgroup_event.h"

struct pods;
struct verdict;
struct watch;

/*
 * Look at the node whose files are below the directory `root` ("/" or a mount of the host's root)
 * and fill the index, which stays the caller's. What is missing there is no error: less is known
 * then. 0 or -errno.
 */
int watch_new(struct watch **out, struct pods *pods, const char *root);
void watch_free(struct watch *w);

/*
 * Ask the container runtime that serves CRI at the Unix socket `socket` (which must stay) for the labels of pods,
 * once now (it gets a second at most) and whenever there are pods without. One that does not answer costs labels
 * and a message.
 */
void watch_ask_runtime(struct watch *w, const char *socket);

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
 * From now on watch_cgroup_event() tells of each cgroup that comes or goes, so that the tree need not be
 * walked again. What came or went before is made up for.
 */
void watch_told(struct watch *w);
void watch_cgroup_event(struct watch *w, const struct cgroup_event *ev);
/* Some events were lost: the tree is walked once. */
void watch_cgroups_lost(struct watch *w);

/* Readable when a directory, link or address changed; then call watch_read(). */
int watch_fd(const struct watch *w);
void watch_read(struct watch *w);

/*
 * Whether more may soon be known of an owner: a pod that was just made still has no name, or none of the
 * pods just made has a namespace yet and this owner's is unknown.
 */
bool watch_expects(const struct watch *w, const struct verdict *v);

/*
 * Do what has become due, and forget what ended long ago. To be called after events and every 50 ms to
 * 1 s; costs next to nothing when nothing happened.
 */
void watch_tick(struct watch *w);

#endif
