/* SPDX-License-Identifier: GPL-2.0-only */
/* How the holder of a socket is looked for, how often, and for how long the answer is believed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute/cgroup_tree.h"
#include "attribute/process.h"
#include "base/log.h"

#define SECOND_NS    1000000000ULL
#define LOOKUPS	     4		      /* in any second */
#define FILES_MAX    8192	      /* looked at in one: about 10 ms */
#define FOUND_NS     (10 * SECOND_NS) /* a process may end, and an inode be used again */
#define NOT_FOUND_NS (30 * SECOND_NS)
#define ANSWERS	     256 /* remembered; a power of two */

struct answer {
	uint64_t cgroup, inode, until_ns;
	struct process process;
};

struct processes {
	struct cgroup_tree tree;
	int proc_fd;
	uint64_t second_ns; /* start of the present second */
	unsigned int lookups;
	struct answer answers[ANSWERS];
};

int processes_new(struct processes **out, const char *root)
{
	int root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct processes *p;
	int err;

	if (root_fd < 0)
		return log_err(-errno, "%s: cannot be opened to look for processes", root);
	p = calloc(1, sizeof(*p));
	if (!p) {
		close(root_fd);
		return -ENOMEM;
	}
	p->proc_fd = openat(root_fd, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = cgroup_tree_open(&p->tree, root_fd,
			       strcmp(root, "/") ? "proc/1/mountinfo" : "proc/self/mountinfo");
	if (err || p->proc_fd < 0)
		log_debug("the processes behind sockets will not be found");
	close(root_fd);
	*out = p;
	return 0;
}

void processes_free(struct processes *p)
{
	if (!p)
		return;
	cgroup_tree_close(&p->tree);
	if (p->proc_fd >= 0)
		close(p->proc_fd);
	free(p);
}

/* 1 if the process has the socket open, 0 if not, or -errno; *files counts down what may be looked at. */
static int holds(int proc_fd, unsigned int pid, const char *link, int *files)
{
	char path[32], target[64];
	struct dirent *e;
	int fd, found = 0;
	ssize_t len;
	DIR *dir;

	snprintf(path, sizeof(path), "%u/fd", pid);
	fd = openat(proc_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	while (!found && (e = readdir(dir))) {
		if (*e->d_name == '.')
			continue;
		if (!(*files)--) {
			found = -E2BIG;
			break;
		}
		len = readlinkat(fd, e->d_name, target, sizeof(target) - 1);
		target[len < 0 ? 0 : len] = 0;
		found = !strcmp(target, link);
	}
	closedir(dir);
	return found;
}

static bool read_comm(char *comm, size_t size, int proc_fd, unsigned int pid)
{
	char path[32];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "%u/comm", pid);
	fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	memset(comm, 0, size);
	len = read(fd, comm, size);
	close(fd);
	if (len > 0 && comm[len - 1] == '\n')
		comm[len - 1] = 0;
	return len > 0;
}

int process_scan(struct process *out, int proc_fd, FILE *list, uint64_t inode)
{
	int files = FILES_MAX, got;
	unsigned int pid;
	char link[64];

	*out = (struct process){ 0 };
	snprintf(link, sizeof(link), "socket:[%llu]", (unsigned long long)inode);
	while (fscanf(list, "%u", &pid) == 1) {
		/* 0: a process of this cgroup that our own pid namespace does not show */
		got = pid ? holds(proc_fd, pid, link, &files) : 0;
		if (got == -E2BIG || got == -ENOMEM) {
			*out = (struct process){ 0 };
			return got;
		}
		if (got <= 0)
			continue;
		if (!out->pid && read_comm(out->comm, sizeof(out->comm), proc_fd, pid))
			out->pid = pid;
		out->holders++;
	}
	if (!out->pid)
		*out = (struct process){ 0 };
	return out->pid ? 0 : -ENOENT;
}

static int look(struct processes *p, uint64_t cgroup, uint64_t inode, struct process *out)
{
	char path[CGROUP_TREE_PATH], file[CGROUP_TREE_PATH + 16];
	FILE *list;
	int fd, err;

	err = cgroup_tree_path(&p->tree, cgroup, path, sizeof(path));
	if (err)
		return err;
	snprintf(file, sizeof(file), ".%s/cgroup.procs", path);
	fd = openat(p->tree.fd, file, O_RDONLY | O_CLOEXEC);
	list = fd >= 0 ? fdopen(fd, "r") : NULL;
	if (!list) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	err = process_scan(out, p->proc_fd, list, inode);
	fclose(list);
	return err;
}

static bool may_look(struct processes *p, uint64_t now_ns)
{
	if (p->proc_fd < 0 || p->tree.fd < 0)
		return false;
	if (now_ns - p->second_ns >= SECOND_NS) {
		p->second_ns = now_ns;
		p->lookups = 0;
	}
	return p->lookups++ < LOOKUPS;
}

void processes_find(struct processes *p, uint64_t cgroup, uint64_t inode, uint64_t now_ns,
		    struct process *out)
{
	struct answer *a = &p->answers[(inode ^ cgroup << 4) % ANSWERS];
	int err;

	*out = (struct process){ 0 };
	if (!cgroup || !inode)
		return;
	if (a->cgroup == cgroup && a->inode == inode && now_ns < a->until_ns) {
		*out = a->process;
		return;
	}
	if (!may_look(p, now_ns))
		return;
	err = look(p, cgroup, inode, out);
	if (err)
		log_debug("socket %llu: its process was not found: %s", (unsigned long long)inode,
			  strerror(-err));
	*a = (struct answer){ cgroup, inode, now_ns + (err ? NOT_FOUND_NS : FOUND_NS), *out };
}
