/* SPDX-License-Identifier: GPL-2.0-only */
/* The cgroup2 file system: where it is mounted, what is in it, and which path an id has. */
#ifndef ATTRIBUTE_CGROUP_TREE_H
#define ATTRIBUTE_CGROUP_TREE_H

#include <stdint.h>

#define CGROUP_TREE_PATH 4096

struct cgroup_tree {
	int fd;			     /* its root directory, -1: not mounted */
	char path[CGROUP_TREE_PATH]; /* as this process sees it, without a closing slash */
};

/*
 * Find the mount below the directory root_fd by `mountinfo` (a path relative to it). Hybrid layouts
 * have it at /sys/fs/cgroup/unified. 0, -ENOENT when it is not mounted, or -errno.
 */
int cgroup_tree_open(struct cgroup_tree *t, int root_fd, const char *mountinfo);
void cgroup_tree_close(struct cgroup_tree *t);

/* One directory: its id (the inode), path from the root ("/..."), and parent and name to open it. */
struct cgroup_dir {
	uint64_t id;
	const char *path;
	int parent;
	const char *name;
};

/* Returns 0 to go on; anything else ends the walk and is returned by it. */
typedef int (*cgroup_tree_fn)(const struct cgroup_dir *dir, void *arg);

/* Call fn for the root and all below, parents first; depth and number are bounded. 0 or -errno. */
int cgroup_tree_walk(const struct cgroup_tree *t, cgroup_tree_fn fn, void *arg);

/* The directory of an id, opened. -ESTALE if it was removed, other -errno if it cannot be asked. */
int cgroup_tree_dir(const struct cgroup_tree *t, uint64_t id);
/* The path of an id, from the root. -ESTALE if it was removed, other -errno if it cannot be asked. */
int cgroup_tree_path(const struct cgroup_tree *t, uint64_t id, char *path, uint32_t size);

#endif
