/* SPDX-License-Identifier: GPL-2.0-only */
/* Answers of the kernel about addresses, links and connections: whole, cut off, and without their padding. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/podnet_parse.h"
#include "kernel/ct_dump.h"

struct answer {
	_Alignas(8) char data[1024];
	size_t size;
};

static struct nlmsghdr *begin(struct answer *a, unsigned short type, const void *header,
			      size_t size)
{
	struct nlmsghdr *m = (void *)(a->data + a->size);

	m->nlmsg_type = type;
	memcpy(NLMSG_DATA(m), header, size);
	m->nlmsg_len = NLMSG_SPACE(size);
	return m;
}

static void end(struct answer *a, const struct nlmsghdr *m)
{
	a->size += NLMSG_ALIGN(m->nlmsg_len);
}

static void put(struct nlmsghdr *m, unsigned short type, const void *data, size_t size)
{
	struct rtattr *r = (void *)((char *)m + NLMSG_ALIGN(m->nlmsg_len));

	r->rta_type = type;
	r->rta_len = RTA_LENGTH(size);
	memcpy(RTA_DATA(r), data, size);
	m->nlmsg_len = NLMSG_ALIGN(m->nlmsg_len) + r->rta_len;
}

static void put_address(struct answer *a, const char *text)
{
	struct ifaddrmsg header = { .ifa_family = AF_INET };
	struct nlmsghdr *m = begin(a, RTM_NEWADDR, &header, sizeof(header));
	struct in_addr addr;

	cr_assert_eq(inet_pton(AF_INET, text, &addr), 1);
	put(m, IFA_LOCAL, &addr, sizeof(addr));
	end(a, m);
}

/* A veth whose other end is the device 7 of the namespace 3; its name needs padding. */
static void put_link(struct answer *a)
{
	struct ifinfomsg header = { .ifi_index = 2 };
	struct nlmsghdr *m = begin(a, RTM_NEWLINK, &header, sizeof(header));
	struct {
		struct rtattr kind;
		char text[4];
	} info = { { .rta_len = sizeof(info), .rta_type = IFLA_INFO_KIND }, "veth" };
	const uint32_t peer = 7, nsid = 3;

	put(m, IFLA_LINKINFO, &info, sizeof(info));
	put(m, IFLA_LINK, &peer, sizeof(peer));
	put(m, IFLA_LINK_NETNSID, &nsid, sizeof(nsid));
	put(m, IFLA_ADDRESS, "\2\1\1\1\1\1", 6);
	end(a, m);
}

static struct podnet net;

static int parse(const struct answer *a, size_t size, struct podnet_answer *out)
{
	void *exact = malloc(size);
	int err;

	memcpy(exact, a->data, size);
	net = (struct podnet){ 0 };
	*out = (struct podnet_answer){ .net = &net, .nsid = -1 };
	err = podnet_parse(out, exact, size);
	free(exact);
	return err;
}

Test(netlink, addresses_and_links)
{
	struct answer a = { .size = 0 };
	struct podnet_answer out;

	put_address(&a, "127.0.0.1");
	put_address(&a, "10.1.0.2");
	put_address(&a, "10.1.0.2");
	put_link(&a);
	cr_expect_eq(parse(&a, a.size, &out), 0);
	cr_expect_eq(net.addr_count, 1, "loopback is nobody's, and each counts once");
	cr_expect_eq(out.link_count, 1);
	cr_expect_eq(out.link[0].peer_ifindex, 7);
	cr_expect_eq(out.link[0].nsid, 3);
	cr_expect_arr_eq(out.link[0].mac, "\2\1\1\1\1\1", 6);
	/* all of it is there but the last bytes of padding */
	cr_expect_eq(parse(&a, a.size - 2, &out), 0);
	cr_expect_eq(out.link_count, 1);
}

Test(netlink, an_answer_that_is_cut_is_read_as_far_as_it_goes)
{
	struct answer a = { .size = 0 };
	struct podnet_answer out;
	size_t first;

	put_address(&a, "10.1.0.2");
	first = a.size;
	put_link(&a);
	for (size_t size = first; size < a.size - 2; size++) {
		cr_expect_eq(parse(&a, size, &out), 0);
		cr_expect_eq(net.addr_count, 1);
		cr_expect_eq(out.link_count, 0);
	}
}

Test(netlink, the_end_and_errors)
{
	struct nlmsgerr no = { .error = -ENODEV };
	struct answer a = { .size = 0 };
	struct podnet_answer out;

	end(&a, begin(&a, NLMSG_ERROR, &no, sizeof(no)));
	cr_expect_eq(parse(&a, a.size, &out), -ENODEV);
	((struct nlmsghdr *)a.data)->nlmsg_len = NLMSG_HDRLEN;
	cr_expect_eq(parse(&a, NLMSG_HDRLEN, &out), -EBADMSG);
	((struct nlmsghdr *)a.data)->nlmsg_type = NLMSG_DONE;
	cr_expect_eq(parse(&a, NLMSG_HDRLEN, &out), 1);
}

static int count(void *arg, uint8_t family, const uint8_t src[16])
{
	cr_expect_eq(family, 4);
	cr_expect_eq(src[0], 10);
	return ++*(int *)arg == 3 ? -ECANCELED : 0;
}

Test(netlink, connections_until_one_is_too_many)
{
	struct nfgenmsg header = { .nfgen_family = AF_INET };
	struct answer a = { .size = 0 };
	struct {
		struct nlattr tuple, ip, src;
		uint8_t addr[4];
	} orig = { { sizeof(orig), CTA_TUPLE_ORIG | NLA_F_NESTED },
		   { sizeof(orig) - 4, CTA_TUPLE_IP | NLA_F_NESTED },
		   { 8, CTA_IP_V4_SRC },
		   { 10, 1, 0, 2 } };
	int seen = 0;

	for (int i = 0; i < 4; i++) {
		struct nlmsghdr *m = begin(&a, IPCTNL_MSG_CT_NEW, &header, sizeof(header));

		memcpy((char *)m + m->nlmsg_len, &orig, sizeof(orig));
		m->nlmsg_len += sizeof(orig);
		end(&a, m);
	}
	cr_expect_eq(ct_dump_parse(a.data, a.size / 2, count, &seen), 0);
	cr_expect_eq(seen, 2);
	cr_expect_eq(ct_dump_parse(a.data, a.size, count, &seen), -ECANCELED);
	cr_expect_eq(seen, 3);
}
