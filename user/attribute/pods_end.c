/* SPDX-License-Identifier: GPL-2.0-only */
/* How pods and cgroups end, what is still known of them then, and when it is forgotten. */
#include <stdlib.h>

#include "attribute/pods_impl.h"

void pods_drop_container(struct pods *p, struct container *c)
{
	struct container **at;

	if (c->pod) {
		for (at = &c->pod->containers; *at != c; at = &(*at)->next)
			;
		*at = c->next;
	}
	hash_del(&p->containers, &c->id);
	free(c);
}

int pods_remove(struct pods *p, struct pod *pod, uint64_t now_ns)
{
	if (pod->terminated)
		return 0;
	pod->terminated = true;
	pod->terminated_ns = now_ns;
	addrs_retire(pod->claims, now_ns);
	pods_drop_devs(p, pod);
	p->generation++;
	p->owners_generation++;
	return graves_add(&p->dead_pods, pod->id, now_ns);
}

static void end_cgroup(struct cgroup *c, uint64_t now_ns)
{
	c->dead = true;
	c->dead_ns = now_ns;
	if (c->container)
		c->container->live_cgroups--;
}

/* Containers tell; a pod that never had one lives as long as its directory. */
static bool has_life(const struct pod *pod)
{
	for (const struct container *c = pod->containers; c; c = c->next)
		if (c->live_cgroups)
			return true;
	for (const struct cgroup *c = pod->cgroups; c && !pod->containers; c = c->next)
		if (!c->dead)
			return true;
	return false;
}

int pods_end_cgroup(struct pods *p, uint64_t id, uint64_t time_ns)
{
	struct cgroup *c = hash_get(&p->by_cgroup, &id);
	struct pod *pod;
	int err;

	if (!c || c->dead)
		return 0;
	pod = c->pod || !c->container ? c->pod : c->container->pod;
	end_cgroup(c, time_ns);
	p->generation += c->container != NULL;
	err = graves_add(&p->dead_cgroups, id, time_ns);
	if (!err && pod && !has_life(pod))
		err = pods_remove(p, pod, time_ns);
	return err;
}

void pods_each_cgroup(const struct pod *pod, void (*fn)(uint64_t id, void *arg), void *arg)
{
	for (const struct cgroup *c = pod->cgroups; c; c = c->next)
		if (!c->dead)
			fn(c->id, arg);
}

static void forget_cgroup(struct pods *p, struct cgroup *c)
{
	struct cgroup **at;

	if (!c->dead)
		end_cgroup(c, 0);
	hash_del(&p->by_cgroup, &c->id);
	if (c->pod) {
		for (at = &c->pod->cgroups; *at != c; at = &(*at)->next)
			;
		*at = c->next;
	}
	if (c->container && !--c->container->cgroups)
		pods_drop_container(p, c->container);
	free(c);
}

/*
 * An address of a pod that ended may soon be another's, on another node where nobody here sees it
 * (the AWS CNI waits 30 s before it gives one out again).
 */
static void release_addrs(struct pods *p, struct pod *pod, uint64_t now_ns)
{
	if (!pod->terminated || !pod->claims || now_ns < pod->terminated_ns + PODS_ADDR_LINGER_NS)
		return;
	addrs_forget(&p->addrs, &pod->claims);
	p->generation++;
	p->owners_generation++;
}

static void forget_pod(struct pods *p, struct pod *pod)
{
	struct cgroup *next;

	for (struct cgroup *c = pod->cgroups; c; c = next) {
		next = c->next;
		c->pod = NULL;
		forget_cgroup(p, c);
	}
	for (struct container *c = pod->containers; c; c = c->next)
		c->pod = NULL;
	addrs_forget(&p->addrs, &pod->claims);
	pods_leave_homes(p, pod);
	hash_del(&p->by_uid, &pod->uid);
	hash_del(&p->by_id, &pod->id);
	pods_drop_devs(p, pod);
	free(pod);
}

void pods_scan_begin(struct pods *p)
{
	p->stamp++;
}

int pods_scan_end(struct pods *p, uint64_t now_ns)
{
	struct cgroup *c;
	struct pod *pod;
	uint32_t pos;
	int err = 0;

	for (pos = 0; (c = hash_next(&p->by_cgroup, &pos)) && !err;)
		if (c->stamp != p->stamp)
			err = pods_end_cgroup(p, c->id, now_ns);
	for (pos = 0; (pod = hash_next(&p->by_id, &pos)) && !err;)
		if (pod->stamp != p->stamp && !has_life(pod))
			err = pods_remove(p, pod, now_ns);
	pods_sweep_names(p);
	pods_expire(p, now_ns);
	return err;
}

void pods_expire(struct pods *p, uint64_t now_ns)
{
	struct grave g;
	struct cgroup *c;
	struct pod *pod;
	uint32_t id, pos;

	/* what came back to life since is in another grave, or in none */
	while (graves_take(&p->dead_cgroups, now_ns, GRAVES_REMEMBER_CGROUPS, &g)) {
		c = hash_get(&p->by_cgroup, &g.key);
		if (!c || !c->dead || c->dead_ns != g.time_ns)
			continue;
		forget_cgroup(p, c);
		p->generation++;
	}
	for (pos = 0; (pod = hash_next(&p->by_id, &pos));)
		release_addrs(p, pod, now_ns);
	while (graves_take(&p->dead_pods, now_ns, GRAVES_REMEMBER_COUNT, &g)) {
		id = g.key;
		pod = hash_get(&p->by_id, &id);
		if (!pod || !pod->terminated || pod->terminated_ns != g.time_ns)
			continue;
		forget_pod(p, pod);
		p->generation++;
	}
	/* without memory all stays where it is */
	pods_move_texts(p, now_ns);
}

void pods_free(struct pods *p)
{
	struct pods_netns *n;
	struct cgroup *c;
	struct pod *pod;
	uint32_t pos;

	if (!p)
		return;
	for (pos = 0; (c = hash_next(&p->by_cgroup, &pos)); pos--)
		forget_cgroup(p, c);
	for (pos = 0; (pod = hash_next(&p->by_id, &pos)); pos--)
		forget_pod(p, pod);
	for (pos = 0; (n = hash_next(&p->by_inum, &pos)); pos--)
		pods_forget_netns(p, n);
	graves_free(&p->dead_pods);
	graves_free(&p->dead_cgroups);
	hash_free(&p->by_uid);
	hash_free(&p->by_id);
	hash_free(&p->by_cgroup);
	hash_free(&p->containers);
	hash_free(&p->by_inum);
	hash_free(&p->by_cookie);
	hash_free(&p->by_dev);
	hash_free(&p->places);
	addrs_free(&p->addrs);
	intern_free(&p->texts);
	intern_free(&p->old_texts);
	free(p);
}
