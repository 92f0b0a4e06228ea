/* SPDX-License-Identifier: GPL-2.0-only */
/* What a filter may look like on the command line, and how its names are looked up. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "filters.h"

int filters_address(struct knobs *k, const char *text)
{
	if (inet_pton(AF_INET, text, k->filter_addr) == 1)
		k->filter_family = 4;
	else if (inet_pton(AF_INET6, text, k->filter_addr) == 1)
		k->filter_family = 6;
	else
		return log_err(-EINVAL, "--host %s: give an IPv4 or IPv6 address, not a name",
			       text);
	k->filter = 1;
	return 0;
}

int filters_protocol(struct knobs *k, const char *text)
{
	static const struct {
		const char *name;
		__u8 number;
	} names[] = {
		{ "tcp", IPPROTO_TCP },	  { "udp", IPPROTO_UDP },      { "icmp", IPPROTO_ICMP },
		{ "sctp", IPPROTO_SCTP }, { "icmp6", IPPROTO_ICMPV6 }, { "gre", IPPROTO_GRE },
		{ "ipip", IPPROTO_IPIP }, { "esp", IPPROTO_ESP },
	};
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcasecmp(text, names[i].name)) {
			n = names[i].number;
			end = (char *)text + strlen(text);
		}
	if (end == text || *end || !n || n > 255)
		return log_err(-EINVAL,
			       "--proto %s: give tcp, udp, icmp, icmp6, sctp, gre, ipip, esp or a "
			       "number from 1 to 255",
			       text);
	k->filter_proto = n;
	k->filter = 1;
	return 0;
}

/* A path to the namespace, or "" for a bare inode number. */
static void netns_path(const char *text, char *path, size_t size)
{
	if (text[strspn(text, "0123456789")] == 0)
		path[0] = 0;
	else if (!strcmp(text, "host"))
		snprintf(path, size, "/proc/1/ns/net");
	else if (!strcmp(text, "self"))
		snprintf(path, size, "/proc/self/ns/net");
	else if (!strncmp(text, "pid:", 4))
		snprintf(path, size, "/proc/%s/ns/net", text + 4);
	else if (strchr(text, '/'))
		snprintf(path, size, "%s", text);
	else
		snprintf(path, size, "/run/netns/%s", text);
}

int filters_netns(const char *text, uint32_t *inode)
{
	char path[PATH_MAX], *end;
	unsigned long n;
	struct stat st;

	netns_path(text, path, sizeof(path));
	if (path[0]) {
		if (stat(path, &st))
			return log_err(-errno,
				       "--netns %s: %s; give a name from 'ip netns', a path, host, "
				       "self, pid:N or an inode number",
				       text, path);
		n = st.st_ino;
	} else {
		errno = 0;
		n = strtoul(text, &end, 10);
		if (errno || !n || n > UINT32_MAX)
			return log_err(-EINVAL, "--netns %s: not an inode number", text);
	}
	*inode = n;
	return 0;
}

int filters_enter(const char *netns)
{
	char path[PATH_MAX];
	int fd, err;

	netns_path(netns, path, sizeof(path));
	if (!path[0])
		return log_err(-EINVAL, "--netns %s: give the namespace's name or path here",
			       netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	err = fd < 0 || setns(fd, CLONE_NEWNET) ? -errno : 0;
	if (fd >= 0)
		close(fd);
	return err ? log_err(err, "--netns %s: cannot enter %s", netns, path) : 0;
}

/* Names of devices are per namespace: look it up there, then come back. */
static unsigned int index_in(const char *name, const char *path)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int there = open(path, O_RDONLY | O_CLOEXEC);
	unsigned int index = 0;

	if (home >= 0 && there >= 0 && !setns(there, CLONE_NEWNET)) {
		index = if_nametoindex(name);
		if (setns(home, CLONE_NEWNET))
			index = 0;
	}
	if (home >= 0)
		close(home);
	if (there >= 0)
		close(there);
	return index;
}

int filters_device(struct knobs *k, const char *name, const char *netns)
{
	char path[PATH_MAX];

	netns_path(netns ? netns : "self", path, sizeof(path));
	if (!path[0])
		return log_err(-EINVAL,
			       "-i %s: with an inode number for --netns the device cannot "
			       "be looked up; give the namespace's name or path",
			       name);
	k->filter_ifindex = netns ? index_in(name, path) : if_nametoindex(name);
	if (!k->filter_ifindex)
		return log_err(-ENODEV, "-i %s: no such device in %s", name,
			       netns ? netns : "this network namespace");
	if (!netns && filters_netns("self", &k->filter_netns))
		return -ENOENT;
	k->filter = 1;
	return 0;
}
