/* SPDX-License-Identifier: GPL-2.0-only */
/* How kubelet and the runtimes name what the cgroup tree knows by number only. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute/oci.h"
#include "attribute/watch_impl.h"

#define POD_LOGS "var/log/pods"

/* Keys of misses must not meet those of cgroups and namespaces. */
#define MISS_CONTAINER (3ULL << 62)
#define MISS_POD       (2ULL << 62)

/*
 * "<namespace>_<name>_<uid>" (kubelet, BuildPodLogsDirectory). Neither of the first two can hold an
 * underscore.
 */
static void name_pod(struct watch *w, char *dir)
{
	char *name = strchr(dir, '_'), *uid = strrchr(dir, '_');
	struct pod *pod;

	if (!name || name == uid)
		return;
	*name++ = 0;
	*uid++ = 0;
	if (!oci_is_name(dir) || !oci_is_name(name))
		return;
	pod = pods_by_uid(w->pods, uid);
	if (pod)
		pods_set_name(w->pods, pod, dir, name);
}

void watch_log_dir(struct watch *w, const char *name)
{
	char copy[NAME_MAX + 1];

	if (strlen(name) >= sizeof(copy))
		return;
	strcpy(copy, name);
	name_pod(w, copy);
}

static void read_pod_logs(struct watch *w)
{
	int fd = openat(w->root_fd, POD_LOGS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((e = readdir(dir)))
		name_pod(w, e->d_name);
	closedir(dir);
}

static bool is_unnamed(const struct pod *pod)
{
	return !pod->name && !pod->terminated;
}

static bool any_unnamed(const struct watch *w)
{
	const struct pod *pod;
	uint32_t pos = 0;

	while ((pod = pods_next(w->pods, &pos)))
		if (is_unnamed(pod))
			return true;
	return false;
}

static void take_oci(struct watch *w, const struct container *c, const struct oci *oci)
{
	struct pod *pod = c->pod;

	if (!pod && strlen(oci->uid) >= 32 && oci->pod[0]) {
		if (pods_add(w->pods, oci->uid, &pod))
			return;
		pods_adopt(w->pods, pod, c->id);
	}
	if (pod && !pod->name && oci->ns[0] && oci->pod[0])
		pods_set_name(w->pods, pod, oci->ns, oci->pod);
	if (pod && oci->sandbox && oci->shares_netns)
		pod->shares_netns = true;
	if (oci->sandbox || oci->container[0])
		pods_set_container(w->pods, c->id, oci->sandbox ? "POD" : oci->container,
				   oci->sandbox);
}

static uint64_t container_key(const struct container *c)
{
	char head[17];

	memcpy(head, c->id, 16);
	head[16] = 0;
	return strtoull(head, NULL, 16) | MISS_CONTAINER;
}

void watch_name_container(struct watch *w, const struct container *c)
{
	uint64_t key = container_key(c);
	struct oci oci;

	if (c->name || !watch_may_look(w, key))
		return;
	if (oci_read(&oci, w->root_fd, c->id) || (!oci.sandbox && !oci.container[0]))
		watch_missed(w, key);
	else
		take_oci(w, c, &oci);
}

/* Where the log directory is elsewhere or late, the runtime may know the pod. */
static void ask_runtime(struct watch *w, const struct pod *pod)
{
	uint64_t key = pod->id | MISS_POD;
	struct oci oci;

	if (!watch_may_look(w, key))
		return;
	for (const struct container *c = pod->containers; c && !pod->name; c = c->next)
		if (!oci_read(&oci, w->root_fd, c->id))
			take_oci(w, c, &oci);
	if (!pod->name)
		watch_missed(w, key);
}

void watch_name_pods(struct watch *w)
{
	const struct pod *pod;
	uint32_t pos = 0;

	w->names_due = false;
	if (!any_unnamed(w))
		return;
	read_pod_logs(w);
	while ((pod = pods_next(w->pods, &pos)))
		if (is_unnamed(pod))
			ask_runtime(w, pod);
}

/* Only names that pins have: a path in proc would be some process's, not the pod's for sure. */
static const char *pin(const char *path)
{
	static const char *const dirs[] = { "/var/run/netns/", "/run/netns/",
					    "/var/run/docker/netns/", "/run/docker/netns/" };

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (!strncmp(path, dirs[i], strlen(dirs[i])) && !strstr(path, ".."))
			return path + (strncmp(path, "/var/", 5) ? 1 : 5);
	return NULL;
}

int watch_open_noted_netns(struct watch *w, const struct pod *pod)
{
	const char *path;
	struct oci oci;
	int fd;

	for (const struct container *c = pod->containers; c; c = c->next) {
		if (oci_read(&oci, w->root_fd, c->id))
			continue;
		path = pin(oci.netns);
		fd = path ? openat(w->root_fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
		if (fd >= 0)
			return fd;
	}
	return -ENOENT;
}
