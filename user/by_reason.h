/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel programs need not send, or not even read, of a loss with a certain drop reason. */
#ifndef BY_REASON_H
#define BY_REASON_H

#include <stdbool.h>

#include <linux/types.h>

#include "knobs.h"

struct reasons;

/*
 * Sets k->mute and k->need by the names of this kernel's drop reasons: what is normal whatever else holds stays
 * in the kernel, but with `all`; and what no cause of a reason shows is not read.
 */
void by_reason(struct knobs *k, const struct reasons *reasons, bool all);

#endif
