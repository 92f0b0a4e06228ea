// SPDX-License-Identifier: GPL-2.0-only
/* Which system call is used for what. */
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/syscalls.h"
#include "base/log.h"

/* glibc's own choice among the names of one thing differs from release to release: all are here. */
static const int used[] = {
	/* files: /proc, /sys, the runtime's, and --events with its rotation */
	SCMP_SYS(access),
	SCMP_SYS(close),
	SCMP_SYS(dup3),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(fcntl),
	SCMP_SYS(fstat),
	SCMP_SYS(fstatfs),
	SCMP_SYS(ftruncate),
	SCMP_SYS(getdents64),
	SCMP_SYS(inotify_add_watch),
	SCMP_SYS(inotify_rm_watch),
	SCMP_SYS(lseek),
	SCMP_SYS(lstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(pread64),
	SCMP_SYS(read),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(rename),
	SCMP_SYS(stat),
	SCMP_SYS(statx),
	SCMP_SYS(unlink),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	/* sockets: HTTP, netlink, legacy tables, --events */
	SCMP_SYS(accept4),
	SCMP_SYS(connect),
	SCMP_SYS(getsockopt),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(setsockopt),
	SCMP_SYS(shutdown),
	/* the loop */
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigtimedwait),
	SCMP_SYS(signalfd4),
	SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_settime),
	/* hooks and counts, also those of a module that comes later; ioctl() is for devices, too */
	SCMP_SYS(bpf),
	SCMP_SYS(memfd_create),
	SCMP_SYS(ioctl),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(uname),
	/* memory, locks, time, what it may do, and the end */
	SCMP_SYS(brk),
	SCMP_SYS(capget),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(futex),
	SCMP_SYS(getpid),
	SCMP_SYS(getrandom),
	SCMP_SYS(getrusage),
	SCMP_SYS(gettid),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	SCMP_SYS(nanosleep),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(sysinfo),
};

/* Those that are used in one way only: an argument, of which the bits of the mask have this value. */
static const struct {
	int call;
	unsigned int arg;
	uint64_t mask, value;
} used_as[] = {
	{ SCMP_SYS(mmap), 2, PROT_EXEC, 0 },
	{ SCMP_SYS(mprotect), 2, PROT_EXEC, 0 },
	{ SCMP_SYS(setns), 1, UINT32_MAX, CLONE_NEWNET },
	{ SCMP_SYS(socket), 0, UINT32_MAX, AF_NETLINK },
	{ SCMP_SYS(socket), 0, UINT32_MAX, AF_UNIX },
	{ SCMP_SYS(socket), 0, UINT32_MAX, AF_INET },
	{ SCMP_SYS(socket), 0, UINT32_MAX, AF_INET6 },
};

/* Those that are used on this process itself only, by its id. */
static const int used_on_itself[] = { SCMP_SYS(prlimit64), SCMP_SYS(tgkill) };

static int allow_as(scmp_filter_ctx filter, int call, unsigned int arg, uint64_t mask,
		    uint64_t value)
{
	const struct scmp_arg_cmp cmp = SCMP_CMP64(arg, SCMP_CMP_MASKED_EQ, mask, value);

	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &cmp);
}

static int allow_all(scmp_filter_ctx filter)
{
	int err = 0;

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]) && !err; i++)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, used[i], 0);
	for (size_t i = 0; i < sizeof(used_as) / sizeof(used_as[0]) && !err; i++)
		err = allow_as(filter, used_as[i].call, used_as[i].arg, used_as[i].mask,
			       used_as[i].value);
	for (size_t i = 0; i < sizeof(used_on_itself) / sizeof(used_on_itself[0]) && !err; i++) {
		err = allow_as(filter, used_on_itself[i], 0, UINT32_MAX, getpid());
		if (!err) /* "this process" */
			err = allow_as(filter, used_on_itself[i], 0, UINT32_MAX, 0);
	}
	return err;
}

/* All threads, a word in the kernel's log for each refusal, and none of another architecture's calls. */
static int configure(scmp_filter_ctx filter)
{
	int err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

	if (!err)
		err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
	if (!err)
		err = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
	if (!err)
		err = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));
	return err;
}

void syscalls_reduce(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err = filter ? configure(filter) : -ENOMEM;

	if (!err)
		err = allow_all(filter);
	if (!err)
		err = seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
	if (err)
		log_warn(err, "no filter of system calls: the agent runs without");
}
