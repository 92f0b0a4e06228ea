/* SPDX-License-Identifier: GPL-2.0-only */
/* When the node is looked over again, and what is looked up on the spot. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "attribute/watch_impl.h"
#include "base/clock.h"
#include "base/log.h"
#include "cri/call.h"

#define SCAN_PAUSE_NS	(200 * WATCH_MS)   /* between any two scans */
#define CHANGE_DELAY_NS (100 * WATCH_MS)   /* what was just made is seldom complete */
#define FULL_SCAN_NS	(30000 * WATCH_MS) /* between full scans where nobody tells of cgroups ... */
#define TOLD_SCAN_NS	(300000 * WATCH_MS) /* ... and where the kernel does */
#define NETNS_DELAY_NS	(200 * WATCH_MS)
#define UNSETTLED_NS	(1000 * WATCH_MS) /* between scans while pods are in the making */
#define EXPIRE_NS	(1000 * WATCH_MS)
#define MISS_NS		(50 * WATCH_MS)	   /* until what was not found is looked for again ... */
#define MISS_MAX_NS	(32000 * WATCH_MS) /* ... doubled each time up to this */

/* Keys of misses: see watch_names.c for those of pods and containers. */
#define MISS_NETNS (1ULL << 62)

void watch_now(struct watch *w)
{
	w->now_ns = now_ns();
}

static struct miss *miss_of(struct watch *w, uint64_t key)
{
	return &w->misses[(key * 0x9e3779b97f4a7c15ULL >> 32) & (WATCH_MISSES - 1)];
}

bool watch_may_look(struct watch *w, uint64_t key)
{
	const struct miss *m = miss_of(w, key);

	return m->key != key || w->now_ns >= m->until_ns;
}

void watch_missed(struct watch *w, uint64_t key)
{
	struct miss *m = miss_of(w, key);
	uint64_t wait = m->key == key ? m->wait_ns * 2 : MISS_NS;

	if (wait > MISS_MAX_NS)
		wait = MISS_MAX_NS;
	*m = (struct miss){ .key = key, .until_ns = w->now_ns + wait, .wait_ns = wait };
}

/*
 * That of pid 1; where that may not be looked at (a process with more capabilities than ours) our
 * own, unless we are told to look at another node's files.
 */
static void find_host_netns(struct watch *w, bool own)
{
	struct stat st;

	w->host_fd = openat(w->proc_fd, "1/ns/net", O_RDONLY | O_CLOEXEC);
	if (w->host_fd < 0 && own)
		w->host_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (w->host_fd < 0 || fstat(w->host_fd, &st)) {
		log_debug("the host's network namespace cannot be read: no pod is told by its own");
		return;
	}
	w->host_netns = (uint32_t)st.st_ino;
	w->nsfs = st.st_dev;
}

static void open_tree(struct watch *w, const char *root, bool own)
{
	/* elsewhere our own mounts are not the host's */
	int err = cgroup_tree_open(&w->tree, w->root_fd,
				   own ? "proc/self/mountinfo" : "proc/1/mountinfo");

	if (err)
		log_warn(err == -ENOENT ? 0 : err,
			 "no cgroup2 file system below %s: pods are told by namespace only; "
			 "mount one, for example at /sys/fs/cgroup/unified",
			 root);
}

static void wait_for(struct watch *w, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };

	if (fd >= 0)
		epoll_ctl(w->epoll_fd, EPOLL_CTL_ADD, fd, &ev);
}

int watch_new(struct watch **out, struct pods *pods, const char *root)
{
	struct watch *w = calloc(1, sizeof(*w));
	bool own = !strcmp(root, "/");
	int err;

	if (!w)
		return -ENOMEM;
	w->pods = pods;
	watch_now(w);
	w->tree.fd = w->proc_fd = w->host_fd = w->self_netns_fd = w->inotify_fd = -1;
	w->timer_fd = w->host_sock = w->link_fd = w->epoll_fd = w->netns_wd = -1;
	w->next_look_ns = UINT64_MAX;
	w->root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w->root_fd < 0) {
		err = log_err(-errno, "%s: not a directory to look for the host's files in", root);
		watch_free(w);
		return err;
	}
	w->proc_fd = openat(w->root_fd, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	w->self_netns_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	w->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	find_host_netns(w, own);
	open_tree(w, root, own);
	w->logs_wd = watch_dir(w, w->root_fd, "var/log/pods");
	watch_link_open(w);
	w->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	wait_for(w, w->inotify_fd);
	wait_for(w, w->link_fd);
	w->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	wait_for(w, w->timer_fd);
	watch_scan(w, true);
	*out = w;
	return 0;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void watch_free(struct watch *w)
{
	if (!w)
		return;
	cri_call_free(w->cri.call);
	cgroup_tree_close(&w->tree);
	close_fd(w->root_fd);
	close_fd(w->proc_fd);
	close_fd(w->host_fd);
	close_fd(w->self_netns_fd);
	close_fd(w->inotify_fd);
	close_fd(w->host_sock);
	close_fd(w->link_fd);
	close_fd(w->timer_fd);
	close_fd(w->epoll_fd);
	free(w->votes);
	free(w);
}

uint32_t watch_host_netns(const struct watch *w)
{
	return w->host_netns;
}

/* Scan unless that was done just now; then a tick will. */
static bool scan_now(struct watch *w)
{
	if (w->now_ns < w->scanned_ns + SCAN_PAUSE_NS) {
		if (!w->dirty_ns)
			w->dirty_ns = w->now_ns;
		return false;
	}
	watch_scan(w, false);
	return true;
}

static void name_containers(struct watch *w, const struct pod *pod)
{
	for (const struct container *c = pod ? pod->containers : NULL; c; c = c->next)
		watch_name_container(w, c);
}

/* The index may have learned of a pod here: what else there is to know of it is looked for at once. */
static int add_by_handle(struct watch *w, uint64_t id)
{
	char path[CGROUP_TREE_PATH];
	int err = cgroup_tree_path(&w->tree, id, path, sizeof(path));

	if (err)
		return err;
	watch_add_cgroup(w, id, path);
	watch_look(w);
	return 0;
}

int watch_cgroup(struct watch *w, uint64_t id)
{
	struct pods_cgroup cg;
	int err;

	if (!id)
		return 0;
	watch_now(w);
	if (!pods_by_cgroup(w->pods, id, &cg)) {
		if (!watch_may_look(w, id))
			return -ENOENT;
		err = add_by_handle(w, id);
		/* without the privilege for file handles the walk finds it */
		if (err && err != -ESTALE && !scan_now(w))
			return -EAGAIN;
		if (!pods_by_cgroup(w->pods, id, &cg)) {
			watch_missed(w, id);
			return -ENOENT;
		}
	}
	if (cg.container && !cg.container->name)
		watch_name_container(w, cg.container);
	if (cg.pod && !cg.pod->name)
		watch_name_pods(w);
	return 0;
}

/* A pod's, where all pods are known but some have no namespace yet; or one with a name. */
static bool find_netns(struct watch *w)
{
	if (!w->told)
		return scan_now(w);
	if (watch_renew_homeless(w))
		watch_look(w);
	if (w->netns_due_ns)
		watch_see_netns_names(w);
	return true;
}

int watch_netns(struct watch *w, uint32_t inum, uint64_t cookie)
{
	uint64_t key = (cookie ? cookie : inum) | MISS_NETNS;
	bool known;

	if (!inum || inum == w->host_netns)
		return 0;
	watch_now(w);
	known = pods_knows_netns(w->pods, inum, cookie);
	/* one that has a name may be that of a pod all the same */
	if (!pods_by_netns(w->pods, inum, cookie) && (!known || w->told)) {
		if (!watch_may_look(w, key))
			return known ? 0 : -ENOENT;
		if (!find_netns(w))
			return -EAGAIN;
		if (!pods_by_netns(w->pods, inum, cookie))
			watch_missed(w, key);
		if (!pods_knows_netns(w->pods, inum, cookie))
			return -ENOENT;
	}
	name_containers(w, pods_by_netns(w->pods, inum, cookie));
	return 0;
}

void watch_told(struct watch *w)
{
	watch_now(w);
	w->told = true;
	watch_scan(w, false);
}

void watch_cgroups_lost(struct watch *w)
{
	watch_now(w);
	w->dirty_ns = w->now_ns;
}

static void take_change(struct watch *w, const struct inotify_event *ev)
{
	bool lost = ev->mask & IN_Q_OVERFLOW;

	if (lost || (!w->told && ev->wd != w->logs_wd))
		w->dirty_ns = w->dirty_ns ? w->dirty_ns : w->now_ns;
	if (ev->wd == w->logs_wd && ev->len && ev->mask & (IN_CREATE | IN_MOVED_TO))
		watch_log_dir(w, ev->name);
	if (ev->wd != w->netns_wd)
		return;
	if (ev->len && ev->mask & IN_DELETE)
		pods_drop_netns_name(w->pods, ev->name);
	if (!w->netns_due_ns)
		w->netns_due_ns = w->now_ns;
}

static void read_changes(struct watch *w)
{
	char buf[4096] __attribute__((aligned(8)));
	const struct inotify_event *ev;
	ssize_t n;

	while ((n = read(w->inotify_fd, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + n; p += sizeof(*ev) + ev->len) {
			ev = (const void *)p;
			take_change(w, ev);
		}
}

int watch_fd(const struct watch *w)
{
	return w->epoll_fd;
}

void watch_read(struct watch *w)
{
	uint64_t expired;

	watch_now(w);
	if (w->inotify_fd >= 0)
		read_changes(w);
	if (w->link_fd >= 0)
		watch_link_read(w);
	if (read(w->timer_fd, &expired, sizeof(expired)) > 0)
		w->armed_ns = 0;
}

static void scan_if_due(struct watch *w)
{
	if (w->now_ns >= w->full_scan_ns + (w->told ? TOLD_SCAN_NS : FULL_SCAN_NS))
		watch_scan(w, true);
	else if (w->dirty_ns && w->now_ns >= w->scanned_ns + SCAN_PAUSE_NS &&
		 w->now_ns >= w->dirty_ns + CHANGE_DELAY_NS)
		watch_scan(w, false);
	else if (!w->told && w->newest_ns && w->now_ns < w->newest_ns + WATCH_SETTLE_NS &&
		 w->now_ns >= w->scanned_ns + UNSETTLED_NS)
		watch_scan(w, false);
}

/* A pod that was just made is looked at sooner than the caller's next tick. */
static void arm_timer(struct watch *w)
{
	struct itimerspec at = { 0 };

	if (w->armed_ns == w->next_look_ns)
		return;
	w->armed_ns = w->next_look_ns;
	if (w->next_look_ns != UINT64_MAX) {
		at.it_value.tv_sec = w->next_look_ns / 1000000000;
		at.it_value.tv_nsec = w->next_look_ns % 1000000000;
	}
	timerfd_settime(w->timer_fd, TFD_TIMER_ABSTIME, &at, NULL);
}

void watch_tick(struct watch *w)
{
	watch_read(w);
	scan_if_due(w);
	if (w->names_due)
		watch_name_pods(w);
	/* a namespace is mounted over its file a moment after that was made */
	if (w->told && w->netns_due_ns && w->now_ns >= w->netns_due_ns + NETNS_DELAY_NS) {
		w->netns_due_ns = 0;
		watch_see_netns_names(w);
	}
	watch_look(w);
	watch_cri_tick(w);
	arm_timer(w);
	if (w->now_ns < w->expired_ns + EXPIRE_NS)
		return;
	w->expired_ns = w->now_ns;
	pods_expire(w->pods, w->now_ns);
}
