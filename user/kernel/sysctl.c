/* SPDX-License-Identifier: GPL-2.0-only */
/* Where each limit of struct host is in /proc/sys, and which of several numbers it is. */
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/sysctl.h"

static const struct {
	const char *path; /* below /proc/sys */
	size_t offset;	  /* in struct host */
	int column;	  /* which of the numbers in the file */
} rows[] = {
	{ "net/core/rmem_default", offsetof(struct host, rmem_default), 0 },
	{ "net/core/rmem_max", offsetof(struct host, rmem_max), 0 },
	{ "net/core/wmem_default", offsetof(struct host, wmem_default), 0 },
	{ "net/core/wmem_max", offsetof(struct host, wmem_max), 0 },
	{ "net/core/netdev_max_backlog", offsetof(struct host, netdev_max_backlog), 0 },
	{ "net/core/somaxconn", offsetof(struct host, somaxconn), 0 },
	{ "net/ipv4/tcp_rmem", offsetof(struct host, tcp_rmem_max), 2 },
	{ "net/ipv4/neigh/default/gc_thresh3", offsetof(struct host, neigh_gc_thresh3), 0 },
	{ "net/ipv4/neigh/default/unres_qlen_bytes", offsetof(struct host, unres_qlen_bytes), 0 },
};

static uint64_t read_number(const char *path, int column)
{
	char text[128], *p = text;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t value = 0;
	ssize_t n;

	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return 0;
	text[n] = 0;
	for (int i = 0; i <= column; i++)
		value = strtoull(p, &p, 10);
	return value;
}

/* Pid 1 may be closed to us even as root; kthreadd never left the initial namespace. */
static uint32_t host_netns(const char *root)
{
	char path[PATH_MAX], comm[16] = "";
	struct stat st;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/1/ns/net", root);
	if (!stat(path, &st))
		return st.st_ino;
	snprintf(path, sizeof(path), "%s/proc/2/comm", root);
	f = fopen(path, "re");
	if (!f)
		return 0;
	if (!fgets(comm, sizeof(comm), f))
		comm[0] = 0;
	fclose(f);
	snprintf(path, sizeof(path), "%s/proc/2/ns/net", root);
	return !strcmp(comm, "kthreadd\n") && !stat(path, &st) ? st.st_ino : 0;
}

void sysctl_read(struct host *h, const char *root)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(path, sizeof(path), "%s/proc/sys/%s", root, rows[i].path);
		*(uint64_t *)((char *)h + rows[i].offset) = read_number(path, rows[i].column);
	}
	h->netns = host_netns(root);
}
