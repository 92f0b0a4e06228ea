/* SPDX-License-Identifier: GPL-2.0-only */
/* How the kernel announces modules: uevents "add@/module/NAME" (lib/kobject_uevent.c). */
#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/modules.h"

#define GROUP_KERNEL 1
#define PREFIX	     "add@/module/"

int modules_open(void)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK, .nl_groups = GROUP_KERNEL };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);
	int err;

	if (fd < 0)
		return -errno;
	if (!bind(fd, (void *)&at, sizeof(at)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* Processes may send uevents too: only the kernel has port 0. */
static ssize_t receive(int fd, char *text, size_t size, bool *from_kernel)
{
	struct sockaddr_nl from = { 0 };
	struct iovec iov = { text, size };
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1
	};
	ssize_t n = recvmsg(fd, &msg, 0);

	*from_kernel = from.nl_pid == 0;
	return n;
}

void modules_read(int fd, void (*fn)(void *arg, const char *module), void *arg)
{
	char text[4096];
	bool from_kernel;
	ssize_t n;

	for (;;) {
		n = receive(fd, text, sizeof(text) - 1, &from_kernel);
		if (n < 0 && errno == ENOBUFS) /* some were lost, the next ones come */
			continue;
		if (n <= 0)
			return;
		text[n] = 0;
		if (from_kernel && !strncmp(text, PREFIX, strlen(PREFIX)))
			fn(arg, text + strlen(PREFIX));
	}
}
