/* SPDX-License-Identifier: GPL-2.0-only */
/* The holder of a socket in a copy of /proc, and among this test's own sockets. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attribute/process.h"

static char proc[64];
static int proc_fd;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void setup(void)
{
	snprintf(proc, sizeof(proc), "/tmp/whydrop-proc-XXXXXX");
	cr_assert_not_null(mkdtemp(proc));
	proc_fd = open(proc, O_RDONLY | O_DIRECTORY);
}

static void teardown(void)
{
	close(proc_fd);
	nftw(proc, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

TestSuite(process, .init = setup, .fini = teardown);

/* A process with a name and one open socket. */
static void process(int pid, const char *comm, int inode)
{
	char path[128], link[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%d", proc, pid);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/%d/fd", proc, pid);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/%d/fd/0", proc, pid);
	cr_assert_eq(symlink("/dev/null", path), 0);
	snprintf(path, sizeof(path), "%s/%d/fd/7", proc, pid);
	snprintf(link, sizeof(link), "socket:[%d]", inode);
	cr_assert_eq(symlink(link, path), 0);
	snprintf(path, sizeof(path), "%s/%d/comm", proc, pid);
	f = fopen(path, "w");
	cr_assert_not_null(f);
	fprintf(f, "%s\n", comm);
	fclose(f);
}

static int scan(struct process *out, const char *pids, uint64_t inode)
{
	char text[64];
	FILE *list;
	int err;

	snprintf(text, sizeof(text), "%s", pids);
	list = fmemopen(text, strlen(text), "r");
	cr_assert_not_null(list);
	err = process_scan(out, proc_fd, list, inode);
	fclose(list);
	return err;
}

Test(process, the_holder_is_found)
{
	struct process p;

	process(10, "other", 76);
	process(11, "nginx", 77);
	cr_expect_eq(scan(&p, "10\n11\n12\n", 77), 0);
	cr_expect_eq(p.pid, 11);
	cr_expect_eq(p.holders, 1);
	cr_expect_str_eq(p.comm, "nginx");
}

Test(process, holders_are_counted)
{
	struct process p;

	process(11, "nginx", 77);
	process(12, "worker", 77);
	cr_expect_eq(scan(&p, "11\n12\n", 77), 0);
	cr_expect_eq(p.pid, 11);
	cr_expect_eq(p.holders, 2);
}

Test(process, a_part_of_the_number_is_not_enough)
{
	struct process p;

	process(11, "nginx", 771);
	cr_expect_eq(scan(&p, "11\n", 77), -ENOENT);
	cr_expect_eq(p.pid, 0);
}

Test(process, only_those_of_the_list_are_asked)
{
	struct process p;

	process(11, "nginx", 77);
	cr_expect_eq(scan(&p, "0\n12\n", 77), -ENOENT);
}

Test(process, too_many_files_are_not_looked_at)
{
	char path[128];
	struct process p;

	process(11, "many", 76);
	for (int i = 100; i < 100 + 8192; i++) {
		snprintf(path, sizeof(path), "%s/11/fd/%d", proc, i);
		cr_assert_eq(symlink("/dev/null", path), 0);
	}
	process(12, "nginx", 77);
	cr_expect_eq(scan(&p, "11\n12\n", 77), -E2BIG);
	cr_expect_eq(p.pid, 0);
}

Test(process, a_socket_of_our_own)
{
	char own[32];
	struct process p;
	struct stat st;
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	close(proc_fd);
	proc_fd = open("/proc", O_RDONLY | O_DIRECTORY);
	cr_assert_eq(fstat(s, &st), 0);
	snprintf(own, sizeof(own), "%d\n", getpid());
	cr_expect_eq(scan(&p, own, st.st_ino), 0);
	cr_expect_eq(p.pid, (uint32_t)getpid());
	close(s);
	cr_expect_eq(scan(&p, own, st.st_ino), -ENOENT);
}
