/* SPDX-License-Identifier: GPL-2.0-only */
/* The netlink words in which conntrack lists its table. */
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/ct_dump.h"

struct request {
	struct nlmsghdr header;
	struct nfgenmsg family;
};

/* The attribute of that type among those in [data, data + size), NULL if there is none. */
static const struct nlattr *find(const void *data, size_t size, int type)
{
	const char *p = data;

	while (size >= NLA_HDRLEN) {
		const struct nlattr *a = (const void *)p;
		size_t step = NLA_ALIGN(a->nla_len);

		if (a->nla_len < NLA_HDRLEN || a->nla_len > size)
			return NULL;
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		if (step >= size)
			return NULL;
		p += step;
		size -= step;
	}
	return NULL;
}

static const struct nlattr *find_in(const struct nlattr *a, int type)
{
	return a ? find((const char *)a + NLA_HDRLEN, a->nla_len - NLA_HDRLEN, type) : NULL;
}

/* 4 or 6, or 0 for what has no such address. */
static uint8_t source_of(const struct nlmsghdr *h, uint8_t src[16])
{
	const struct nlattr *ip, *addr;
	size_t used = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct nfgenmsg));

	memset(src, 0, 16);
	if (h->nlmsg_len < used)
		return 0;
	ip = find_in(find((const char *)h + used, h->nlmsg_len - used, CTA_TUPLE_ORIG),
		     CTA_TUPLE_IP);
	addr = find_in(ip, CTA_IP_V4_SRC);
	if (addr && addr->nla_len == NLA_HDRLEN + 4) {
		memcpy(src, (const char *)addr + NLA_HDRLEN, 4);
		return 4;
	}
	addr = find_in(ip, CTA_IP_V6_SRC);
	if (!addr || addr->nla_len != NLA_HDRLEN + 16)
		return 0;
	memcpy(src, (const char *)addr + NLA_HDRLEN, 16);
	return 6;
}

static int ask(int s)
{
	const struct request r = {
		.header = { .nlmsg_len = sizeof(r),
			    .nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.family = { .version = NFNETLINK_V0 },
	};

	return send(s, &r, sizeof(r), 0) == sizeof(r) ? 0 : -errno;
}

int ct_dump_parse(const void *data, size_t size,
		  int (*fn)(void *arg, uint8_t family, const uint8_t src[16]), void *arg)
{
	ssize_t left = (ssize_t)size; /* the last message may lack its padding */
	const struct nlmsghdr *h = data;
	uint8_t family, src[16];
	int err = 0;

	for (; NLMSG_OK(h, left) && !err; h = NLMSG_NEXT(h, left)) {
		if (h->nlmsg_type == NLMSG_DONE)
			return 1;
		if (h->nlmsg_type == NLMSG_ERROR)
			return h->nlmsg_len >= NLMSG_LENGTH(sizeof(struct nlmsgerr))
				       ? ((const struct nlmsgerr *)NLMSG_DATA(h))->error
				       : -EPROTO;
		family = source_of(h, src);
		if (family)
			err = fn(arg, family, src);
	}
	return err;
}

int ct_dump(int (*fn)(void *arg, uint8_t family, const uint8_t src[16]), void *arg)
{
	int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER), err;
	char buf[65536] __attribute__((aligned(8)));
	ssize_t n;

	if (s < 0)
		return -errno;
	err = ask(s);
	while (!err) {
		n = recv(s, buf, sizeof(buf), 0);
		err = n < 0 ? -errno : ct_dump_parse(buf, (size_t)n, fn, arg);
	}
	close(s);
	/* nfnetlink's word for a subsystem that is not loaded */
	return err == 1 ? 0 : err == -EINVAL ? -ENOENT : err;
}
