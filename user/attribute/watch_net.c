/* SPDX-License-Identifier: GPL-2.0-only */
/* Which network namespace a pod lives in, by its processes or the runtime's pin, and what is in it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attribute/watch_impl.h"

#define NETNS_DIR "run/netns"

/* A container's first process is still in the host's namespace when the runtime moves it into the cgroup
 * (runc, process_linux.go: apply before the bootstrap data are sent): give it time before that counts. */
#define HOST_DOUBT_NS (500 * WATCH_MS)

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

void watch_vote(struct watch *w, struct pod *pod, int parent_fd, const char *name)
{
	pid_t pid = first_pid(parent_fd, name);
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

/* Where the other ends of veths may be. The host's own stays open; most are there. */
static void add_place(struct watch *w, int fd, uint32_t inum)
{
	struct podnet_places *p = &w->places;

	p->fd[p->count] = fd;
	p->inum[p->count++] = inum;
}

static void open_host(struct watch *w)
{
	w->places.count = 0;
	w->places.host_sock = w->host_sock;
	if (w->host_fd >= 0)
		add_place(w, w->host_fd, w->host_netns);
}

static void close_places(struct watch *w)
{
	while (w->places.count > 1)
		close(w->places.fd[--w->places.count]);
}

/* Calls fn with each entry of run/netns, which takes the open namespace over. */
static void each_name(struct watch *w, void (*fn)(struct watch *, int fd, uint32_t, const char *))
{
	int dir_fd = openat(w->root_fd, NETNS_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;
	DIR *dir = dir_fd >= 0 ? fdopendir(dir_fd) : NULL;
	struct dirent *e;
	struct stat st;

	if (!dir) {
		if (dir_fd >= 0)
			close(dir_fd);
		return;
	}
	if (w->netns_wd < 0)
		w->netns_wd = watch_dir(w, dir_fd, ".");
	while ((e = readdir(dir))) {
		fd = e->d_name[0] == '.'
			     ? -1
			     : openat(dir_fd, e->d_name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0)
			continue;
		/* while it is made it is a plain file still */
		if (fstat(fd, &st) || st.st_dev != w->nsfs)
			close(fd);
		else
			fn(w, fd, (uint32_t)st.st_ino, e->d_name);
	}
	closedir(dir);
}

static void see_place(struct watch *w, int fd, uint32_t inum, const char *name)
{
	/* pins of the container network interface are pods' own */
	if (w->places.count == PODNET_PLACES || !strncmp(name, "cni-", 4) ||
	    pods_by_netns(w->pods, inum, 0))
		close(fd);
	else
		add_place(w, fd, inum);
}

/* A name is dropped when its file goes, so one that is known is the same namespace's still. */
static void see_name(struct watch *w, int fd, uint32_t inum, const char *name)
{
	const char *known = pods_netns_name(w->pods, inum, 0);
	uint64_t cookie = 0;

	if (!w->told || !known || strcmp(known, name) != 0)
		cookie = podnet_cookie(fd, w->self_netns_fd);
	pods_set_netns_name(w->pods, inum, cookie, name);
	close(fd);
}

void watch_see_netns_names(struct watch *w)
{
	each_name(w, see_name);
}

/* Host first; a veth that ends elsewhere is looked for in the namespaces that have a name. */
static int ask(struct watch *w, struct podnet *n, int fd)
{
	int err;

	open_host(w);
	err = podnet_ask(n, fd, w->self_netns_fd, &w->places);
	if (err || !n->strays)
		return err;
	each_name(w, see_place);
	if (w->places.count > 1)
		err = podnet_ask(n, fd, w->self_netns_fd, &w->places);
	close_places(w);
	return err;
}

static void tell_net(struct watch *w, struct pod *pod, uint32_t inum, const struct podnet *n)
{
	if (pods_set_netns(w->pods, pod, inum, n->cookie) || pod->netns != inum)
		return;
	pod->nsid = n->nsid;
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
		err = ask(w, &n, fd);
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
	if (v->pod->netns || (!v->pod->shares_netns && w->now_ns < v->pod->made_ns + HOST_DOUBT_NS))
		return;
	pods_set_netns(w->pods, v->pod, 0, 0);
	pods_set_addrs(w->pods, v->pod, NULL, 0, w->now_ns);
	pods_set_devs(w->pods, v->pod, NULL, 0);
}

/* Most containers of a pod agree; some join other namespaces for their work (network agents). */
void watch_count_votes(struct watch *w)
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

/* Pods without a process yet, or any more: the pin the runtime made. True if there is one. */
bool watch_look_at_pin(struct watch *w, struct pod *pod)
{
	int fd = w->host_netns ? watch_open_noted_netns(w, pod) : -1;
	struct podnet n;
	struct stat st;
	bool is_pin;

	if (fd < 0)
		return false;
	is_pin = !fstat(fd, &st) && st.st_dev == w->nsfs && st.st_ino != w->host_netns;
	if (is_pin) {
		if (ask(w, &n, fd))
			n = (struct podnet){ .nsid = -1 };
		tell_net(w, pod, (uint32_t)st.st_ino, &n);
	}
	close(fd);
	return is_pin;
}
