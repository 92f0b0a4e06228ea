/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the loader share: loading (loader.c), late modules (late.c), hooks that wait (demand.c), and
 * reading maps (maps.c) and costs (cost.c). */
#ifndef PROBE_LOADER_IMPL_H
#define PROBE_LOADER_IMPL_H

#include <linux/types.h>

#include "kfeat.h"
#include "nf_layout.h"
#include "probe/loader.h"
#include "probe/object.h"

struct loader {
	struct loader_config config;
	struct facts facts;
	struct kfeat kf;
	struct nf_layout layout;
	struct choice choices[OBJECT_PROBES_MAX];
	struct object base;
	struct late_object {
		const char *module; /* that was loaded since, as the table of probes names it */
		struct object object;
	} late[OBJECT_PROBES_MAX]; /* one of a module, which are fewer than probes */
	size_t late_count;
	uint64_t
		missed_before; /* runs that programs missed which are no more: see loader_missed() */
	bool met[DEMAND_MAX];  /* what waited for that is attached */
	bool detached;	       /* for good: nothing is attached any more, whatever is asked for */
	uint64_t settle_ns;    /* when packets that were under way then are gone; 0: they are */
	int types; /* descriptor of what the programs are fitted to, negative: libbpf asks the kernel itself */
	int cpus;
};

/* Tell the programs where things are, and whether the table engines are watched. */
void loader_tell_layout(struct loader *l);
/* Choose a way for each probe by the facts, or by the symbols and what follows from them. */
void loader_choose(struct loader *l);
void loader_ask_symbols(struct loader *l);
/* Load and attach the programs of o->has beside the others, on the maps of l->base. 0 or -errno: nothing is left. */
int loader_add(struct loader *l, struct object *o, const struct btf *btf);
/* Runs of an object's programs that the kernel skipped: see loader_missed(). */
uint64_t loader_missed_in(const struct object *o);
/* Attach those of an object that wait for nothing; as object_attach(). */
int loader_attach(const struct loader *l, struct object *o);

#endif
