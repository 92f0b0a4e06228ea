/* SPDX-License-Identifier: GPL-2.0-only */
/* Which question the pod index answers how. */
#include <string.h>

#include "attribute/pods.h"
#include "attribute/who.h"

static void set_pod(struct owner *out, const struct pod *pod)
{
	out->uid = pod->uid;
	out->ns = pod->ns;
	out->pod = pod->name;
	out->labels = pod->labels;
	if (pod->terminated) {
		out->flags |= OWNER_TERMINATED;
		out->terminated_ns = pod->terminated_ns;
	}
}

static bool by_cgroup(struct owner *out, const struct pods *pods, uint64_t id)
{
	struct pods_cgroup cg = { 0 };

	if (!pods_by_cgroup(pods, id, &cg))
		return false;
	if (cg.pod)
		set_pod(out, cg.pod);
	if (cg.container) {
		out->container = cg.container->name;
		out->container_id = cg.container->id;
	}
	out->unit = cg.unit;
	return true;
}

static bool by_addr(struct owner *out, const struct pods *pods, const struct question *q,
		    uint64_t time_ns)
{
	bool ambiguous = false;
	const struct pod *pod = pods_by_addr(pods, q->family, q->addr, time_ns, &ambiguous);

	if (!pod)
		return false;
	set_pod(out, pod);
	if (ambiguous)
		out->flags |= OWNER_AMBIGUOUS;
	return true;
}

static bool by_netns(struct owner *out, const struct pods *pods, uint32_t netns)
{
	const struct pod *pod = pods_by_netns(pods, netns, 0);

	if (pod)
		set_pod(out, pod);
	out->netns_name = pods_netns_name(pods, netns, 0);
	return pod || out->netns_name;
}

bool who_is(struct owner *out, const struct host *h, const struct question *q, uint64_t time_ns)
{
	*out = (struct owner){ 0 };
	if (h->oracle)
		return h->oracle->answer(h->oracle, out, q, time_ns);
	if (!h->pods)
		return false;
	switch (q->kind) {
	case WHO_CGROUP:
		return by_cgroup(out, h->pods, q->id);
	case WHO_ADDR:
		return by_addr(out, h->pods, q, time_ns);
	case WHO_NETNS:
		return by_netns(out, h->pods, q->id);
	}
	return false;
}

bool who_has(struct owner *out, const struct host *h, uint8_t family, const uint8_t *addr,
	     uint64_t time_ns)
{
	struct question q = { .kind = WHO_ADDR, .family = family };

	memcpy(q.addr, addr, family == 4 ? 4 : 16);
	return who_is(out, h, &q, time_ns);
}
