/* SPDX-License-Identifier: GPL-2.0-only */
/* How one rule is asked for over nf_tables' netlink: by chain and handle, or out of all rules of its table. */
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "rules/attr.h"
#include "rules/fetch.h"

#define COMMENT 0 /* NFTNL_UDATA_RULE_COMMENT of libnftnl, in NFTA_RULE_USERDATA */

struct request {
	struct nlmsghdr n;
	struct nfgenmsg g;
	char attrs[256];
};

static void add(struct request *q, int type, const void *data, size_t size)
{
	struct nlattr *a = (void *)((char *)q + NLMSG_ALIGN(q->n.nlmsg_len));

	if (NLMSG_ALIGN(q->n.nlmsg_len) + NLA_HDRLEN + NLA_ALIGN(size) > sizeof(*q))
		return;
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + size;
	memcpy((char *)a + NLA_HDRLEN, data, size);
	q->n.nlmsg_len = NLMSG_ALIGN(q->n.nlmsg_len) + NLA_ALIGN(a->nla_len);
}

static int ask(int fd, const struct detail_nf_rule *d)
{
	struct request q = {
		.n = { .nlmsg_len = NLMSG_LENGTH(sizeof(q.g)),
		       .nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE,
		       .nlmsg_flags = NLM_F_REQUEST },
		.g = { .nfgen_family = d->family },
	};
	uint64_t handle = __builtin_bswap64(d->rule);

	add(&q, NFTA_RULE_TABLE, d->table, strnlen(d->table, sizeof(d->table) - 1) + 1);
	if (d->chain[0] && strnlen(d->chain, sizeof(d->chain)) < sizeof(d->chain) - 1) {
		add(&q, NFTA_RULE_CHAIN, d->chain, strlen(d->chain) + 1);
		add(&q, NFTA_RULE_HANDLE, &handle, sizeof(handle));
	} else {
		q.n.nlmsg_flags |= NLM_F_DUMP;
	}
	return send(fd, &q, q.n.nlmsg_len, 0) < 0 ? -errno : 0;
}

static void userdata(struct rule_info *out, const struct nlattr *a)
{
	const unsigned char *p = attr_data(a), *end = p + attr_size(a);

	while (end - p >= 2 && end - p >= 2 + p[1]) {
		if (p[0] == COMMENT && p[1])
			memcpy(out->comment, p + 2, p[1]); /* a byte counts at most 255 */
		p += 2 + p[1];
	}
}

/* Whether this message is about the rule. */
static bool read_rule(struct rule_info *out, const struct nlmsghdr *n, uint64_t handle)
{
	const struct nlattr *a[NFTA_RULE_MAX + 1];
	uint64_t got = 0;

	if (n->nlmsg_len < NLMSG_LENGTH(sizeof(struct nfgenmsg)))
		return false;
	attr_index(a, NFTA_RULE_MAX,
		   (const char *)NLMSG_DATA(n) + NLMSG_ALIGN(sizeof(struct nfgenmsg)),
		   n->nlmsg_len - NLMSG_LENGTH(sizeof(struct nfgenmsg)));
	if (!a[NFTA_RULE_HANDLE] || attr_size(a[NFTA_RULE_HANDLE]) != sizeof(got))
		return false;
	memcpy(&got, attr_data(a[NFTA_RULE_HANDLE]), sizeof(got));
	if (__builtin_bswap64(got) != handle)
		return false;
	attr_string(out->chain, sizeof(out->chain), a[NFTA_RULE_CHAIN]);
	if (a[NFTA_RULE_EXPRESSIONS])
		nft_text(out, a[NFTA_RULE_EXPRESSIONS]);
	if (a[NFTA_RULE_USERDATA])
		userdata(out, a[NFTA_RULE_USERDATA]);
	return true;
}

int nft_parse(struct rule_info *out, const void *data, size_t size, uint64_t handle, bool *found)
{
	const struct nlmsghdr *n = data;
	ssize_t left = (ssize_t)size; /* the last message may lack its padding */

	for (; NLMSG_OK(n, left); n = NLMSG_NEXT(n, left)) {
		if (n->nlmsg_type == NLMSG_DONE)
			return 1;
		if (n->nlmsg_type == NLMSG_ERROR) {
			if (n->nlmsg_len < NLMSG_LENGTH(sizeof(struct nlmsgerr)))
				return -EBADMSG;
			return *found ? 1 : ((const struct nlmsgerr *)NLMSG_DATA(n))->error;
		}
		*found |= !*found && read_rule(out, n, handle);
		if (!(n->nlmsg_flags & NLM_F_MULTI))
			return 1;
	}
	return 0;
}

static int receive(int fd, struct rule_info *out, uint64_t handle)
{
	static _Thread_local char buf[65536] __attribute__((aligned(8)));
	bool found = false;
	ssize_t size;
	int err;

	do {
		size = recv(fd, buf, sizeof(buf), 0);
		if (size <= 0)
			return size ? -errno : -EIO;
		err = nft_parse(out, buf, (size_t)size, handle, &found);
	} while (!err);
	return err < 0 ? err : found ? 0 : -ENOENT;
}

int nft_fetch(struct rule_info *out, const struct detail_nf_rule *d)
{
	const struct timeval patience = { .tv_sec = 2 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	int err;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	err = ask(fd, d);
	if (!err)
		err = receive(fd, out, d->rule);
	close(fd);
	return err;
}
