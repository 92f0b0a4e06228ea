/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel side as one object: open, choose, load, attach, read its account, detach. */
#ifndef PROBE_LOADER_H
#define PROBE_LOADER_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/types.h>

#include "counters.h"
#include "event.h"
#include "knobs.h"
#include "probe/choose.h"

struct btf;
struct ksyms;
struct loader;

struct loader_config {
	const struct btf *btf;	   /* of the running kernel, NULL if it has none */
	const struct ksyms *ksyms; /* filled in by loader_load() */
	struct knobs knobs;
	enum rules_watched rules;
	bool always;	  /* attach at once also what waits for a demand */
	unsigned allowed; /* bit mask 1 << ATTACH_*, of ways that may be used */
};

/*
 * Find out what this kernel allows, from config.btf, which may be freed then, and by tries. Returns 0, -EPERM or
 * -EACCES when privileges are missing, -ENOTSUP when the kernel cannot do it at all, else -errno; each has been
 * explained on stderr.
 */
int loader_new(struct loader **out, const struct loader_config *config);
/* What loader_load() would do first, but needs no symbols for: best done while these are read. */
void loader_prepare(struct loader *l);
/* Choose by that and the symbols, or NULL: no address ranges then. Load and attach; returns the same. */
int loader_load(struct loader *l, const struct ksyms *ksyms);
/* Detaches everything; takes NULL. */
void loader_free(struct loader *l);

/*
 * A kernel module has been loaded: attach the probes that live in it. The symbols must tell of it
 * by now, btf are the types of the kernel. 0, also if no probe is for it, or -errno after a message; the
 * rest goes on.
 */
int loader_module(struct loader *l, const char *module, const struct btf *btf);
/* It has been unloaded, which the kernel allows where its hooks are kprobes, or wait: detach what was in it. */
void loader_module_gone(struct loader *l, const char *module);

/*
 * Attach what losses have asked for since the last call (demand.h). To be called often: it costs nothing when
 * there is nothing to do. A hook that the kernel refuses now is missed from then on, after a message.
 */
void loader_meet(struct loader *l);
/* Whether probes[i] is attached with the first loss that shows it to be needed (unless config.always) ... */
bool loader_on_demand(const struct loader *l, size_t i);
/* ... and is not attached yet. */
bool loader_waits(const struct loader *l, size_t i);

/* Stop seeing losses, for good; what was seen can still be read. */
void loader_detach(struct loader *l);

/* What became of probes[i]. */
const struct choice *loader_choice(const struct loader *l, size_t i);
/* Whether probes[i] is missed: it is needed and asked for, and what it watches is there, but it is not attached.
 * A module that is not loaded is not there. */
bool loader_lacks(const struct loader *l, size_t i);
const struct facts *loader_facts(const struct loader *l);

/* Send every loss from now on, whatever knobs.detail_gap_ns says. */
void loader_describe_all(const struct loader *l);

int loader_events_fd(const struct loader *l); /* map fd of the ring buffer */

/*
 * Map fd of the ring buffer of cgroups that come and go (cgroup_event.h); negative if the kernel does not
 * tell of both. And how many did not fit into it so far.
 */
int loader_cgroups_fd(const struct loader *l);
uint32_t loader_cgroups_lost(const struct loader *l);

/* Add up the per-CPU counters. Returns 0 or -errno. */
int loader_counters(const struct loader *l, uint64_t out[CNT_MAX]);
/* Runs of attached programs that the kernel skipped because one was interrupted on the same CPU. */
uint64_t loader_missed(const struct loader *l);
/*
 * Let the kernel count runs and their time from now on, which costs two looks at the clock per run, until
 * the descriptor returned is closed. -errno after a message.
 */
int loader_count_runs(void);
/* Runs of probes[i]'s programs since then. */
struct run_cost {
	uint64_t runs, time_ns;
};
struct run_cost loader_run_cost(const struct loader *l, size_t i);
/*
 * Call `each` for every part of the loss counters, whose sum is exact while nothing is lost, and else never
 * more than was lost: a key may come more than once. Key NULL is the overflow entry. Returns 0 or -errno.
 */
int loader_losses(const struct loader *l,
		  void (*each)(void *arg, const struct loss_key *key, const struct loss_count *sum),
		  void *arg);

/* How many keys the loss counters hold. */
uint32_t loader_losses_max(const struct loader *l);
/*
 * Take a key out of the loss counters, for which nothing may have been counted but `sum`, and nothing be
 * counted any more. 0, or -EBUSY: it stays, as it is still in use.
 */
int loader_forget(const struct loader *l, const struct loss_key *key, const struct loss_count *sum);

/* Replace the kernel's owner maps. */
int loader_owner_dev(const struct loader *l, const struct owner_dev *key, uint32_t id, bool add);
int loader_owner_mac(const struct loader *l, uint64_t key, uint32_t id, bool add);
int loader_owner_addr(const struct loader *l, const struct owner_addr *key, uint32_t id, bool add);
/* Leave out, or let through again, losses of a namespace (by cookie) or a cgroup of the host. */
int loader_unwanted(const struct loader *l, bool is_cgroup, uint64_t key, bool add);
/* After each change of these: programs remember what they looked up until the number, never the same twice,
 * is another one. 0: the maps hold nothing. */
void loader_owners_changed(const struct loader *l, uint32_t generation);

#endif
