/* SPDX-License-Identifier: GPL-2.0-only */
/* How a pod's addresses and the host's ends of its veths are found from outside. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attribute/podnet.h"
#include "base/enter.h"
#include "base/log.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* from 5.14 */
#endif

#define MAX_LINES  4096
#define REPLY_SIZE 16384

/* One veth of the pod whose other end is in another namespace, known by the pod's number for it. */
struct link {
	uint32_t peer_ifindex;
	int32_t nsid;
	uint8_t mac[6];
};

struct links {
	struct link link[PODNET_DEVS];
	size_t count;
};

/* Loopback and link-local addresses belong to nobody in particular. */
static bool is_own(const struct owner_addr *a)
{
	static const uint8_t none[16] = { 0 };

	if (a->family == 4)
		return a->addr[0] && a->addr[0] != 127 && !(a->addr[0] == 169 && a->addr[1] == 254);
	if (a->family == 6)
		return memcmp(a->addr, none, 15) && !(a->addr[0] == 0xfe && a->addr[1] >> 6 == 2);
	return !(a->addr[0] & 1) && memcmp(a->addr, none, 6);
}

static void add_addr(struct podnet *n, uint32_t family, const void *bytes, size_t size)
{
	struct owner_addr a = { .family = family };

	memcpy(a.addr, bytes, size);
	if (n->addr_count == PODNET_ADDRS || !is_own(&a))
		return;
	for (size_t i = 0; i < n->addr_count; i++)
		if (!memcmp(&n->addr[i], &a, sizeof(a)))
			return;
	n->addr[n->addr_count++] = a;
}

int podnet_socket(int netns_fd, int self_fd)
{
	int err = enter_netns(netns_fd, self_fd), home, fd;

	if (err)
		return err;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	err = fd < 0 ? -errno : 0;
	home = leave_netns(netns_fd, self_fd);
	if (home)
		log_err(home, "cannot return to the own network namespace; restart whydrop");
	return err ? err : fd;
}

static uint64_t cookie_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t size = sizeof(cookie);

	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size))
		return 0;
	return cookie;
}

uint64_t podnet_cookie(int netns_fd, int self_fd)
{
	int fd = podnet_socket(netns_fd, self_fd);
	uint64_t cookie;

	if (fd < 0)
		return 0;
	cookie = cookie_of(fd);
	close(fd);
	return cookie;
}

static const struct rtattr *find(const struct rtattr *a, int len, unsigned short type)
{
	for (; RTA_OK(a, len); a = RTA_NEXT(a, len))
		if ((a->rta_type & NLA_TYPE_MASK) == type)
			return a;
	return NULL;
}

static const void *find_attr(const struct rtattr *first, int len, unsigned short type, size_t size)
{
	const struct rtattr *a = find(first, len, type);

	return a && RTA_PAYLOAD(a) >= size ? RTA_DATA(a) : NULL;
}

static void take_addr(struct podnet *n, const struct nlmsghdr *m)
{
	const struct ifaddrmsg *ifa = NLMSG_DATA(m);
	int len = (int)IFA_PAYLOAD(m);
	size_t size = ifa->ifa_family == AF_INET ? 4 : 16;
	const void *addr;

	if (ifa->ifa_family != AF_INET && ifa->ifa_family != AF_INET6)
		return;
	addr = find_attr(IFA_RTA(ifa), len, IFA_LOCAL, size);
	if (!addr)
		addr = find_attr(IFA_RTA(ifa), len, IFA_ADDRESS, size);
	if (addr)
		add_addr(n, ifa->ifa_family == AF_INET ? 4 : 6, addr, size);
}

static bool is_veth(const struct ifinfomsg *ifi, int len)
{
	const struct rtattr *info = find(IFLA_RTA(ifi), len, IFLA_LINKINFO);
	const char *kind;

	if (!info)
		return false;
	kind = find_attr(RTA_DATA(info), (int)RTA_PAYLOAD(info), IFLA_INFO_KIND, 4);
	return kind && !strncmp(kind, "veth", 4);
}

static void take_link(struct links *l, const struct nlmsghdr *m)
{
	const struct ifinfomsg *ifi = NLMSG_DATA(m);
	int len = (int)IFLA_PAYLOAD(m);
	const uint32_t *peer = find_attr(IFLA_RTA(ifi), len, IFLA_LINK, 4);
	const int32_t *nsid = find_attr(IFLA_RTA(ifi), len, IFLA_LINK_NETNSID, 4);
	const uint8_t *mac = find_attr(IFLA_RTA(ifi), len, IFLA_ADDRESS, 6);
	struct link *link;

	/* without a namespace id the other end is in the pod as well */
	if (!peer || !nsid || !mac || l->count == PODNET_DEVS || !is_veth(ifi, len))
		return;
	link = &l->link[l->count++];
	link->peer_ifindex = *peer;
	link->nsid = *nsid;
	memcpy(link->mac, mac, 6);
}

typedef void (*message_fn)(const struct nlmsghdr *m, void *arg);

static void on_addr(const struct nlmsghdr *m, void *arg)
{
	if (m->nlmsg_type == RTM_NEWADDR && m->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifaddrmsg)))
		take_addr(arg, m);
}

static void on_link(const struct nlmsghdr *m, void *arg)
{
	if (m->nlmsg_type == RTM_NEWLINK && m->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifinfomsg)))
		take_link(arg, m);
}

/* Send a request and hand over what is answered; the kernel has each part ready when asked. */
static int ask(int fd, struct nlmsghdr *request, message_fn fn, void *arg)
{
	char reply[REPLY_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *m;
	ssize_t n;
	int len;

	if (send(fd, request, request->nlmsg_len, 0) < 0)
		return -errno;
	for (;;) {
		n = recv(fd, reply, sizeof(reply), MSG_DONTWAIT);
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		len = (int)n;
		for (m = (void *)reply; NLMSG_OK(m, (unsigned int)len); m = NLMSG_NEXT(m, len)) {
			if (m->nlmsg_type == NLMSG_DONE)
				return 0;
			if (m->nlmsg_type == NLMSG_ERROR)
				return ((const struct nlmsgerr *)NLMSG_DATA(m))->error;
			fn(m, arg);
		}
		if (!(request->nlmsg_flags & NLM_F_DUMP))
			return 0;
	}
}

static int dump(int fd, unsigned short type, message_fn fn, void *arg)
{
	struct {
		struct nlmsghdr hdr;
		struct ifinfomsg ifi; /* the longest header a dump may want: all zero */
	} request = {
		.hdr = { .nlmsg_len = sizeof(request),
			 .nlmsg_type = type,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	};

	return ask(fd, &request.hdr, fn, arg);
}

static void on_nsid(const struct nlmsghdr *m, void *arg)
{
	const struct rtgenmsg *gen = NLMSG_DATA(m);
	const struct rtattr *first = (const void *)((const char *)gen + NLMSG_ALIGN(sizeof(*gen)));
	const int32_t *nsid;

	if (m->nlmsg_type != RTM_NEWNSID)
		return;
	nsid = find_attr(first, (int)NLMSG_PAYLOAD(m, sizeof(*gen)), NETNSA_NSID, 4);
	if (nsid)
		*(int32_t *)arg = *nsid;
}

/* The number the namespace of the socket has for another one, -1 if it has none. */
static int32_t nsid_of(int fd, int other)
{
	struct {
		struct nlmsghdr hdr;
		struct rtgenmsg gen;
		struct rtattr attr __attribute__((aligned(NLMSG_ALIGNTO)));
		uint32_t fd;
	} request = {
		.hdr = { .nlmsg_len = sizeof(request),
			 .nlmsg_type = RTM_GETNSID,
			 .nlmsg_flags = NLM_F_REQUEST },
		.attr = { .rta_len = RTA_LENGTH(4), .rta_type = NETNSA_FD },
		.fd = (uint32_t)other,
	};
	int32_t nsid = -1;

	ask(fd, &request.hdr, on_nsid, &nsid);
	return nsid;
}

/* Where the other ends are: most often all in the host's namespace, which is asked first. */
static void place_links(struct podnet *n, int fd, const struct links *l,
			const struct podnet_places *places)
{
	bool found[PODNET_DEVS] = { false };
	size_t left = l->count;
	int32_t nsid;

	for (uint32_t p = 0; p < places->count && left; p++) {
		nsid = nsid_of(fd, places->fd[p]);
		for (size_t i = 0; i < l->count && nsid >= 0; i++) {
			if (found[i] || l->link[i].nsid != nsid)
				continue;
			found[i] = true;
			left--;
			n->dev[n->dev_count++] = (struct owner_dev){
				.netns = places->inum[p],
				.ifindex = l->link[i].peer_ifindex,
			};
			add_addr(n, ADDRS_FAMILY_MAC, l->link[i].mac, 6);
		}
	}
	n->strays = left;
}

int podnet_ask(struct podnet *out, int netns_fd, int self_fd, const struct podnet_places *places)
{
	int fd = podnet_socket(netns_fd, self_fd);
	struct links links = { .count = 0 };
	int err;

	memset(out, 0, sizeof(*out));
	out->nsid = -1;
	if (fd < 0)
		return fd;
	out->cookie = cookie_of(fd);
	err = dump(fd, RTM_GETADDR, on_addr, out);
	if (!err)
		err = dump(fd, RTM_GETLINK, on_link, &links);
	if (!err)
		place_links(out, fd, &links, places);
	if (places->host_sock >= 0)
		out->nsid = nsid_of(places->host_sock, netns_fd);
	close(fd);
	return err;
}

static FILE *open_at(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (!f && fd >= 0)
		close(fd);
	return f;
}

/* "|-- 10.244.7.2", and below it "/32 host LOCAL" (fib_trie_seq_show). */
static void read_fib_trie(struct podnet *out, FILE *f)
{
	char line[256], text[64] = "";
	struct in_addr addr;

	for (int i = 0; i < MAX_LINES && fgets(line, sizeof(line), f); i++) {
		if (strstr(line, "|-- ")) {
			if (sscanf(strstr(line, "|-- "), "|-- %63s", text) != 1)
				text[0] = 0;
		} else if (strstr(line, "/32 host LOCAL") && inet_pton(AF_INET, text, &addr) == 1) {
			add_addr(out, 4, &addr, 4);
		}
	}
}

/* "<32 hex digits> <index> <prefix> <scope> <flags> <device>" (if6_seq_show). */
static void read_if_inet6(struct podnet *out, FILE *f)
{
	unsigned int byte[16];
	char line[256], hex[33];
	uint8_t addr[16];
	int i, n;

	for (i = 0; i < MAX_LINES && fgets(line, sizeof(line), f); i++) {
		if (sscanf(line, "%32[0-9a-f] ", hex) != 1 || strlen(hex) != 32)
			continue;
		for (n = 0; n < 16 && sscanf(hex + 2 * n, "%2x", &byte[n]) == 1; n++)
			addr[n] = byte[n];
		if (n == 16)
			add_addr(out, 6, addr, 16);
	}
}

void podnet_read(struct podnet *out, int pid_fd)
{
	FILE *f = open_at(pid_fd, "net/fib_trie");

	memset(out, 0, sizeof(*out));
	out->nsid = -1;
	if (f) {
		read_fib_trie(out, f);
		fclose(f);
	}
	f = open_at(pid_fd, "net/if_inet6");
	if (f) {
		read_if_inet6(out, f);
		fclose(f);
	}
}
