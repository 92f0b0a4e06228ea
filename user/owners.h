/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps the kernel's owner maps in step with the pod index. */
#ifndef OWNERS_H
#define OWNERS_H

struct loader;
struct owners;
struct pods;

/* Fill the maps from the index. Returns 0 or -ENOMEM; free with owners_free, which takes NULL. */
int owners_new(struct owners **out, struct loader *loader, struct pods *pods);
void owners_free(struct owners *o);

/* Add what is new and remove what is gone, if the index has changed. Returns 0 or -ENOMEM. */
int owners_refresh(struct owners *o);

#endif
