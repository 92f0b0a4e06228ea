/* SPDX-License-Identifier: GPL-2.0-only */
/* What is judged: the count key of a loss with its numbers turned into the names of its kernel. */
#ifndef LOSS_H
#define LOSS_H

#include <stdint.h>
#include <linux/types.h>

#include "event.h"

struct loss {
	const struct loss_key *key;
	const char *reason;	 /* without SKB_DROP_REASON_; NULL where the kernel gives none */
	const char *reason_full; /* as in the kernel's enum, subsystem reasons too; NULL likewise */
	const char *where;    /* function of location - 1 without .constprop etc.; "" if unknown */
	const char *symbol;   /* the same with its suffix */
	const char *module;   /* "" for the kernel itself */
	uint64_t offset;      /* of the location in symbol */
	uint64_t symbol_size; /* bytes, 0 if unknown */
};

#endif
