// SPDX-License-Identifier: GPL-2.0-only
/* Which capability is used for what. */
#include <errno.h>
#include <linux/capability.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/caps.h"
#include "base/log.h"

static const int used[] = {
	CAP_BPF,	     /* programs and maps, also when a module is loaded */
	CAP_PERFMON,	     /* programs that read the kernel's memory */
	CAP_NET_ADMIN,	     /* namespace ids and nftables' rules by netlink */
	CAP_SYS_ADMIN,	     /* setns() into pods, and all of BPF before 5.8 */
	CAP_SYS_PTRACE,	     /* /proc/PID/ns and /proc/PID/fd of others */
	CAP_DAC_READ_SEARCH, /* the runtime's files */
	CAP_SYSLOG,	     /* addresses in /proc/kallsyms */
};

static uint64_t used_mask(void)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		mask |= 1ULL << used[i];
	return mask;
}

static int keep(uint64_t mask)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		return -errno;
	for (int i = 0; i < 2; i++) {
		data[i].permitted &= mask >> 32 * i;
		data[i].effective &= mask >> 32 * i;
		data[i].inheritable = 0;
	}
	return syscall(SYS_capset, &head, data) ? -errno : 0;
}

int caps_reduce(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	uint64_t mask = used_mask();
	int err;

	/* before 5.11 the maps count against this, and only CAP_SYS_RESOURCE may raise it; without, they
	 * may fit nevertheless */
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	/* those that the kernel does not know, and those it does not let go without CAP_SETPCAP, are none */
	for (int cap = 0; cap < 64; cap++)
		if (!(mask >> cap & 1))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	err = keep(mask);
	if (!err && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err = -errno;
	return err ? log_err(err, "cannot give up privileges") : 0;
}
