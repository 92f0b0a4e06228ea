/* SPDX-License-Identifier: GPL-2.0-only */
/* Which ways of attaching exist for tracepoints and which for functions. */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "cmd/ways.h"
#include "kernel/facts.h"

#define TRACEPOINTS (1U << ATTACH_TP_BTF | 1U << ATTACH_RAW_TP)
#define FENTRY	    (1U << ATTACH_FENTRY | 1U << ATTACH_FEXIT)
#define KPROBE	    (1U << ATTACH_KPROBE | 1U << ATTACH_KRETPROBE)
#define FUNCTIONS   (FENTRY | KPROBE)

#define NO_FUNCTIONS "tracepoint"

static int way(const char *name)
{
	for (int i = 0; i < ATTACH_COUNT; i++)
		if (!strcmp(name, attach_how_names[i]))
			return i;
	return -1;
}

int ways_check(const struct option_list *list)
{
	for (int i = 0; i < list->count; i++)
		if (way(list->items[i]) < 0 && strcmp(list->items[i], NO_FUNCTIONS))
			return log_err(-EINVAL,
				       "--attach %s: give tp_btf, raw_tp, fentry, kprobe or "
				       "tracepoint",
				       list->items[i]);
	return 0;
}

unsigned ways_mask(const struct option_list *list)
{
	bool no_functions = false;
	unsigned mask = 0;

	for (int i = 0; i < list->count; i++)
		if (strcmp(list->items[i], NO_FUNCTIONS))
			mask |= 1U << way(list->items[i]);
		else
			no_functions = true;
	if (mask & FENTRY)
		mask |= FENTRY;
	if (mask & KPROBE)
		mask |= KPROBE;
	if (!(mask & TRACEPOINTS))
		mask |= TRACEPOINTS;
	if (!(mask & FUNCTIONS) && !no_functions)
		mask |= FUNCTIONS;
	return mask;
}
