/* SPDX-License-Identifier: GPL-2.0-only */
/* How the node is looked over: cgroups, then names, then each pod's network. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attribute/watch_impl.h"
#include "base/log.h"

/* A new pod's processes, devices and addresses come one after the other in this time. */
#define SETTLE_NS (10 * 1000000000ULL)

#define NETNS_DIR "run/netns"

void watch_dir(struct watch *w, int dir_fd, const char *name)
{
	char path[320];

	if (w->inotify_fd < 0)
		return;
	if ((size_t)snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir_fd, name) <
	    sizeof(path))
		inotify_add_watch(w->inotify_fd, path,
				  IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_ONLYDIR);
}

int watch_add_cgroup(struct watch *w, uint64_t id, const char *path)
{
	struct cgroup_path parsed;

	cgroup_path_parse(&parsed, path, strlen(path));
	return pods_add_cgroup(w->pods, id, &parsed);
}

static bool needs_look(struct watch *w, struct pod *pod)
{
	if (!pod->settled_ns)
		pod->settled_ns = w->now_ns + (w->scanned_ns ? SETTLE_NS : 0);
	if (pod->settled_ns > w->unsettled_ns)
		w->unsettled_ns = pod->settled_ns;
	return w->full || w->now_ns < pod->settled_ns || (!pod->netns && !pod->host_network);
}

static struct vote *take_vote(struct watch *w, struct pod *pod, uint32_t inum)
{
	struct vote *grown, *v;
	uint32_t size;

	/* a pod's directories follow each other */
	for (uint32_t i = w->vote_count; i && w->votes[i - 1].pod == pod; i--)
		if (w->votes[i - 1].inum == inum)
			return &w->votes[i - 1];
	if (w->vote_count == w->vote_size) {
		size = w->vote_size ? w->vote_size * 2 : 64;
		grown = realloc(w->votes, size * sizeof(*grown));
		if (!grown)
			return NULL;
		w->votes = grown;
		w->vote_size = size;
	}
	v = &w->votes[w->vote_count++];
	*v = (struct vote){ .pod = pod, .inum = inum };
	return v;
}

/* The first process of a cgroup: the container's own, others join later. */
static pid_t first_pid(int parent, const char *name)
{
	char path[320], text[32];
	ssize_t len = -1;
	int fd;

	if ((size_t)snprintf(path, sizeof(path), "%s/cgroup.procs", name) >= sizeof(path))
		return 0;
	fd = openat(parent, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len <= 0)
		return 0;
	text[len] = 0;
	return (pid_t)strtol(text, NULL, 10);
}

static void vote(struct watch *w, struct pod *pod, pid_t pid)
{
	struct stat st;
	struct vote *v;
	char path[64];

	snprintf(path, sizeof(path), "%d/ns/net", pid);
	if (pid <= 0 || fstatat(w->proc_fd, path, &st, 0))
		return;
	v = take_vote(w, pod, (uint32_t)st.st_ino);
	if (!v)
		return;
	if (!v->count++ || pid < v->pid)
		v->pid = pid;
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
		if (parsed.holds_pods || !dir->path[1])
			watch_dir(w, dir->parent, dir->name);
	}
	if (!w->host_netns || !pods_by_cgroup(w->pods, dir->id, &cg) || !cg.pod)
		return 0;
	pod = pods_by_uid(w->pods, cg.pod->uid);
	if (pod && needs_look(w, pod))
		vote(w, pod, first_pid(dir->parent, dir->name));
	return 0;
}

/* The namespaces with a name, and where the other ends of veths may be. */
static void see_netns(struct watch *w, int dir_fd, const char *name)
{
	struct podnet_places *p = &w->places;
	int fd = openat(dir_fd, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	uint32_t inum;

	if (fd < 0)
		return;
	/* while it is made it is a plain file still */
	if (fstat(fd, &st) || st.st_dev != w->nsfs) {
		close(fd);
		return;
	}
	inum = (uint32_t)st.st_ino;
	pods_set_netns_name(w->pods, inum, podnet_cookie(fd, w->self_netns_fd), name);
	/* pins of the container network interface are pods' own */
	if (p->count == PODNET_PLACES || !strncmp(name, "cni-", 4)) {
		close(fd);
		return;
	}
	p->fd[p->count] = fd;
	p->inum[p->count++] = inum;
}

static void see_names(struct watch *w)
{
	int fd = openat(w->root_fd, NETNS_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	watch_dir(w, fd, ".");
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.')
			see_netns(w, fd, e->d_name);
	closedir(dir);
}

/* The host's own stays open. */
static void close_places(struct watch *w)
{
	while (w->places.count > 1)
		close(w->places.fd[--w->places.count]);
}

static void tell_net(struct watch *w, struct pod *pod, uint32_t inum, const struct podnet *n)
{
	if (pods_set_netns(w->pods, pod, inum, n->cookie) || pod->netns != inum)
		return;
	pods_set_addrs(w->pods, pod, n->addr, n->addr_count, w->now_ns);
	pods_set_devs(w->pods, pod, n->dev, n->dev_count);
}

/* Through the namespace of a process, which may have ended or moved since it was seen. */
static void look_at_process(struct watch *w, const struct vote *v)
{
	struct podnet n;
	char path[64];
	struct stat st;
	int pid_fd, fd, err = -ENOENT;

	snprintf(path, sizeof(path), "%d", v->pid);
	pid_fd = openat(w->proc_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (pid_fd < 0)
		return;
	fd = openat(pid_fd, "ns/net", O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &st) && st.st_ino == v->inum) {
		err = podnet_ask(&n, fd, w->self_netns_fd, &w->places);
		if (err) {
			podnet_read(&n, pid_fd);
			err = 0;
		}
	}
	if (!err)
		tell_net(w, v->pod, v->inum, &n);
	if (fd >= 0)
		close(fd);
	close(pid_fd);
}

static void look_at_pod(struct watch *w, const struct vote *v)
{
	if (v->inum != w->host_netns) {
		look_at_process(w, v);
		return;
	}
	pods_set_netns(w->pods, v->pod, 0, 0);
	pods_set_addrs(w->pods, v->pod, NULL, 0, w->now_ns);
	pods_set_devs(w->pods, v->pod, NULL, 0);
}

/* Most containers of a pod agree; some join other namespaces for their work (network agents). */
static void count_votes(struct watch *w)
{
	const struct vote *best;
	uint32_t i = 0;

	while (i < w->vote_count) {
		best = &w->votes[i++];
		for (; i < w->vote_count && w->votes[i].pod == best->pod; i++)
			if (w->votes[i].count > best->count ||
			    (w->votes[i].count == best->count && w->votes[i].pid < best->pid))
				best = &w->votes[i];
		look_at_pod(w, best);
	}
	w->vote_count = 0;
}

/* Pods without a process yet, or any more: the pin the runtime made. */
static void look_at_pins(struct watch *w)
{
	struct podnet n;
	struct stat st;
	struct pod *pod;
	uint32_t pos = 0;
	int fd;

	while ((pod = pods_next(w->pods, &pos))) {
		if (pod->terminated || pod->netns || pod->host_network)
			continue;
		fd = watch_open_noted_netns(w, pod);
		if (fd < 0)
			continue;
		if (!fstat(fd, &st) && st.st_dev == w->nsfs && st.st_ino != w->host_netns) {
			if (podnet_ask(&n, fd, w->self_netns_fd, &w->places))
				memset(&n, 0, sizeof(n));
			tell_net(w, pod, (uint32_t)st.st_ino, &n);
		}
		close(fd);
	}
}

void watch_scan(struct watch *w, bool full)
{
	int err;

	w->full = full;
	w->dirty_ns = 0;
	w->unsettled_ns = 0;
	pods_scan_begin(w->pods);
	err = cgroup_tree_walk(&w->tree, see_cgroup, w);
	w->places.fd[0] = w->host_fd;
	w->places.inum[0] = w->host_netns;
	w->places.count = w->host_fd >= 0;
	see_names(w);
	/* what ended gives up its namespace before others claim it */
	if (!err)
		err = pods_scan_end(w->pods, w->now_ns);
	if (err)
		log_debug("looking over the node's pods: %s", strerror(-err));
	watch_name_pods(w);
	count_votes(w);
	if (w->host_netns)
		look_at_pins(w);
	close_places(w);
	w->scanned_ns = w->now_ns;
	if (full)
		w->full_scan_ns = w->now_ns;
}
