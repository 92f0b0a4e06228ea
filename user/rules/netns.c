/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a network namespace of which only the inode is known can be opened: a name, or a process in it. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/fetch.h"

static int open_if(const char *path, uint32_t inum)
{
	struct stat st;
	int fd;

	if (stat(path, &st) || st.st_ino != inum)
		return -ENOENT;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Names of namespaces, or of processes which are in one. */
static int search(const char *dir, bool processes, uint32_t inum)
{
	DIR *d = opendir(dir);
	int fd = -ENOENT;
	char path[512];
	struct dirent *e;

	if (!d)
		return -errno;
	while (fd < 0 && (e = readdir(d))) {
		if (e->d_name[0] == '.' || (processes && !isdigit(e->d_name[0])))
			continue;
		if (snprintf(path, sizeof(path), "%s/%s%s", dir, e->d_name,
			     processes ? "/ns/net" : "") < (int)sizeof(path))
			fd = open_if(path, inum);
	}
	closedir(d);
	return fd;
}

int netns_open(const char *root, uint32_t inum)
{
	static const char *const names[] = { "run/netns", "var/run/netns", "run/docker/netns" };
	char dir[256];
	int fd = open_if("/proc/self/ns/net", inum);

	for (size_t i = 0; fd < 0 && i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(dir, sizeof(dir), "%s/%s", root, names[i]);
		fd = search(dir, false, inum);
	}
	if (fd < 0)
		fd = search("/proc", true, inum);
	return fd;
}
