/* SPDX-License-Identifier: GPL-2.0-only */
/* What the two halves of the loader share: loading (loader.c) and reading maps (maps.c). */
#ifndef PROBE_LOADER_IMPL_H
#define PROBE_LOADER_IMPL_H

#include <linux/types.h>

#include "kfeat.h"
#include "nf_layout.h"
#include "probe/loader.h"
#include "probe/object.h"

#define LOADER_LATE_MAX 32

struct loader {
	struct loader_config config;
	struct facts facts;
	struct kfeat kf;
	struct nf_layout layout;
	struct choice choices[OBJECT_PROBES_MAX];
	struct object base;
	struct object late[LOADER_LATE_MAX]; /* for modules that were loaded since */
	size_t late_count;
	bool met[DEMAND_MAX]; /* what waited for that is attached */
	bool detached;	      /* for good: nothing is attached any more, whatever is asked for */
	uint64_t settle_ns;   /* when packets that were under way then are gone; 0: they are */
	int types; /* descriptor of what the programs are fitted to, negative: libbpf asks the kernel itself */
	int cpus;
};

/* Tell the programs where things are, and whether the table engines are watched. */
void loader_tell_layout(struct loader *l);
/* Attach those of an object that wait for nothing; as object_attach(). */
int loader_attach(const struct loader *l, struct object *o);

#endif
