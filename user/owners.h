/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps the pod index in step with the node, and the kernel's owner maps in step with the index. */
#ifndef OWNERS_H
#define OWNERS_H

struct loader;
struct owners;
struct pods;
struct wanted;
struct watch;

/*
 * Fill the maps from the index, and listen to what the kernel tells of cgroups. The kernel need
 * not tell of losses that are surely not `wanted`, which must stay. Returns 0 or -ENOMEM; free
 * with owners_free, which takes NULL.
 */
int owners_new(struct owners **out, struct loader *loader, struct pods *pods, struct watch *watch,
	       const struct wanted *wanted);
void owners_free(struct owners *o);

/* Readable when the kernel tells of cgroups; negative if it does not. */
int owners_fd(const struct owners *o);

/*
 * Learn what is new, and change the maps if the index has changed. To be called before losses are looked
 * at: then at least as much is known of their owners as when they happened. Returns 0 or -ENOMEM.
 */
int owners_refresh(struct owners *o);

#endif
