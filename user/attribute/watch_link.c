/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel tells of links and addresses in the host's namespace and in those it has numbers for. */
#include <errno.h>
#include <linux/net_namespace.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attribute/watch_impl.h"
#include "base/log.h"

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/* A node that starts all its pods at once sends some hundred bytes for each of a dozen changes. */
#define RECEIVE_BUFFER (1 << 20)

static int join(int fd)
{
	static const int groups[] = { RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR,
				      RTNLGRP_NSID };
	const int on = 1, size = RECEIVE_BUFFER;

	/* rtnetlink(7) does not say so, but messages of other namespaces carry their number then
	 * (netlink_cmsg_listen_all_nsid, net/netlink/af_netlink.c) */
	if (setsockopt(fd, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, &on, sizeof(on)))
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i],
			       sizeof(groups[i])))
			return -errno;
	return 0;
}

void watch_link_open(struct watch *w)
{
	int err;

	if (w->host_fd < 0)
		return;
	w->host_sock = podnet_socket(w->host_fd, w->self_netns_fd);
	w->link_fd = podnet_socket(w->host_fd, w->self_netns_fd);
	err = w->link_fd < 0 ? w->link_fd : join(w->link_fd);
	if (!err)
		return;
	log_debug("changes of pods' addresses are not told: %s", strerror(-err));
	if (w->link_fd >= 0)
		close(w->link_fd);
	w->link_fd = -1;
}

static struct pod *by_nsid(struct watch *w, int32_t nsid)
{
	struct pod *pod;
	uint32_t pos = 0;

	while ((pod = pods_next(w->pods, &pos)))
		if (pod->nsid == nsid && !pod->terminated)
			return pod;
	return NULL;
}

/* The number of the namespace a batch of messages is from, -1: the host's own. */
static int32_t nsid_of(struct msghdr *msg)
{
	int32_t nsid = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c))
		if (c->cmsg_level == SOL_NETLINK && c->cmsg_type == NETLINK_LISTEN_ALL_NSID &&
		    c->cmsg_len >= CMSG_LEN(sizeof(nsid)))
			memcpy(&nsid, CMSG_DATA(c), sizeof(nsid));
	return nsid;
}

static int32_t nsid_in(const struct nlmsghdr *m, size_t header, unsigned short type)
{
	const struct rtattr *a = (const void *)((const char *)NLMSG_DATA(m) + NLMSG_ALIGN(header));
	int len = (int)m->nlmsg_len - (int)NLMSG_SPACE(header);
	int32_t nsid = -1;

	for (; RTA_OK(a, len); a = RTA_NEXT(a, len))
		if ((a->rta_type & NLA_TYPE_MASK) == type && RTA_PAYLOAD(a) >= sizeof(nsid))
			memcpy(&nsid, RTA_DATA(a), sizeof(nsid));
	return nsid;
}

/* The namespace is gone, and with it all that was in it; its number may be given to another. */
static void end_netns(struct watch *w, int32_t nsid)
{
	struct pod *pod = nsid < 0 ? NULL : by_nsid(w, nsid);

	if (!pod)
		return;
	pods_set_addrs(w->pods, pod, NULL, 0, w->now_ns);
	pods_set_devs(w->pods, pod, NULL, 0);
	pod->nsid = -1;
}

static void change(struct watch *w, int32_t nsid)
{
	struct pod *pod = nsid < 0 ? NULL : by_nsid(w, nsid);

	if (pod)
		watch_renew(w, pod);
	else if (nsid >= 0)
		watch_renew_homeless(w);
}

static void hear(struct watch *w, const struct nlmsghdr *m, int32_t nsid)
{
	switch (m->nlmsg_type) {
	case RTM_DELNSID:
		if (nsid < 0 && m->nlmsg_len >= NLMSG_SPACE(sizeof(struct rtgenmsg)))
			end_netns(w, nsid_in(m, sizeof(struct rtgenmsg), NETNSA_NSID));
		break;
	case RTM_NEWLINK:
	case RTM_DELLINK:
		/* in the host's own: the end of a pod's veth */
		if (nsid < 0 && m->nlmsg_len >= NLMSG_SPACE(sizeof(struct ifinfomsg)))
			nsid = nsid_in(m, sizeof(struct ifinfomsg), IFLA_LINK_NETNSID);
		change(w, nsid);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		change(w, nsid);
		break;
	}
}

void watch_link_read(struct watch *w)
{
	char data[16384] __attribute__((aligned(NLMSG_ALIGNTO)));
	char control[CMSG_SPACE(sizeof(int32_t)) + 64];
	struct iovec iov = { data, sizeof(data) };
	const struct nlmsghdr *m;
	struct msghdr msg;
	ssize_t n;

	for (;;) {
		msg = (struct msghdr){ .msg_iov = &iov,
				       .msg_iovlen = 1,
				       .msg_control = control,
				       .msg_controllen = sizeof(control) };
		n = recvmsg(w->link_fd, &msg, MSG_DONTWAIT);
		if (n < 0 && errno == ENOBUFS && !w->dirty_ns) {
			w->dirty_ns = w->now_ns;
			w->full_scan_ns = 0;
		}
		if (n < 0 && errno != ENOBUFS)
			return;
		for (m = (void *)data; NLMSG_OK(m, n); m = NLMSG_NEXT(m, n))
			hear(w, m, nsid_of(&msg));
	}
}
