/* SPDX-License-Identifier: GPL-2.0-only */
/* Which evidence of an owner outweighs which. */
#include <string.h>

#include "attribute/attribute.h"
#include "attribute/pods.h"

/* The root of the cgroup2 tree: sockets made in interrupts or before their process was moved. */
#define CGROUP_ROOT 1

const char *how_name(enum how how)
{
	static const char *const names[] = {
		[HOW_NONE] = "none",	 [HOW_SK_CGROUP] = "sk-cgroup", [HOW_NETNS] = "netns",
		[HOW_VETH] = "veth",	 [HOW_MAC] = "mac-src",		[HOW_IP_SRC] = "ip-src",
		[HOW_IP_DST] = "ip-dst", [HOW_HOST] = "host",
	};

	return names[how];
}

static void set_container(struct owner *out, const struct container *c)
{
	if (!c)
		return;
	out->container = c->name;
	out->container_id = c->id;
}

static void set_pod(struct owner *out, const struct pod *pod, enum how how)
{
	out->uid = pod->uid;
	out->ns = pod->ns;
	out->pod = pod->name;
	out->labels = pod->labels;
	out->how = how;
	if (pod->terminated) {
		out->flags |= OWNER_TERMINATED;
		out->terminated_ns = pod->terminated_ns;
	}
	if (pod->host_network)
		out->flags |= OWNER_HOST_NETWORK;
}

/* Pod by namespace: no evidence of a container unless there is only one. */
static void set_pod_by_netns(struct owner *out, const struct pod *pod)
{
	set_pod(out, pod, HOW_NETNS);
	set_container(out, pods_only_container(pod));
}

static bool find_cgroup(const struct pods *pods, const struct loss_key *key,
			struct pods_cgroup *out)
{
	*out = (struct pods_cgroup){ 0 };
	return key->cgroup > CGROUP_ROOT && pods_by_cgroup(pods, key->cgroup, out);
}

/*
 * The socket's cgroup is that of the task that made it (cgroup_sk_alloc), which may have handed it
 * on; its namespace is where it works. So a pod's namespace wins over another one's cgroup, but not
 * the host's: there only the cgroup tells pods apart.
 */
static bool own_by_socket(struct owner *out, const struct loss_key *key, const struct host *h,
			  const struct pods_cgroup *cg)
{
	const struct pod *home = pods_by_netns(h->pods, key->sk_netns, key->netns_cookie);

	if (home && home != cg->pod) {
		set_pod_by_netns(out, home);
		if (cg->pod || cg->container || cg->unit)
			out->flags |= OWNER_CGROUP_MISMATCH;
		out->unit = cg->unit;
		return true;
	}
	if (!cg->pod && !cg->container)
		return false;
	if (cg->pod)
		set_pod(out, cg->pod, HOW_SK_CGROUP);
	out->how = HOW_SK_CGROUP;
	set_container(out, cg->container);
	out->unit = cg->unit;
	return true;
}

static bool own_by_place(struct owner *out, const struct loss_key *key, const struct host *h)
{
	bool same = !key->sk_netns || key->sk_netns == key->netns;
	const struct pod *pod = pods_by_netns(h->pods, key->netns, same ? key->netns_cookie : 0);

	if (!pod)
		return false;
	set_pod_by_netns(out, pod);
	return true;
}

/*
 * What the kernel program found in the owner maps for a packet without a socket. A device is one pod's
 * only, but in a namespace nobody knows addresses may be anybody's: they mean something only where the
 * pods' traffic is known to pass.
 */
static bool own_by_maps(struct owner *out, const struct loss_key *key, const struct host *h)
{
	static const enum how hows[] = {
		[OWNER_BY_IIF] = HOW_VETH,   [OWNER_BY_DEV] = HOW_VETH,	  [OWNER_BY_MAC] = HOW_MAC,
		[OWNER_BY_SRC] = HOW_IP_SRC, [OWNER_BY_DST] = HOW_IP_DST,
	};
	uint32_t by = OWNER_HOW(key->owner);
	const struct pod *pod;
	bool ambiguous;

	if (by < OWNER_BY_IIF || by > OWNER_BY_DST)
		return false;
	if (by > OWNER_BY_DEV && key->netns && key->netns != h->netns &&
	    !pods_is_place(h->pods, key->netns))
		return false;
	pod = pods_by_owner(h->pods, OWNER_ID(key->owner), &ambiguous);
	if (!pod)
		return false;
	set_pod(out, pod, hows[by]);
	if (ambiguous)
		out->flags |= OWNER_AMBIGUOUS;
	return true;
}

void attribute_victim(struct owner *out, const struct loss_key *key, const struct host *h)
{
	uint32_t netns = key->sk_netns ? key->sk_netns : key->netns;
	struct pods_cgroup cg;

	find_cgroup(h->pods, key, &cg);
	*out = (struct owner){ .netns = netns };
	if (key->sk_netns && own_by_socket(out, key, h, &cg))
		return;
	if (own_by_place(out, key, h)) {
		out->netns = key->netns;
		return;
	}
	if (own_by_maps(out, key, h))
		return;
	out->netns_name = pods_netns_name(h->pods, netns, key->netns_cookie);
	out->unit = cg.unit;
	if (netns && netns == h->netns)
		out->how = HOW_HOST;
	else if (cg.unit)
		out->how = HOW_SK_CGROUP;
}

/* Texts are kept once: the same uid has the same address. */
static bool is_victim(const struct pod *pod, const struct drop *d)
{
	return pod && pod->uid == d->verdict->victim.uid;
}

/*
 * A bridge with br_netfilter shows where the packet came in and where it was going: the devices of both
 * ends. On a routed path one of them is the pods' own at most.
 */
static bool own_by_dev(struct owner *out, const struct drop *d, const struct host *h)
{
	const struct loss_key *key = &d->ev->key;
	uint32_t ifindex;
	const struct pod *pod;

	if (OWNER_HOW(key->owner) == OWNER_BY_IIF)
		ifindex = key->ifindex;
	else if (OWNER_HOW(key->owner) == OWNER_BY_DEV)
		ifindex = d->ev->iif;
	else
		return false;
	pod = pods_by_dev(h->pods, key->netns, ifindex);
	if (!pod || is_victim(pod, d))
		return false;
	set_pod(out, pod, HOW_VETH);
	return true;
}

/* An end of a flow that is a pod of this node. */
struct end {
	const struct pod *pod;
	bool ambiguous;
	enum how how;
};

static struct end find_end(const struct flow *f, const struct drop *d, const struct host *h,
			   enum how how)
{
	struct end end = { .how = how };

	if (f->family)
		end.pod = pods_by_addr(h->pods, f->family, how == HOW_IP_SRC ? f->src : f->dst,
				       d->ev->time_ns, &end.ambiguous);
	return end;
}

/* Which end the evidence for the victim speaks of, where its address does not say. */
static enum how victim_end(const struct drop *d)
{
	const struct loss_key *key = &d->ev->key;

	if (key->facts & FACT_SK_RX)
		return HOW_IP_DST;
	if (key->facts & FACT_SK_TX)
		return HOW_IP_SRC;
	switch (OWNER_HOW(key->owner)) {
	case OWNER_BY_IIF:
	case OWNER_BY_MAC:
	case OWNER_BY_SRC:
		return HOW_IP_SRC;
	case OWNER_BY_DEV:
	case OWNER_BY_DST:
		return HOW_IP_DST;
	}
	return HOW_NONE;
}

/* The end that is not the victim's; NULL if nothing says which that is. */
static const struct end *other_end(const struct end *src, const struct end *dst,
				   const struct drop *d)
{
	bool is_src = is_victim(src->pod, d), is_dst = is_victim(dst->pod, d);
	enum how end;

	if (is_src != is_dst)
		return is_src ? dst : src;
	/* one pod is both ends, or translated addresses hide the victim */
	end = victim_end(d);
	if (end == HOW_IP_DST)
		return src;
	if (end == HOW_IP_SRC)
		return dst;
	if (!src->pod || !dst->pod)
		return src->pod ? src : dst;
	return NULL;
}

static bool own_by_flow(struct owner *out, const struct flow *f, const struct drop *d,
			const struct host *h)
{
	struct end src = find_end(f, d, h, HOW_IP_SRC);
	struct end dst = find_end(f, d, h, HOW_IP_DST);
	const struct end *end = other_end(&src, &dst, d);

	if (!end || !end->pod)
		return false;
	set_pod(out, end->pod, end->how);
	if (end->ambiguous)
		out->flags |= OWNER_AMBIGUOUS;
	return true;
}

void attribute_peer(struct owner *out, const struct drop *d, const struct host *h)
{
	*out = (struct owner){ 0 };
	if (own_by_dev(out, d, h))
		return;
	if (!own_by_flow(out, &d->pkt.outer, d, h) && d->pkt.tunnel != TUNNEL_NONE)
		own_by_flow(out, &d->pkt.inner, d, h);
}
