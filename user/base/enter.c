// SPDX-License-Identifier: GPL-2.0-only
/* When a namespace need not be entered: it is the own one. */
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "base/enter.h"

/* Namespaces are files of one filesystem, known by their inode: namespaces(7). */
static bool is_same(int a, int b)
{
	struct stat one, other;

	return !fstat(a, &one) && !fstat(b, &other) && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

int enter_netns(int netns_fd, int home_fd)
{
	return is_same(netns_fd, home_fd) || !setns(netns_fd, CLONE_NEWNET) ? 0 : -errno;
}

int leave_netns(int netns_fd, int home_fd)
{
	return enter_netns(home_fd, netns_fd);
}
