/* SPDX-License-Identifier: GPL-2.0-only */
/* Which attributes of links and addresses tell whose they are, and which addresses belong to nobody. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>

#include "attribute/podnet_parse.h"

#define MAX_LINES 4096

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

void podnet_add_addr(struct podnet *n, uint32_t family, const void *bytes, size_t size)
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
		podnet_add_addr(n, ifa->ifa_family == AF_INET ? 4 : 6, addr, size);
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

static void take_link(struct podnet_answer *a, const struct nlmsghdr *m)
{
	const struct ifinfomsg *ifi = NLMSG_DATA(m);
	int len = (int)IFLA_PAYLOAD(m);
	const uint32_t *peer = find_attr(IFLA_RTA(ifi), len, IFLA_LINK, 4);
	const int32_t *nsid = find_attr(IFLA_RTA(ifi), len, IFLA_LINK_NETNSID, 4);
	const uint8_t *mac = find_attr(IFLA_RTA(ifi), len, IFLA_ADDRESS, 6);
	struct podnet_link *link;

	/* without a namespace id the other end is in the pod as well */
	if (!peer || !nsid || !mac || a->link_count == PODNET_DEVS || !is_veth(ifi, len))
		return;
	link = &a->link[a->link_count++];
	link->peer_ifindex = *peer;
	link->nsid = *nsid;
	memcpy(link->mac, mac, 6);
}

static void take_nsid(struct podnet_answer *a, const struct nlmsghdr *m)
{
	const struct rtgenmsg *gen = NLMSG_DATA(m);
	const struct rtattr *first = (const void *)((const char *)gen + NLMSG_ALIGN(sizeof(*gen)));
	const int32_t *nsid =
		find_attr(first, (int)NLMSG_PAYLOAD(m, sizeof(*gen)), NETNSA_NSID, sizeof(*nsid));

	if (nsid)
		a->nsid = *nsid;
}

static bool holds(const struct nlmsghdr *m, size_t header)
{
	return m->nlmsg_len >= NLMSG_LENGTH(header);
}

int podnet_parse(struct podnet_answer *a, const void *data, size_t size)
{
	const struct nlmsghdr *m = data;
	ssize_t left = (ssize_t)size; /* the last message may lack its padding */

	for (; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
		switch (m->nlmsg_type) {
		case NLMSG_DONE:
			return 1;
		case NLMSG_ERROR:
			return holds(m, sizeof(struct nlmsgerr))
				       ? ((const struct nlmsgerr *)NLMSG_DATA(m))->error
				       : -EBADMSG;
		case RTM_NEWADDR:
			if (a->net && holds(m, sizeof(struct ifaddrmsg)))
				take_addr(a->net, m);
			break;
		case RTM_NEWLINK:
			if (holds(m, sizeof(struct ifinfomsg)))
				take_link(a, m);
			break;
		case RTM_NEWNSID:
			if (holds(m, sizeof(struct rtgenmsg)))
				take_nsid(a, m);
			break;
		}
	}
	return 0;
}

/* "|-- 10.244.7.2", and below it "/32 host LOCAL" (fib_trie_seq_show). */
void podnet_parse_fib_trie(struct podnet *n, FILE *f)
{
	char line[256], text[64] = "";
	struct in_addr addr;

	for (int i = 0; i < MAX_LINES && fgets(line, sizeof(line), f); i++) {
		if (strstr(line, "|-- ")) {
			if (sscanf(strstr(line, "|-- "), "|-- %63s", text) != 1)
				text[0] = 0;
		} else if (strstr(line, "/32 host LOCAL") && inet_pton(AF_INET, text, &addr) == 1) {
			podnet_add_addr(n, 4, &addr, 4);
		}
	}
}

/* "<32 hex digits> <index> <prefix> <scope> <flags> <device>" (if6_seq_show). */
void podnet_parse_if_inet6(struct podnet *n, FILE *f)
{
	unsigned int byte[16];
	char line[256], hex[33];
	uint8_t addr[16];
	int i, k;

	for (i = 0; i < MAX_LINES && fgets(line, sizeof(line), f); i++) {
		if (sscanf(line, "%32[0-9a-f] ", hex) != 1 || strlen(hex) != 32)
			continue;
		for (k = 0; k < 16 && sscanf(hex + 2 * k, "%2x", &byte[k]) == 1; k++)
			addr[k] = byte[k];
		if (k == 16)
			podnet_add_addr(n, 6, addr, 16);
	}
}
