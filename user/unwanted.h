/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells the kernel whose losses need not leave it, because they are surely not those asked for. */
#ifndef UNWANTED_H
#define UNWANTED_H

struct loader;
struct pods;
struct unwanted;
struct wanted;

/* `wanted` must stay. Returns 0 or -ENOMEM; free with unwanted_free, which takes NULL. */
int unwanted_new(struct unwanted **out, const struct loader *loader, const struct pods *pods,
		 const struct wanted *wanted);
void unwanted_free(struct unwanted *u);

/* Tell what has changed since the last time. 0 or -ENOMEM. */
int unwanted_refresh(struct unwanted *u);

#endif
