/* SPDX-License-Identifier: GPL-2.0-only */
/* Where what a record carries beyond the usual gets its names from. */
#ifndef EXTRAS_H
#define EXTRAS_H

#include "drop.h"
#include "host.h"

struct btf;
struct dump;
struct extras;

/* dump: how structures are read, the extras' own from now on, or NULL. root: where the host's / is. 0 or -errno. */
int extras_new(struct extras **out, const char *root, struct dump *dump);
void extras_free(struct extras *e); /* takes NULL */

/*
 * What d->more holds, as far as it is certain: the stack of the task only if it was the caller's own, by kind or
 * by the kernel's stack. Valid until the next call.
 */
const struct extra *extras_find(struct extras *e, const struct drop *d, const struct host *h);

#endif
