/* SPDX-License-Identifier: GPL-2.0-only */
/* How the kernel announces modules: uevents "add@/module/NAME" and "remove@/..." (lib/kobject_uevent.c). */
#include <errno.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/modules.h"

#define GROUP_KERNEL 1
#define LOADED	     "add@/module/"
#define UNLOADED     "remove@/module/"

/* Each device and each of its queues is announced, too: they would fill the buffer while hooks are attached. */
static int keep_modules(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x61646440 /* "add@" */, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x72656d6f /* "remo" */, 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 7), /* behind "remove@" */
		BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x2f6d6f64 /* "/mod" */, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog filter = { sizeof(code) / sizeof(code[0]), code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter));
}

int modules_open(void)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK, .nl_groups = GROUP_KERNEL };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);
	int err;

	if (fd < 0)
		return -errno;
	if (!keep_modules(fd) && !bind(fd, (void *)&at, sizeof(at)))
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

/* The module of an announcement, NULL if it is of something else. */
static const char *named(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(text, prefix, len) ? NULL : text + len;
}

void modules_read(int fd, void (*fn)(void *arg, const char *module, bool loaded), void *arg)
{
	const char *loaded, *unloaded;
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
		loaded = named(text, LOADED);
		unloaded = named(text, UNLOADED);
		if (from_kernel && (loaded || unloaded))
			fn(arg, loaded ? loaded : unloaded, loaded);
	}
}
