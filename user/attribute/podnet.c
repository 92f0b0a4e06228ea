/* SPDX-License-Identifier: GPL-2.0-only */
/* How a pod's addresses and the host's ends of its veths are found from outside. */
#include <errno.h>
#include <fcntl.h>
#include <linux/net_namespace.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attribute/podnet_parse.h"
#include "base/enter.h"
#include "base/log.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* from 5.14 */
#endif

#define REPLY_SIZE 16384

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

/* Send a request and take what is answered; the kernel has each part ready when asked. */
static int ask(int fd, struct nlmsghdr *request, struct podnet_answer *a)
{
	char reply[REPLY_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	ssize_t n;
	int err;

	if (send(fd, request, request->nlmsg_len, 0) < 0)
		return -errno;
	do {
		n = recv(fd, reply, sizeof(reply), MSG_DONTWAIT);
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		err = podnet_parse(a, reply, (size_t)n);
	} while (!err && request->nlmsg_flags & NLM_F_DUMP);
	return err < 0 ? err : 0;
}

static int dump(int fd, unsigned short type, struct podnet_answer *a)
{
	struct {
		struct nlmsghdr hdr;
		struct ifinfomsg ifi; /* the longest header a dump may want: all zero */
	} request = {
		.hdr = { .nlmsg_len = sizeof(request),
			 .nlmsg_type = type,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	};

	return ask(fd, &request.hdr, a);
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
	struct podnet_answer a = { .nsid = -1 };

	ask(fd, &request.hdr, &a);
	return a.nsid;
}

/* Where the other ends are: most often all in the host's namespace, which is asked first. */
static void place_links(int fd, const struct podnet_answer *a, const struct podnet_places *places)
{
	bool found[PODNET_DEVS] = { false };
	struct podnet *n = a->net;
	size_t left = a->link_count;
	int32_t nsid;

	for (uint32_t p = 0; p < places->count && left; p++) {
		nsid = nsid_of(fd, places->fd[p]);
		for (size_t i = 0; i < a->link_count && nsid >= 0; i++) {
			if (found[i] || a->link[i].nsid != nsid)
				continue;
			found[i] = true;
			left--;
			n->dev[n->dev_count++] = (struct owner_dev){
				.netns = places->inum[p],
				.ifindex = a->link[i].peer_ifindex,
			};
			podnet_add_addr(n, ADDRS_FAMILY_MAC, a->link[i].mac, 6);
		}
	}
	n->strays = left;
}

int podnet_ask(struct podnet *out, int netns_fd, int self_fd, const struct podnet_places *places)
{
	int fd = podnet_socket(netns_fd, self_fd);
	struct podnet_answer a = { .net = out };
	int err;

	memset(out, 0, sizeof(*out));
	out->nsid = -1;
	if (fd < 0)
		return fd;
	out->cookie = cookie_of(fd);
	err = dump(fd, RTM_GETADDR, &a);
	if (!err)
		err = dump(fd, RTM_GETLINK, &a);
	if (!err)
		place_links(fd, &a, places);
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

void podnet_read(struct podnet *out, int pid_fd)
{
	FILE *f = open_at(pid_fd, "net/fib_trie");

	memset(out, 0, sizeof(*out));
	out->nsid = -1;
	if (f) {
		podnet_parse_fib_trie(out, f);
		fclose(f);
	}
	f = open_at(pid_fd, "net/if_inet6");
	if (f) {
		podnet_parse_if_inet6(out, f);
		fclose(f);
	}
}
