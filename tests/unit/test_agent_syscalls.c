/* SPDX-License-Identifier: GPL-2.0-only */
/* What the agent can still ask of the kernel behind its filter, and what it cannot. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/syscalls.h"

static long exec_true(void)
{
	char name[] = "true", *const argv[] = { name, NULL }, *const env[] = { NULL };

	return execve("/bin/true", argv, env);
}

static long exec_here(void)
{
	return syscall(SYS_execveat, AT_FDCWD, "/bin/true", NULL, NULL, 0);
}

static long make_process(void)
{
	return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static long trace(void)
{
	return ptrace(PTRACE_ATTACH, 1, NULL, NULL);
}

static long send_signal(void)
{
	return kill(getpid(), 0);
}

static long packet_socket(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0);
}

static long enter_mounts(void)
{
	return setns(0, CLONE_NEWNS);
}

static long run_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
			       MAP_FAILED
		       ? -1
		       : 0;
}

static long (*const refused[])(void) = {
	exec_true,   exec_here,	    make_process, trace,
	send_signal, packet_socket, enter_mounts, run_memory,
};

static long open_file(void)
{
	return open("/proc/self/status", O_RDONLY);
}

static long netlink_socket(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0);
}

static long more_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
			       MAP_FAILED
		       ? -1
		       : 0;
}

/* EBADF is the kernel's own answer, behind the filter. */
static long enter_network(void)
{
	return setns(-1, CLONE_NEWNET) && errno == EBADF ? 0 : -1;
}

static long (*const allowed[])(void) = { open_file, netlink_socket, more_memory, enter_network };

/* The line of /proc/self/status says 2 where a filter is on: seccomp(2). */
static bool is_filtered(void)
{
	char line[128];
	int mode = 0;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "Seccomp: %d", &mode);
	return mode == 2;
}

/* Exit status of a child behind the filter: 0, or which of the calls was not answered as it should. */
static int behind_the_filter(void)
{
	syscalls_reduce();
	if (!is_filtered())
		return 1;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		errno = 0;
		if (refused[i]() != -1 || errno != EPERM)
			return 10 + i;
	}
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (allowed[i]() < 0)
			return 100 + i;
	return 0;
}

Test(agent_syscalls, only_what_is_used_is_possible)
{
	pid_t pid;
	int status;

	fflush(NULL);
	pid = fork();
	cr_assert_geq(pid, 0);
	if (!pid) /* ASan asks for its signal stack before _exit() */
		syscall(SYS_exit_group, behind_the_filter());
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status), "killed by signal %d", WTERMSIG(status));
	cr_expect_eq(WEXITSTATUS(status), 0, "call %d", WEXITSTATUS(status));
}
