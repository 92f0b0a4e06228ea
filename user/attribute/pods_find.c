/* SPDX-License-Identifier: GPL-2.0-only */
/* Questions to the pod index, and what of it the kernel is given. */
#include <string.h>

#include "attribute/pods_impl.h"

struct pod *pods_by_uid(const struct pods *p, const char *uid)
{
	const char *kept = intern_find(&p->texts, uid, strlen(uid));

	return kept ? hash_get(&p->by_uid, &kept) : NULL;
}

bool pods_by_cgroup(const struct pods *p, uint64_t id, struct pods_cgroup *out)
{
	const struct cgroup *c = hash_get(&p->by_cgroup, &id);

	*out = (struct pods_cgroup){ 0 };
	if (!c)
		return false;
	*out = (struct pods_cgroup){ .pod = c->pod, .container = c->container, .unit = c->unit };
	/* the same container id tells the pod where the path does not (no pod level) */
	if (!out->pod && c->container)
		out->pod = c->container->pod;
	return true;
}

static struct pod *by_id(const struct pods *p, uint32_t id)
{
	return id ? hash_get(&p->by_id, &id) : NULL;
}

static const struct pod *find_addr(const struct pods *p, const struct owner_addr *addr,
				   uint64_t time_ns, bool *ambiguous)
{
	struct addrs_answer answer = addrs_find(&p->addrs, addr, time_ns);
	const struct pod *pod = by_id(p, answer.pod);

	*ambiguous = answer.ambiguous;
	if (!answer.held && p->doubt_ended)
		return NULL;
	/* a living pod that gave the address up has nothing to do with it any more */
	return pod && (answer.held || pod->terminated) ? pod : NULL;
}

const struct pod *pods_by_addr(const struct pods *p, uint8_t family, const uint8_t *addr,
			       uint64_t time_ns, bool *ambiguous)
{
	struct owner_addr key = { .family = family };

	memcpy(key.addr, addr, family == 4 ? 4 : 16);
	return find_addr(p, &key, time_ns, ambiguous);
}

const struct pod *pods_by_owner(const struct pods *p, uint32_t owner, bool *ambiguous)
{
	*ambiguous = owner & 1;
	return by_id(p, owner >> 1);
}

static const struct pod *by_dev(const struct pods *p, const struct owner_dev *dev)
{
	return hash_get(&p->by_dev, dev);
}

const struct pod *pods_by_dev(const struct pods *p, uint32_t netns, uint32_t ifindex)
{
	struct owner_dev dev = { .netns = netns, .ifindex = ifindex };

	return netns && ifindex ? by_dev(p, &dev) : NULL;
}

bool pods_is_place(const struct pods *p, uint32_t netns)
{
	return hash_get(&p->places, &netns);
}

const struct container *pods_only_container(const struct pod *pod)
{
	const struct container *only = NULL;

	for (const struct container *c = pod->containers; c; c = c->next) {
		if (c->sandbox || (!c->live_cgroups && !pod->terminated))
			continue;
		if (!c->name || only)
			return NULL;
		only = c;
	}
	return only;
}

const struct container *pods_container(const struct pods *p, const char *id)
{
	const char *kept = intern_find(&p->texts, id, strlen(id));

	return kept ? hash_get(&p->containers, &kept) : NULL;
}

void pods_each_known_cgroup(const struct pods *p,
			    void (*fn)(uint64_t id, const struct pods_cgroup *cg, void *arg),
			    void *arg)
{
	const struct cgroup *c;
	struct pods_cgroup cg;
	uint32_t pos = 0;

	while ((c = hash_next(&p->by_cgroup, &pos)) && pods_by_cgroup(p, c->id, &cg))
		fn(c->id, &cg, arg);
}

struct pod *pods_next(const struct pods *p, uint32_t *pos)
{
	return hash_next(&p->by_id, pos);
}

uint32_t pods_generation(const struct pods *p)
{
	return p->generation;
}

uint32_t pods_owners_generation(const struct pods *p)
{
	return p->owners_generation;
}

static int tell_addrs(const struct pods *p, const struct pod *pod, pods_owner_fn fn, void *arg)
{
	struct pods_owner o;
	bool ambiguous;
	int err = 0;

	for (const struct addrs_claim *c = pod->claims; c && !err; c = c->next) {
		o = (struct pods_owner){ .addr = *addrs_claimed(c) };
		o.family = o.addr.family;
		/* told once, by the pod that would be found */
		if (find_addr(p, &o.addr, 0, &ambiguous) != pod)
			continue;
		o.id = pod->id << 1 | ambiguous;
		/* a shared link-layer address is the parent's (ipvlan): it says nothing */
		if (o.family == ADDRS_FAMILY_MAC && (ambiguous || pod->terminated))
			continue;
		if (pod->terminated)
			o.id |= OWNER_ENDED;
		if (o.family == ADDRS_FAMILY_MAC)
			memcpy(&o.mac, o.addr.addr, 6);
		err = fn(&o, arg);
	}
	return err;
}

int pods_each_owner(const struct pods *p, pods_owner_fn fn, void *arg)
{
	const struct pod *pod;
	struct pods_owner o;
	uint32_t pos = 0;
	int err = 0;

	while (!err && (pod = pods_next(p, &pos))) {
		for (uint32_t i = 0; i < pod->dev_count && !err; i++) {
			o = (struct pods_owner){ .dev = pod->devs[i], .id = pod->id << 1 };
			if (by_dev(p, &o.dev) == pod)
				err = fn(&o, arg);
		}
		if (!err)
			err = tell_addrs(p, pod, fn, arg);
	}
	return err;
}

size_t pods_text_bytes(const struct pods *p)
{
	return p->texts.bytes + p->old_texts.bytes;
}
