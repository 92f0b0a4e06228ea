/* SPDX-License-Identifier: GPL-2.0-only */
/* How a pod becomes known bit by bit from the moment its cgroup is made, without a walk of the tree. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute/watch_impl.h"
#include "drop.h"

#define FIRST_WAIT_NS (10 * WATCH_MS)

void watch_renew(struct watch *w, struct pod *pod)
{
	if (!pod->made_ns || pod->terminated)
		pod->made_ns = w->now_ns;
	pod->look_ns = w->now_ns;
	pod->wait_ns = FIRST_WAIT_NS;
	w->next_look_ns = w->now_ns;
	if (pod->made_ns > w->newest_ns)
		w->newest_ns = pod->made_ns;
}

bool watch_renew_homeless(struct watch *w)
{
	struct pod *pod;
	uint32_t pos = 0;
	bool any = false;

	while ((pod = pods_next(w->pods, &pos)))
		if (!pod->terminated && !pod->netns && !pod->host_network) {
			watch_renew(w, pod);
			any = true;
		}
	return any;
}

struct look {
	struct watch *w;
	struct pod *pod;
};

static void vote_for(uint64_t id, void *arg)
{
	const struct look *l = arg;
	int fd = cgroup_tree_dir(&l->w->tree, id);

	if (fd < 0)
		return;
	watch_vote(l->w, l->pod, fd, ".");
	close(fd);
}

static bool is_young(const struct watch *w, const struct pod *pod)
{
	return !pod->terminated && w->now_ns < pod->made_ns + WATCH_SETTLE_NS;
}

/* The pin is the sandbox's own namespace for sure; processes tell where there is none. */
static void look_at(struct watch *w, struct pod *pod)
{
	struct look l = { .w = w, .pod = pod };

	for (const struct container *c = pod->containers; c; c = c->next)
		watch_name_container(w, c);
	if (!watch_look_at_pin(w, pod))
		pods_each_cgroup(pod, vote_for, &l);
	pod->look_ns = 0;
	if (is_young(w, pod))
		pod->look_ns = w->now_ns + pod->wait_ns;
	pod->wait_ns *= 2;
}

/* A young pod's processes may all have been seen in the host's namespace, which they were about to leave. */
static bool any_homeless(const struct watch *w)
{
	struct pod *pod;
	uint32_t pos = 0;

	while ((pod = pods_next(w->pods, &pos)))
		if (is_young(w, pod) && !pod->netns && !(pod->host_network && pod->shares_netns))
			return true;
	return false;
}

void watch_look(struct watch *w)
{
	struct pod *pod;
	uint32_t pos = 0;

	if (w->now_ns < w->next_look_ns)
		return;
	w->next_look_ns = UINT64_MAX;
	while ((pod = pods_next(w->pods, &pos))) {
		if (pod->look_ns && !pod->terminated && w->now_ns >= pod->look_ns)
			look_at(w, pod);
		if (pod->look_ns && !pod->terminated && pod->look_ns < w->next_look_ns)
			w->next_look_ns = pod->look_ns;
	}
	watch_count_votes(w);
	pods_doubt_ended(w->pods, any_homeless(w));
}

void watch_add_cgroup(struct watch *w, uint64_t id, const char *path)
{
	struct cgroup_path parsed;
	struct pods_cgroup cg;
	struct pod *pod;

	cgroup_path_parse(&parsed, path, strlen(path));
	pod = parsed.uid[0] ? pods_by_uid(w->pods, parsed.uid) : NULL;
	if (pod && pod->terminated)
		pod->made_ns = 0;
	if (pods_add_cgroup(w->pods, id, &parsed) || !pods_by_cgroup(w->pods, id, &cg))
		return;
	if (cg.container)
		watch_name_container(w, cg.container);
	pods_by_cgroup(w->pods, id, &cg);
	pod = cg.pod ? pods_by_uid(w->pods, cg.pod->uid) : NULL;
	if (!pod)
		return;
	watch_renew(w, pod);
	w->names_due |= !pod->name;
	if (!pod->netns)
		pods_doubt_ended(w->pods, true);
}

void watch_cgroup_event(struct watch *w, const struct cgroup_event *ev)
{
	char whole[CGROUP_TREE_PATH];
	size_t len = strnlen(ev->path, sizeof(ev->path));

	watch_now(w);
	if (ev->change == CGROUP_GONE)
		pods_end_cgroup(w->pods, ev->id, ev->time_ns);
	else if (len < sizeof(ev->path) - 1)
		watch_add_cgroup(w, ev->id, ev->path);
	else if (!cgroup_tree_path(&w->tree, ev->id, whole, sizeof(whole)))
		/* the path was cut: the tree knows it whole, if it is still there */
		watch_add_cgroup(w, ev->id, whole);
}

static bool is_incomplete(const struct watch *w, const struct owner *o)
{
	const struct pod *pod = pods_by_uid(w->pods, o->uid);

	return pod && is_young(w, pod) &&
	       (!o->pod || (o->container_id && !o->container) ||
		(!pod->labels && watch_cri_hopes(w)));
}

bool watch_expects(const struct watch *w, const struct verdict *v)
{
	const struct owner *o = &v->victim;

	if (w->now_ns >= w->newest_ns + WATCH_SETTLE_NS)
		return false;
	if (o->uid)
		return is_incomplete(w, o);
	/* a forwarded packet has what the kernel knew then; in the pod's own namespace, that will tell */
	if (!o->netns || o->netns == w->host_netns)
		return false;
	return any_homeless(w);
}
