/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of the owners that are known cannot be those asked for, and what the kernel was told of them. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "attribute/pods.h"
#include "base/hash.h"
#include "probe/loader.h"
#include "unwanted.h"
#include "wanted.h"

/* What one of the kernel's maps holds. */
struct told {
	struct hash keys; /* to an entry */
	bool is_cgroup;
};

struct entry {
	uint64_t key;
	uint32_t stamp;
};

struct unwanted {
	const struct loader *loader;
	const struct pods *pods;
	const struct wanted *wanted;
	struct told cgroups, netns;
	uint32_t generation;
	uint32_t stamp;
	int err;
};

/* A full map is no error: the kernel lets through what it was not told of. */
static void tell(struct unwanted *u, struct told *t, uint64_t key)
{
	struct entry *e = hash_get(&t->keys, &key);

	if (!e) {
		e = malloc(sizeof(*e));
		if (!e || hash_put(&t->keys, &key, e)) {
			free(e);
			u->err = -ENOMEM;
			return;
		}
		e->key = key;
		loader_unwanted(u->loader, t->is_cgroup, key, true);
	}
	e->stamp = u->stamp;
}

static void sweep(const struct unwanted *u, struct told *t)
{
	struct entry *e;
	uint32_t pos = 0;

	while ((e = hash_next(&t->keys, &pos))) {
		if (e->stamp == u->stamp)
			continue;
		loader_unwanted(u->loader, t->is_cgroup, e->key, false);
		hash_del(&t->keys, &e->key);
		free(e);
		pos--;
	}
}

/* A container that is not asked for may be in a pod with one that is. */
static void see_cgroup(uint64_t id, const struct pods_cgroup *cg, void *arg)
{
	struct unwanted *u = arg;
	bool other = cg->unit && !cg->pod && !cg->container;

	if (cg->pod && !wanted_pod(u->wanted, cg->pod))
		other = true;
	if (cg->container && cg->container->name &&
	    !wanted_lists(&u->wanted->containers, cg->container->name))
		other = true;
	if (other)
		tell(u, &u->cgroups, id);
}

int unwanted_refresh(struct unwanted *u)
{
	const struct pod *pod;
	uint32_t pos = 0;

	if (!wanted_filters_owners(u->wanted) || u->generation == pods_generation(u->pods))
		return 0;
	u->generation = pods_generation(u->pods);
	u->stamp++;
	u->err = 0;
	pods_each_known_cgroup(u->pods, see_cgroup, u);
	while ((pod = pods_next(u->pods, &pos)))
		if (pod->netns_cookie && !wanted_pod(u->wanted, pod))
			tell(u, &u->netns, pod->netns_cookie);
	sweep(u, &u->cgroups);
	sweep(u, &u->netns);
	return u->err;
}

int unwanted_new(struct unwanted **out, const struct loader *loader, const struct pods *pods,
		 const struct wanted *wanted)
{
	struct unwanted *u = calloc(1, sizeof(*u));

	if (!u)
		return -ENOMEM;
	*u = (struct unwanted){ .loader = loader, .pods = pods, .wanted = wanted };
	u->generation = pods_generation(pods) - 1;
	u->cgroups.is_cgroup = true;
	hash_init(&u->cgroups.keys, sizeof(uint64_t));
	hash_init(&u->netns.keys, sizeof(uint64_t));
	*out = u;
	return 0;
}

static void forget(struct told *t)
{
	struct entry *e;
	uint32_t pos = 0;

	while ((e = hash_next(&t->keys, &pos)))
		free(e);
	hash_free(&t->keys);
}

void unwanted_free(struct unwanted *u)
{
	if (!u)
		return;
	forget(&u->cgroups);
	forget(&u->netns);
	free(u);
}
