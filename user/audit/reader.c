/* SPDX-License-Identifier: GPL-2.0-only */
/* Which files and sockets of a namespace have counters. */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "audit/proc_text.h"
#include "audit/qdiscs.h"
#include "audit/reader.h"
#include "base/enter.h"
#include "base/log.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* from 5.14 */
#endif

#define FIRST_SIZE 16384

/* The thread's own directory: it shows the namespace that the thread is in. */
#define NET "/proc/thread-self/net/"

static const struct {
	const char *path;
	void (*parse)(struct readings *c, const char *text);
	bool of_machine;
} files[] = {
	{ NET "snmp", proc_text_snmp, false },
	{ NET "netstat", proc_text_snmp, false },
	{ NET "snmp6", proc_text_snmp6, false },
	{ NET "stat/nf_conntrack", proc_text_conntrack, false },
	{ NET "dev", proc_text_dev, false },
	{ NET "softnet_stat", proc_text_softnet, true },
};

int reader_open(struct reader *r)
{
	*r = (struct reader){ .size = FIRST_SIZE };
	r->home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	r->text = malloc(r->size);
	if (r->home < 0)
		return -errno;
	return r->text ? 0 : -ENOMEM;
}

void reader_close(struct reader *r)
{
	if (r->home >= 0)
		close(r->home);
	free(r->text);
}

static int grow(struct reader *r)
{
	char *grown = realloc(r->text, r->size * 2);

	if (!grown)
		return -ENOMEM;
	r->text = grown;
	r->size *= 2;
	return 0;
}

/* The whole file as text, or -errno. */
static int read_file(struct reader *r, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	size_t used = 0;
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	while (!err && n > 0) {
		n = read(fd, r->text + used, r->size - 1 - used);
		if (n < 0)
			err = -errno;
		else
			used += n;
		if (n > 0 && used == r->size - 1)
			err = grow(r);
	}
	close(fd);
	r->text[used] = 0;
	return err;
}

static void read_files(struct reader *r, bool of_machine, struct readings *out)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (files[i].of_machine == of_machine && !read_file(r, files[i].path))
			files[i].parse(out, r->text);
}

static void ask_socket(struct readings *out, uint64_t *cookie)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	socklen_t size = sizeof(*cookie);

	if (fd < 0)
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &size))
		*cookie = 0;
	qdiscs_read(out, fd);
	close(fd);
}

int reader_read(struct reader *r, int netns_fd, struct readings *out, uint64_t *cookie)
{
	int err = enter_netns(netns_fd, r->home);

	*out = (struct readings){ 0 };
	*cookie = 0;
	if (err)
		return err;
	read_files(r, false, out);
	ask_socket(out, cookie);
	err = leave_netns(netns_fd, r->home);
	return err ? log_err(err, "cannot return to the own network namespace; restart whydrop")
		   : 0;
}

void reader_machine(struct reader *r, struct readings *out)
{
	*out = (struct readings){ 0 };
	read_files(r, true, out);
}
