/* SPDX-License-Identifier: GPL-2.0-only */
/* How the whole node is looked over: cgroups, then names, then each pod's network. */
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>

#include "attribute/watch_impl.h"
#include "base/log.h"

int watch_dir(struct watch *w, int dir_fd, const char *name)
{
	char path[320];

	if (w->inotify_fd < 0 || (size_t)snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir_fd,
						  name) >= sizeof(path))
		return -1;
	return inotify_add_watch(w->inotify_fd, path,
				 IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_ONLYDIR);
}

static bool needs_look(struct watch *w, struct pod *pod)
{
	if (!pod->made_ns && w->scanned_ns)
		watch_renew(w, pod);
	return w->full || w->now_ns < pod->made_ns + WATCH_SETTLE_NS ||
	       (!pod->netns && !pod->host_network);
}

static int see_cgroup(const struct cgroup_dir *dir, void *arg)
{
	struct watch *w = arg;
	struct cgroup_path parsed;
	struct pods_cgroup cg;
	struct pod *pod;
	int err;

	if (!pods_touch_cgroup(w->pods, dir->id)) {
		cgroup_path_parse(&parsed, dir->path, strlen(dir->path));
		err = pods_add_cgroup(w->pods, dir->id, &parsed);
		if (err)
			return err;
		if (!w->told && (parsed.holds_pods || !dir->path[1]))
			watch_dir(w, dir->parent, dir->name);
	}
	if (!w->host_netns || !pods_by_cgroup(w->pods, dir->id, &cg) || !cg.pod)
		return 0;
	pod = pods_by_uid(w->pods, cg.pod->uid);
	if (pod && needs_look(w, pod))
		watch_vote(w, pod, dir->parent, dir->name);
	return 0;
}

static void look_at_pins(struct watch *w)
{
	struct pod *pod;
	uint32_t pos = 0;

	while ((pod = pods_next(w->pods, &pos)))
		if (!pod->terminated && !pod->netns && !pod->host_network)
			watch_look_at_pin(w, pod);
}

void watch_scan(struct watch *w, bool full)
{
	int err;

	w->full = full;
	w->dirty_ns = 0;
	pods_scan_begin(w->pods);
	err = cgroup_tree_walk(&w->tree, see_cgroup, w);
	watch_see_netns_names(w);
	/* what ended gives up its namespace before others claim it */
	if (!err)
		err = pods_scan_end(w->pods, w->now_ns);
	if (err)
		log_debug("looking over the node's pods: %s", strerror(-err));
	watch_name_pods(w);
	watch_count_votes(w);
	look_at_pins(w);
	w->scanned_ns = w->now_ns;
	if (full)
		w->full_scan_ns = w->now_ns;
}
