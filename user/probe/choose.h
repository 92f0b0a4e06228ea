/* SPDX-License-Identifier: GPL-2.0-only */
/* Which way of attaching each probe gets on a kernel: a pure function of the facts. */
#ifndef PROBE_CHOOSE_H
#define PROBE_CHOOSE_H

#include <linux/types.h>

#include "kfeat.h"
#include "probe/probes.h"

struct choice {
	int way;	  /* index in probe->attach, -1: not attached */
	unsigned refused; /* bit per way that was tried and failed at load or attach */
	bool needless;	  /* way -1 because this kernel does not need it */
	bool unwanted;	  /* input: it has not been asked for */
	char why[320];	  /* why a better way, or any, was not taken; "" if the first one was */
};

/*
 * Choose for one probe. Ways whose `how` is not in the bit mask `allowed` (1 << ATTACH_*) are left
 * out. c->refused is input, the rest is output.
 */
void choose(struct choice *c, const struct probe *p, const struct facts *f, unsigned allowed);

/* What the programs have to know of this kernel, except the addresses. */
void choose_kfeat(struct kfeat *kf, const struct facts *f);

#endif
