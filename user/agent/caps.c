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

/* Without CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN in their place, nobody is left to tell what is lost. */
static const struct {
	int cap;
	const char *name;
	const char *lost;
} used[] = {
	/* programs and maps, also when a module is loaded */
	{ CAP_BPF, "CAP_BPF", NULL },
	/* programs that read the kernel's memory */
	{ CAP_PERFMON, "CAP_PERFMON", NULL },
	/* nftables' rules by netlink, those of the legacy tables by getsockopt() */
	{ CAP_NET_ADMIN, "CAP_NET_ADMIN", "the text of firewall rules" },
	/* netlink's messages of all namespaces: NETLINK_LISTEN_ALL_NSID, net/netlink/af_netlink.c */
	{ CAP_NET_BROADCAST, "CAP_NET_BROADCAST",
	  "news of pods' links and addresses, which are looked for from time to time only" },
	/* setns() into pods, BTF of modules, and all of BPF before 5.8 */
	{ CAP_SYS_ADMIN, "CAP_SYS_ADMIN",
	  "in the network namespaces of pods the text of firewall rules and the kernel's own "
	  "counters; in modules hooks that cost less than kprobes, and where the kernel wants it "
	  "for kprobes too (Debian, with kernel.perf_event_paranoid above 2) all hooks in modules" },
	/* /proc/PID/ns and /proc/PID/fd of others */
	{ CAP_SYS_PTRACE, "CAP_SYS_PTRACE",
	  "the owners of namespaces, by the processes in them, and of sockets" },
	/* the runtime's files */
	{ CAP_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH",
	  "what files say of containers that only their owner may read" },
	/* addresses in /proc/kallsyms */
	{ CAP_SYSLOG, "CAP_SYSLOG",
	  "the names of the kernel's functions, and causes that only the place tells" },
};

static uint64_t used_mask(void)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		mask |= 1ULL << used[i].cap;
	return mask;
}

static int get(struct __user_cap_data_struct data[2])
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(SYS_capget, &head, data) ? -errno : 0;
}

void caps_each_missing(void (*each)(void *arg, const char *name, const char *lost), void *arg)
{
	struct __user_cap_data_struct data[2];

	if (get(data))
		return;
	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		if (used[i].lost && !(data[used[i].cap / 32].effective >> used[i].cap % 32 & 1))
			each(arg, used[i].name, used[i].lost);
}

static int keep(uint64_t mask)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];
	int err = get(data);

	if (err)
		return err;
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
