/* SPDX-License-Identifier: GPL-2.0-only */
/* Which namespace is whose, although inodes of namespaces are used again at once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/pods_impl.h"

/* A pod whose sandboxes do not last has many; the oldest go first. */
#define OLD_HOMES 256

/* It is no pod's any more. */
static void detach(struct pods_netns *n)
{
	struct pod *pod = n->pod;
	struct pods_netns **at;

	n->pod = NULL;
	if (pod->home == n) {
		pod->home = NULL;
		pod->netns = 0;
		pod->netns_cookie = 0;
		return;
	}
	for (at = &pod->old_homes; *at != n; at = &(*at)->next)
		;
	*at = n->next;
	n->next = NULL;
}

void pods_forget_netns(struct pods *p, struct pods_netns *n)
{
	if (hash_get(&p->by_inum, &n->inum) == n)
		hash_del(&p->by_inum, &n->inum);
	if (n->cookie && hash_get(&p->by_cookie, &n->cookie) == n)
		hash_del(&p->by_cookie, &n->cookie);
	if (n->pod)
		detach(n);
	free(n);
	p->generation++;
	p->owners_generation++;
}

static bool is_same(const struct pods_netns *n, uint64_t cookie)
{
	return !n->cookie || !cookie || n->cookie == cookie;
}

/* The inode belongs to another namespace now: keep the old one only if its cookie can find it. */
static void displace(struct pods *p, struct pods_netns *n)
{
	if (!n->pod || !n->cookie) {
		pods_forget_netns(p, n);
		return;
	}
	hash_del(&p->by_inum, &n->inum);
	p->generation++;
}

static int learn_cookie(struct pods *p, struct pods_netns *n, uint64_t cookie)
{
	int err;

	if (n->cookie || !cookie)
		return 0;
	err = hash_put(&p->by_cookie, &cookie, n);
	if (err)
		return err;
	n->cookie = cookie;
	if (n->pod)
		n->pod->netns_cookie = cookie;
	p->generation++;
	return 0;
}

/* The entry of an existing namespace, made if need be; NULL when out of memory. */
static struct pods_netns *take_netns(struct pods *p, uint32_t inum, uint64_t cookie)
{
	struct pods_netns *n = hash_get(&p->by_inum, &inum);

	if (n && !is_same(n, cookie)) {
		displace(p, n);
		n = NULL;
	}
	if (!n) {
		n = calloc(1, sizeof(*n));
		if (!n)
			return NULL;
		n->inum = inum;
		if (hash_put(&p->by_inum, &inum, n)) {
			free(n);
			return NULL;
		}
	}
	if (learn_cookie(p, n, cookie)) {
		if (!n->pod && !n->name)
			pods_forget_netns(p, n);
		return NULL;
	}
	return n;
}

/* One that still exists under a name is kept for that. */
static void leave(struct pods *p, struct pods_netns *n)
{
	if (!n->name || hash_get(&p->by_inum, &n->inum) != n) {
		pods_forget_netns(p, n);
		return;
	}
	detach(n);
	p->generation++;
}

void pods_leave_netns(struct pods *p, struct pod *pod)
{
	if (pod->home)
		leave(p, pod->home);
}

void pods_leave_homes(struct pods *p, struct pod *pod)
{
	pods_leave_netns(p, pod);
	while (pod->old_homes)
		leave(p, pod->old_homes);
}

void pods_retire_home(struct pods *p, struct pod *pod)
{
	struct pods_netns *n = pod->home, *last;
	int count = 1;

	if (!n || !n->cookie)
		return;
	n->next = pod->old_homes;
	pod->old_homes = n;
	pod->home = NULL;
	pod->netns = 0;
	pod->netns_cookie = 0;
	for (last = n; last->next; last = last->next)
		count++;
	if (count > OLD_HOMES)
		leave(p, last);
}

int pods_set_netns(struct pods *p, struct pod *pod, uint32_t inum, uint64_t cookie)
{
	struct pods_netns *n;

	if (!inum) {
		if (!pod->host_network)
			p->generation++;
		pods_leave_netns(p, pod);
		pod->host_network = true;
		return 0;
	}
	n = take_netns(p, inum, cookie);
	if (!n)
		return -ENOMEM;
	if (n->pod && n->pod->home == n && (n->pod == pod || !n->pod->terminated))
		return 0;
	if (n->pod)
		leave(p, n);
	/* leaving may have forgotten the entry */
	n = take_netns(p, inum, cookie);
	if (!n)
		return -ENOMEM;
	pods_leave_netns(p, pod);
	n->pod = pod;
	pod->home = n;
	pod->host_network = false;
	pod->netns = inum;
	pod->netns_cookie = n->cookie;
	p->generation++;
	p->owners_generation++;
	return 0;
}

int pods_set_netns_name(struct pods *p, uint32_t inum, uint64_t cookie, const char *name)
{
	struct pods_netns *n = take_netns(p, inum, cookie);
	int changed;

	if (!n)
		return -ENOMEM;
	n->stamp = p->stamp;
	changed = pods_keep(p, &n->name, name);
	if (changed > 0)
		p->generation++;
	return changed < 0 ? changed : 0;
}

/* Names that were not told since the stamp, or that one. */
static void drop_names(struct pods *p, const char *name)
{
	struct pods_netns *n;
	uint32_t pos = 0;

	while ((n = hash_next(&p->by_inum, &pos))) {
		if (!n->name || (name ? strcmp(n->name, name) != 0 : n->stamp == p->stamp))
			continue;
		n->name = NULL;
		p->generation++;
		if (!n->pod) {
			pods_forget_netns(p, n);
			pos--;
		}
	}
}

void pods_sweep_names(struct pods *p)
{
	drop_names(p, NULL);
}

void pods_drop_netns_name(struct pods *p, const char *name)
{
	drop_names(p, name);
}

const struct pods_netns *pods_find_netns(const struct pods *p, uint32_t inum, uint64_t cookie)
{
	const struct pods_netns *n = cookie ? hash_get(&p->by_cookie, &cookie) : NULL;

	if (n && n->inum == inum)
		return n;
	n = hash_get(&p->by_inum, &inum);
	if (!n || !is_same(n, cookie))
		return NULL;
	/* its pod is gone or elsewhere: without a cookie nobody knows whether the inode is still the same one's */
	if (n->pod && (n->pod->terminated || n->pod->home != n) && !(cookie && n->cookie))
		return NULL;
	return n;
}

const struct pod *pods_by_netns(const struct pods *p, uint32_t inum, uint64_t cookie)
{
	const struct pods_netns *n = pods_find_netns(p, inum, cookie);

	return n ? n->pod : NULL;
}

const char *pods_netns_name(const struct pods *p, uint32_t inum, uint64_t cookie)
{
	const struct pods_netns *n = pods_find_netns(p, inum, cookie);

	return n ? n->name : NULL;
}

bool pods_knows_netns(const struct pods *p, uint32_t inum, uint64_t cookie)
{
	const struct pods_netns *n = pods_find_netns(p, inum, cookie);

	return n && (n->pod || n->name);
}
