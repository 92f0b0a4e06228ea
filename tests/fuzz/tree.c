/* SPDX-License-Identifier: GPL-2.0-only */
/* How files are the same one without being copied: links to a file in memory, by the descriptor of it. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

static void check(int err)
{
	if (err < 0) {
		perror("tree");
		exit(1);
	}
}

static void make_file(const struct tree *t, const char *path)
{
	char dir[256];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
		mkdirat(t->fd, dir, 0700);
	}
	check(symlinkat(t->input, t->fd, path));
}

static void name(char *path, size_t size)
{
	snprintf(path, size, "/dev/shm/whydrop-fuzz.%d", getpid());
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static void clean(void)
{
	char path[32];

	name(path, sizeof(path));
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void tree_make(struct tree *t, const char *const *paths)
{
	name(t->path, sizeof(t->path));
	check(mkdir(t->path, 0700));
	atexit(clean);
	t->fd = open(t->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	check(t->fd);
	t->input_fd = memfd_create("input", 0);
	check(t->input_fd);
	snprintf(t->input, sizeof(t->input), "/proc/self/fd/%d", t->input_fd);
	for (; *paths; paths++)
		make_file(t, *paths);
}

void tree_fill(const struct tree *t, const void *data, size_t size)
{
	check(ftruncate(t->input_fd, 0));
	check(pwrite(t->input_fd, data, size, 0) == (ssize_t)size ? 0 : -1);
}
