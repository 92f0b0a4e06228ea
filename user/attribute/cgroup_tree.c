/* SPDX-License-Identifier: GPL-2.0-only */
/* How a cgroup id is a file handle, and how the tree is walked without reading what has no children. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "attribute/cgroup_tree.h"

#define MAX_DEPTH 32
#define MAX_DIRS  65536

/* FILEID_KERNFS of include/linux/exportfs.h: the handle is the 8 bytes of the id. */
#define FILEID_KERNFS 0xfe

static bool is_octal(const char *s)
{
	return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' && s[2] >= '0' &&
	       s[2] <= '7';
}

/* mountinfo writes space, tab, newline and backslash as \ooo (proc(5)). */
static void unescape(char *s)
{
	char *out = s;

	for (; *s; s++) {
		if (*s == '\\' && is_octal(s + 1)) {
			*out++ = (char)strtol((char[]){ s[1], s[2], s[3], 0 }, NULL, 8);
			s += 3;
		} else {
			*out++ = *s;
		}
	}
	*out = 0;
}

/* The mount point of a line if it is a cgroup2 mount that shows the whole tree. */
static char *mount_point(char *line)
{
	char *type = strstr(line, " - cgroup2 "), *root, *point;

	if (!type)
		return NULL;
	*type = 0;
	/* after id, parent and device */
	for (int i = 0; i < 3; i++)
		strsep(&line, " ");
	root = strsep(&line, " ");
	point = strsep(&line, " ");
	if (!root || !point || strcmp(root, "/"))
		return NULL;
	unescape(point);
	return point;
}

static int open_mount(struct cgroup_tree *t, int root_fd, const char *point)
{
	char link[64];
	ssize_t len;

	while (*point == '/')
		point++;
	t->fd = openat(root_fd, *point ? point : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->fd < 0)
		return -errno;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", t->fd);
	len = readlink(link, t->path, sizeof(t->path) - 1);
	t->path[len > 0 ? len : 0] = 0;
	return 0;
}

int cgroup_tree_open(struct cgroup_tree *t, int root_fd, const char *mountinfo)
{
	char *line = NULL, *point;
	size_t size = 0;
	int err = -ENOENT;
	int fd = openat(root_fd, mountinfo, O_RDONLY | O_CLOEXEC);
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;

	t->fd = -1;
	if (!f) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	while (err && getline(&line, &size, f) > 0) {
		point = mount_point(line);
		if (point)
			err = open_mount(t, root_fd, point);
	}
	free(line);
	fclose(f);
	return err;
}

void cgroup_tree_close(struct cgroup_tree *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}

struct walk {
	cgroup_tree_fn fn;
	void *arg;
	uint32_t left;
	char path[CGROUP_TREE_PATH];
};

static int walk_children(struct walk *w, int fd, size_t len, int depth);

static int visit(struct walk *w, int parent, const char *name, size_t len, int depth)
{
	struct cgroup_dir dir = { .path = w->path, .parent = parent, .name = name };
	size_t name_len = strlen(name);
	struct stat st;
	int err, fd;

	if (!w->left || len + name_len + 2 > sizeof(w->path) ||
	    fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISDIR(st.st_mode))
		return 0;
	w->left--;
	w->path[len] = '/';
	memcpy(w->path + len + 1, name, name_len + 1);
	dir.id = st.st_ino;
	err = w->fn(&dir, w->arg);
	/* links count the children (kernfs_refresh_inode): most directories have none */
	if (err || st.st_nlink == 2 || depth == MAX_DEPTH)
		return err;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? 0 : walk_children(w, fd, len + 1 + name_len, depth + 1);
}

/* Takes fd over. */
static int walk_children(struct walk *w, int fd, size_t len, int depth)
{
	DIR *dir = fdopendir(fd);
	struct dirent *e;
	int err = 0;

	if (!dir) {
		close(fd);
		return 0;
	}
	while (!err && (e = readdir(dir))) {
		if (e->d_type != DT_DIR && e->d_type != DT_UNKNOWN)
			continue;
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			err = visit(w, fd, e->d_name, len, depth);
	}
	closedir(dir);
	return err;
}

int cgroup_tree_walk(const struct cgroup_tree *t, cgroup_tree_fn fn, void *arg)
{
	struct walk w = { .fn = fn, .arg = arg, .left = MAX_DIRS };
	struct cgroup_dir root = { .path = "/", .parent = t->fd, .name = "." };
	struct stat st;
	int fd, err;

	if (t->fd < 0)
		return 0;
	if (fstat(t->fd, &st))
		return -errno;
	root.id = st.st_ino;
	err = fn(&root, arg);
	if (err)
		return err;
	fd = openat(t->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : walk_children(&w, fd, 0, 0);
}

static int open_id(const struct cgroup_tree *t, uint64_t id, int flags)
{
	union {
		struct file_handle handle;
		char bytes[sizeof(struct file_handle) + sizeof(id)];
	} h = { .handle = { .handle_bytes = sizeof(id), .handle_type = FILEID_KERNFS } };
	struct statfs fs;
	int fd;

	if (t->fd < 0)
		return -ENOENT;
	/* a copy of the tree in another file system has other handles */
	if (fstatfs(t->fd, &fs) || fs.f_type != CGROUP2_SUPER_MAGIC)
		return -EOPNOTSUPP;
	memcpy(h.bytes + sizeof(struct file_handle), &id, sizeof(id));
	fd = open_by_handle_at(t->fd, &h.handle, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int cgroup_tree_dir(const struct cgroup_tree *t, uint64_t id)
{
	return open_id(t, id, O_RDONLY | O_DIRECTORY);
}

int cgroup_tree_path(const struct cgroup_tree *t, uint64_t id, char *path, uint32_t size)
{
	char link[64], full[CGROUP_TREE_PATH + 64];
	size_t prefix = strlen(t->path);
	int fd = open_id(t, id, O_PATH);
	ssize_t len;

	if (fd < 0)
		return fd;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, full, sizeof(full) - 1);
	close(fd);
	if (len < 0)
		return -errno;
	full[len] = 0;
	if ((size_t)len < prefix || memcmp(full, t->path, prefix))
		return -EXDEV;
	snprintf(path, size, "%s", full[prefix] ? full + prefix : "/");
	return 0;
}
