/* SPDX-License-Identifier: GPL-2.0-only */
/* Which queueing disciplines count for all of a device: its children's drops are in the root's. */
#include <errno.h>
#include <linux/gen_stats.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "audit/qdiscs.h"

#define REPLY_SIZE 32768 /* as iproute2 has it */

/* The macros take an int: a length that is no multiple of 4 makes it negative. */
static const struct rtattr *find(const void *first, int size, unsigned short type)
{
	const struct rtattr *a = first;

	for (; RTA_OK(a, size); a = RTA_NEXT(a, size))
		if ((a->rta_type & NLA_TYPE_MASK) == type)
			return a;
	return NULL;
}

/* clsact and ingress hold no packets: what they drop, filters do. */
static void add_qdisc(struct readings *c, const struct tcmsg *m, int size)
{
	const char *name = m->tcm_parent == TC_H_ROOT	   ? "qdisc:drops"
			   : m->tcm_parent == TC_H_INGRESS ? "tc:drops"
							   : NULL;
	const struct rtattr *stats = find(m + 1, size, TCA_STATS2), *queue;
	struct gnet_stats_queue q;

	if (!name || !stats)
		return;
	queue = find(RTA_DATA(stats), RTA_PAYLOAD(stats), TCA_STATS_QUEUE);
	if (!queue || RTA_PAYLOAD(queue) < sizeof(q))
		return;
	memcpy(&q, RTA_DATA(queue), sizeof(q));
	readings_add(c, name, strlen(name), q.drops);
}

int qdiscs_parse(struct readings *c, const void *data, size_t size)
{
	const struct nlmsghdr *h = data;
	int left = (int)size;

	for (; left > 0 && NLMSG_OK(h, (unsigned int)left); h = NLMSG_NEXT(h, left)) {
		if (h->nlmsg_type == NLMSG_DONE)
			return 1;
		if (h->nlmsg_type == NLMSG_ERROR)
			return h->nlmsg_len >= NLMSG_LENGTH(sizeof(struct nlmsgerr))
				       ? ((const struct nlmsgerr *)NLMSG_DATA(h))->error
				       : -EPROTO;
		if (h->nlmsg_type == RTM_NEWQDISC &&
		    h->nlmsg_len >= NLMSG_LENGTH(sizeof(struct tcmsg)))
			add_qdisc(c, NLMSG_DATA(h),
				  (int)(h->nlmsg_len - NLMSG_LENGTH(sizeof(struct tcmsg))));
	}
	return 0;
}

int qdiscs_read(struct readings *c, int fd)
{
	const struct {
		struct nlmsghdr header;
		struct tcmsg tc;
	} request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = RTM_GETQDISC,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	};
	char reply[REPLY_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	ssize_t n;
	int end = 0;

	if (send(fd, &request, sizeof(request), 0) < 0)
		return -errno;
	/* a namespace whose devices have no discipline has dropped nothing */
	readings_add(c, "qdisc:drops", strlen("qdisc:drops"), 0);
	readings_add(c, "tc:drops", strlen("tc:drops"), 0);
	while (!end) {
		n = recv(fd, reply, sizeof(reply), MSG_DONTWAIT);
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		end = qdiscs_parse(c, reply, n);
	}
	return end < 0 ? end : 0;
}
