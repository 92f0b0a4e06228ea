/* SPDX-License-Identifier: GPL-2.0-only */
/* Which entries the kernel's owner maps hold now, how to get from these to others, and when. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/addrs.h"
#include "attribute/pods.h"
#include "attribute/watch.h"
#include "base/log.h"
#include "owners.h"
#include "probe/loader.h"
#include "source/live.h"
#include "unwanted.h"

struct list {
	struct pods_owner *items; /* sorted */
	size_t count, size;
};

struct owners {
	struct loader *loader;
	struct pods *pods;
	struct watch *watch;
	struct unwanted *unwanted;
	struct live *cgroups; /* NULL: the kernel does not tell of them */
	uint32_t cgroups_lost;
	struct list held; /* by the kernel */
	uint32_t told;	  /* how often it was told of changes */
	uint32_t generation;
};

static int collect(const struct pods_owner *owner, void *arg)
{
	struct list *l = arg;
	struct pods_owner *grown;

	if (l->count == l->size) {
		l->size = l->size ? 2 * l->size : 64;
		grown = realloc(l->items, l->size * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		l->items = grown;
	}
	l->items[l->count++] = *owner;
	return 0;
}

/* The id is no part of the order: an entry that changes hands is the same entry. */
static int compare(const void *a, const void *b)
{
	const struct pods_owner *x = a, *y = b;
	int order = memcmp(&x->dev, &y->dev, sizeof(x->dev));

	if (x->family != y->family)
		return x->family < y->family ? -1 : 1;
	if (!order)
		order = memcmp(&x->addr, &y->addr, sizeof(x->addr));
	if (!order && x->mac != y->mac)
		order = x->mac < y->mac ? -1 : 1;
	return order;
}

static void set(const struct owners *o, const struct pods_owner *e, bool add)
{
	int err;

	if (e->family == 4 || e->family == 6)
		err = loader_owner_addr(o->loader, &e->addr, e->id, add);
	else if (e->family == ADDRS_FAMILY_MAC)
		err = loader_owner_mac(o->loader, e->mac, e->id, add);
	else
		err = loader_owner_dev(o->loader, &e->dev, e->id, add);
	if (err && add)
		log_warn(err,
			 "an owner did not fit into the kernel's map: packets without a socket "
			 "of one pod will be counted without owner");
}

static void replace(struct owners *o, const struct list *wanted)
{
	size_t i = 0, j = 0;

	while (i < o->held.count || j < wanted->count) {
		int order = i == o->held.count	 ? 1
			    : j == wanted->count ? -1
						 : compare(&o->held.items[i], &wanted->items[j]);

		if (order < 0) {
			set(o, &o->held.items[i++], false);
			continue;
		}
		if (order > 0 || o->held.items[i].id != wanted->items[j].id)
			set(o, &wanted->items[j], true);
		i += !order;
		j++;
	}
	o->told = o->told == UINT32_MAX ? 1 : o->told + 1;
	loader_owners_changed(o->loader, wanted->count ? o->told : 0);
}

static int on_cgroup(void *arg, void *data, size_t size)
{
	if (size >= sizeof(struct cgroup_event))
		watch_cgroup_event(arg, data);
	return 0;
}

static void learn(struct owners *o)
{
	uint32_t lost;

	if (o->cgroups) {
		live_drain(o->cgroups);
		lost = loader_cgroups_lost(o->loader);
		if (lost != o->cgroups_lost)
			watch_cgroups_lost(o->watch);
		o->cgroups_lost = lost;
	}
	watch_tick(o->watch);
}

static int tell(struct owners *o)
{
	uint32_t generation = pods_owners_generation(o->pods);
	struct list wanted = {};
	int err;

	if (generation == o->generation && o->held.items)
		return 0;
	err = pods_each_owner(o->pods, collect, &wanted);
	if (err) {
		free(wanted.items);
		return err;
	}
	if (wanted.count)
		qsort(wanted.items, wanted.count, sizeof(*wanted.items), compare);
	replace(o, &wanted);
	free(o->held.items);
	o->held = wanted;
	o->generation = generation;
	return 0;
}

int owners_refresh(struct owners *o)
{
	int err;

	learn(o);
	err = tell(o);
	return err ? err : unwanted_refresh(o->unwanted);
}

static int listen_to_cgroups(struct owners *o)
{
	int fd = loader_cgroups_fd(o->loader);
	int err = fd < 0 ? 0 : live_new(&o->cgroups, fd, on_cgroup, o->watch);

	/* what was made before the kernel began to tell */
	if (o->cgroups)
		watch_told(o->watch);
	return err;
}

int owners_fd(const struct owners *o)
{
	return o->cgroups ? live_fd(o->cgroups) : -1;
}

int owners_new(struct owners **out, struct loader *loader, struct pods *pods, struct watch *watch,
	       const struct wanted *wanted)
{
	struct owners *o = calloc(1, sizeof(*o));
	int err;

	if (!o)
		return -ENOMEM;
	o->loader = loader;
	o->pods = pods;
	o->watch = watch;
	err = unwanted_new(&o->unwanted, loader, pods, wanted);
	if (!err)
		err = listen_to_cgroups(o);
	if (!err)
		err = owners_refresh(o);
	if (err) {
		owners_free(o);
		return err;
	}
	*out = o;
	return 0;
}

void owners_free(struct owners *o)
{
	if (!o)
		return;
	live_free(o->cgroups);
	unwanted_free(o->unwanted);
	free(o->held.items);
	free(o);
}
