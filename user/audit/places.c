/* SPDX-License-Identifier: GPL-2.0-only */
/* Where namespaces are pinned, and how one is told from a file that is none. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attribute/pods.h"
#include "audit/places.h"
#include "base/hash.h"
#include "host.h"

struct walk {
	const struct host *host;
	dev_t nsfs;	     /* where inodes of namespaces are */
	struct hash visited; /* by inode */
	uint32_t netns;	     /* this one alone; 0: all */
	bool wanted_only;    /* those of pods that were not visited yet */
	places_fn fn;
	void *arg;
};

/* Another namespace can get the number only when this one is gone. */
static bool is_wanted(const struct walk *w, uint32_t inum)
{
	const struct pod *pod;

	if (hash_get(&w->visited, &inum) || (w->netns && inum != w->netns))
		return false;
	if (!w->wanted_only || w->netns)
		return true;
	pod = pods_by_netns(w->host->pods, inum, 0);
	return pod && !pod->terminated;
}

static int visit(struct walk *w, int dir, const char *path, const char *name)
{
	struct stat st;
	uint32_t inum;
	int fd, err;

	/* a stat costs less than an open */
	if (fstatat(dir, path, &st, 0) || st.st_dev != w->nsfs)
		return 0;
	inum = (uint32_t)st.st_ino;
	if (!is_wanted(w, inum))
		return 0;
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (fstat(fd, &st) || st.st_ino != inum) {
		close(fd);
		return 0;
	}
	err = hash_put(&w->visited, &inum, w);
	if (!err)
		err = w->fn(w->arg, fd, inum, name);
	close(fd);
	return err;
}

static int visit_names(struct walk *w, const char *root, const char *dir)
{
	char path[PATH_MAX];
	struct dirent *e;
	int err = 0;
	DIR *d;

	snprintf(path, sizeof(path), "%s/%s", root, dir);
	d = opendir(path);
	if (!d)
		return 0;
	while (!err && (e = readdir(d)))
		if (e->d_name[0] != '.')
			err = visit(w, dirfd(d), e->d_name, e->d_name);
	closedir(d);
	return err;
}

static int visit_processes(struct walk *w, const char *root)
{
	char path[PATH_MAX];
	struct dirent *e;
	int err = 0;
	DIR *d;

	snprintf(path, sizeof(path), "%s/proc", root);
	d = opendir(path);
	if (!d)
		return 0;
	while (!err && (e = readdir(d))) {
		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "%s/ns/net", e->d_name);
		err = visit(w, dirfd(d), path, NULL);
	}
	closedir(d);
	return err;
}

/* Pid 1 may be closed to us even as root; kthreadd never left the initial namespace. */
static int visit_host(struct walk *w, const char *root)
{
	static const char *const who[] = { "self", "1", "2" };
	char path[PATH_MAX];
	struct stat st;

	for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++) {
		snprintf(path, sizeof(path), "%s/proc/%s/ns/net", i ? root : "", who[i]);
		if (!stat(path, &st) && st.st_ino == w->host->netns)
			return visit(w, AT_FDCWD, path, NULL);
	}
	return 0;
}

static bool is_any_left(const struct walk *w)
{
	const struct pod *pod;
	uint32_t pos = 0;

	if (w->netns)
		return is_wanted(w, w->netns);
	while ((pod = pods_next(w->host->pods, &pos)))
		if (pod->netns && is_wanted(w, pod->netns))
			return true;
	return false;
}

int places_each(const struct host *h, const char *root, uint32_t netns, bool processes,
		places_fn fn, void *arg)
{
	static const char *const dirs[] = { "run/netns", "run/docker/netns" };
	struct walk w = { .host = h, .netns = netns, .fn = fn, .arg = arg };
	struct stat st;
	int err;

	if (stat("/proc/self/ns/net", &st))
		return -errno;
	w.nsfs = st.st_dev;
	hash_init(&w.visited, sizeof(uint32_t));
	err = visit_host(&w, root);
	for (size_t i = 0; !err && i < sizeof(dirs) / sizeof(dirs[0]); i++)
		err = visit_names(&w, root, dirs[i]);
	w.wanted_only = true;
	if (!err && processes && is_any_left(&w))
		err = visit_processes(&w, root);
	hash_free(&w.visited);
	return err;
}
