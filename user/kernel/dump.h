/* SPDX-License-Identifier: GPL-2.0-only */
/* The fields of a packet's and a socket's structures that a maintainer asks for, and where this kernel has them. */
#ifndef KERNEL_DUMP_H
#define KERNEL_DUMP_H

#include <stddef.h>
#include <stdint.h>

#include <linux/types.h>

#include "event.h"
#include "extra.h"
#include "knobs.h"

struct btf;
struct dump;

/* Find the fields by the kernel's BTF. What it does not have is left out. 0, -ENOTSUP without BTF, or -ENOMEM. */
int dump_new(struct dump **out, const struct btf *btf);
void dump_free(struct dump *d); /* takes NULL */

/* How much of each structure the kernel side has to copy. */
void dump_knobs(const struct dump *d, struct knobs *k);

/*
 * The values in what was copied, at most EXTRA_VALUES; names belong to the program. Returns how many. Of a
 * structure that was not copied that far, the fields are left out.
 */
size_t dump_read(const struct dump *d, const struct event_more *m, struct extra_value *out);

#endif
