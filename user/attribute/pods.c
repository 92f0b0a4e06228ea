/* SPDX-License-Identifier: GPL-2.0-only */
/* How the node's pods hang together, and what outlives the end of one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/pods.h"
#include "attribute/pods_impl.h"

int pods_new(struct pods **out)
{
	struct pods *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	intern_init(&p->texts);
	intern_init(&p->old_texts);
	hash_init(&p->by_uid, sizeof(char *));
	hash_init(&p->by_id, sizeof(uint32_t));
	hash_init(&p->by_cgroup, sizeof(uint64_t));
	hash_init(&p->containers, sizeof(char *));
	hash_init(&p->by_inum, sizeof(uint32_t));
	hash_init(&p->by_cookie, sizeof(uint64_t));
	hash_init(&p->by_dev, sizeof(struct owner_dev));
	hash_init(&p->places, sizeof(uint32_t));
	addrs_init(&p->addrs);
	*out = p;
	return 0;
}

static const char *keep(struct pods *p, const char *s)
{
	return intern_add(&p->texts, s, strlen(s));
}

int pods_keep(struct pods *p, const char **at, const char *s)
{
	const char *kept;

	if (*at && !strcmp(*at, s))
		return 0;
	kept = keep(p, s);
	if (!kept)
		return -ENOMEM;
	*at = kept;
	return 1;
}

static void revive_pod(struct pods *p, struct pod *pod)
{
	pod->stamp = p->stamp;
	if (!pod->terminated)
		return;
	pods_retire_home(p, pod);
	pod->terminated = false;
	pod->terminated_ns = 0;
	p->generation++;
	p->owners_generation++;
}

static int insert_pod(struct pods *p, struct pod *pod)
{
	do {
		p->last_id = p->last_id % (POD_ID_LIMIT - 1) + 1;
	} while (hash_get(&p->by_id, &p->last_id));
	pod->id = p->last_id;
	if (hash_put(&p->by_uid, &pod->uid, pod))
		return -ENOMEM;
	if (hash_put(&p->by_id, &pod->id, pod)) {
		hash_del(&p->by_uid, &pod->uid);
		return -ENOMEM;
	}
	return 0;
}

int pods_add(struct pods *p, const char *uid, struct pod **out)
{
	const char *kept = keep(p, uid);
	struct pod *pod;

	if (!kept)
		return -ENOMEM;
	pod = hash_get(&p->by_uid, &kept);
	if (!pod) {
		pod = calloc(1, sizeof(*pod));
		if (!pod)
			return -ENOMEM;
		pod->uid = kept;
		pod->nsid = -1;
		if (insert_pod(p, pod)) {
			free(pod);
			return -ENOMEM;
		}
		p->generation++;
	}
	revive_pod(p, pod);
	*out = pod;
	return 0;
}

int pods_set_name(struct pods *p, struct pod *pod, const char *ns, const char *name)
{
	int a = pods_keep(p, &pod->ns, ns);
	int b = pods_keep(p, &pod->name, name);

	if (a > 0 || b > 0)
		p->generation++;
	return a < 0 ? a : b < 0 ? b : 0;
}

int pods_set_labels(struct pods *p, struct pod *pod, const char *labels)
{
	int changed = pods_keep(p, &pod->labels, labels);

	if (changed > 0)
		p->generation++;
	return changed < 0 ? changed : 0;
}

int pods_set_addrs(struct pods *p, struct pod *pod, const struct owner_addr *addr, size_t count,
		   uint64_t now_ns)
{
	int changed = addrs_set(&p->addrs, &pod->claims, pod->id, addr, count, now_ns);

	if (changed) {
		p->generation++;
		p->owners_generation++;
	}
	return changed < 0 ? changed : 0;
}

/* One device more or less in a namespace. */
static int count_place(struct pods *p, uint32_t netns, int change)
{
	uintptr_t count = (uintptr_t)hash_get(&p->places, &netns) + change;

	if (count)
		return hash_put(&p->places, &netns, (void *)count);
	hash_del(&p->places, &netns);
	return 0;
}

static int add_dev(struct pods *p, const struct owner_dev *dev, struct pod *pod)
{
	bool is_new = !hash_get(&p->by_dev, dev);
	int err = hash_put(&p->by_dev, dev, pod);

	return err || !is_new ? err : count_place(p, dev->netns, 1);
}

void pods_drop_devs(struct pods *p, struct pod *pod)
{
	for (uint32_t i = 0; i < pod->dev_count; i++)
		if (hash_get(&p->by_dev, &pod->devs[i]) == pod) {
			hash_del(&p->by_dev, &pod->devs[i]);
			count_place(p, pod->devs[i].netns, -1);
		}
	free(pod->devs);
	pod->devs = NULL;
	pod->dev_count = 0;
}

int pods_set_devs(struct pods *p, struct pod *pod, const struct owner_dev *dev, size_t count)
{
	struct owner_dev *copy = NULL;
	int err = 0;

	if (count == pod->dev_count && (!count || !memcmp(dev, pod->devs, count * sizeof(*dev))))
		return 0;
	if (count) {
		copy = malloc(count * sizeof(*dev));
		if (!copy)
			return -ENOMEM;
		memcpy(copy, dev, count * sizeof(*dev));
	}
	pods_drop_devs(p, pod);
	pod->devs = copy;
	pod->dev_count = count;
	for (size_t i = 0; i < count && !err; i++)
		err = add_dev(p, &dev[i], pod);
	p->generation++;
	p->owners_generation++;
	return err;
}

void pods_doubt_ended(struct pods *p, bool doubt)
{
	if (p->doubt_ended == doubt)
		return;
	p->doubt_ended = doubt;
	p->owners_generation++;
}

static struct container *take_container(struct pods *p, const char *id)
{
	const char *kept = keep(p, id);
	struct container *c;

	if (!kept)
		return NULL;
	c = hash_get(&p->containers, &kept);
	if (c)
		return c;
	c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->id = kept;
	if (hash_put(&p->containers, &kept, c)) {
		free(c);
		return NULL;
	}
	return c;
}

static struct container *find_container(struct pods *p, const char *id)
{
	const char *kept = intern_find(&p->texts, id, strlen(id));

	return kept ? hash_get(&p->containers, &kept) : NULL;
}

int pods_set_container(struct pods *p, const char *id, const char *name, bool sandbox)
{
	struct container *c = find_container(p, id);
	int changed;

	if (!c)
		return 0;
	changed = pods_keep(p, &c->name, name);
	if (changed < 0)
		return changed;
	if (changed || c->sandbox != sandbox)
		p->generation++;
	c->sandbox = sandbox;
	return 0;
}

static int fill_cgroup(struct pods *p, struct cgroup *c, const struct cgroup_path *path)
{
	int err;

	if (path->uid[0]) {
		err = pods_add(p, path->uid, &c->pod);
		if (err)
			return err;
	} else if (path->unit[0]) {
		c->unit = keep(p, path->unit);
		if (!c->unit)
			return -ENOMEM;
	}
	if (!path->container[0])
		return 0;
	c->container = take_container(p, path->container);
	return c->container ? 0 : -ENOMEM;
}

static void adopt(struct pod *pod, struct container *c)
{
	c->pod = pod;
	c->next = pod->containers;
	pod->containers = c;
}

void pods_adopt(struct pods *p, struct pod *pod, const char *id)
{
	struct container *c = find_container(p, id);

	if (!c || c->pod)
		return;
	adopt(pod, c);
	p->generation++;
}

static void link_cgroup(struct cgroup *c)
{
	struct container *ct = c->container;

	if (c->pod) {
		c->next = c->pod->cgroups;
		c->pod->cgroups = c;
	}
	if (!ct)
		return;
	ct->cgroups++;
	ct->live_cgroups++;
	if (!ct->pod && c->pod)
		adopt(c->pod, ct);
}

int pods_add_cgroup(struct pods *p, uint64_t id, const struct cgroup_path *path)
{
	struct cgroup *c;
	int err;

	if (pods_touch_cgroup(p, id))
		return 0;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->id = id;
	c->stamp = p->stamp;
	err = fill_cgroup(p, c, path);
	if (!err)
		err = hash_put(&p->by_cgroup, &id, c);
	if (err) {
		if (c->container && !c->container->cgroups)
			pods_drop_container(p, c->container);
		free(c);
		return err;
	}
	link_cgroup(c);
	p->generation++;
	return 0;
}

bool pods_touch_cgroup(struct pods *p, uint64_t id)
{
	struct cgroup *c = hash_get(&p->by_cgroup, &id);
	struct pod *pod;

	if (!c)
		return false;
	c->stamp = p->stamp;
	if (c->dead && c->container) {
		c->container->live_cgroups++;
		p->generation++;
	}
	c->dead = false;
	pod = c->pod || !c->container ? c->pod : c->container->pod;
	/* the directory of a pod outlives its containers */
	if (pod && (c->container || !pod->containers))
		revive_pod(p, pod);
	return true;
}
