/* SPDX-License-Identifier: GPL-2.0-only */
/* The option --attach: which ways of attaching may be used. */
#ifndef CMD_WAYS_H
#define CMD_WAYS_H

#include "cmd/cmd.h"

/* 0, or -EINVAL after a message when a name is not a way to attach. */
int ways_check(const struct option_list *list);

/* Bit mask 1 << ATTACH_*. A list that names no way for tracepoints (or none for functions) leaves
 * these free: `--attach kprobe` restricts functions only. An empty list allows all; "tracepoint" no function. */
unsigned ways_mask(const struct option_list *list);

#endif
