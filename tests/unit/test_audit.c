/* SPDX-License-Identifier: GPL-2.0-only */
/* The audit: texts of /proc, the table of counters, and what remains when losses are taken from them. */
#include <criterion/criterion.h>
#include <linux/if_ether.h>
#include <linux/gen_stats.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/ledger.h"
#include "audit/proc_text.h"
#include "audit/qdiscs.h"
#include "base/words.h"
#include "build.h"
#include "classify/classify.h"
#include "pods_build.h"
#include "sink/audit_text.h"

#define HOST_NETNS 4026531840U
#define POD_NETNS  4026532001U

static size_t counter(const char *name)
{
	for (size_t i = 0; i < kcounters_count; i++)
		if (!strcmp(kcounters[i].name, name))
			return i;
	cr_assert_fail("no counter %s", name);
	return 0;
}

/* The value, or -1 if the kernel does not show that counter. */
static int64_t value(const struct readings *c, const char *name)
{
	size_t i = counter(name);

	return c->known >> i & 1 ? (int64_t)c->value[i] : -1;
}

static const char *fixture(const char *name)
{
	static char text[65536];
	char path[128];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "tests/fixtures/proc/6.18/%s", name);
	f = fopen(path, "r");
	cr_assert_not_null(f, "%s", path);
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = 0;
	return text;
}

Test(audit_text, a_running_kernels_files)
{
	struct readings c = { 0 };

	proc_text_snmp(&c, fixture("snmp"));
	cr_expect_eq(value(&c, "UdpNoPorts"), 3);
	cr_expect_eq(value(&c, "UdpRcvbufErrors"), 0);
	cr_expect_eq(value(&c, "UdpMemErrors"), 0);
	cr_expect_eq(value(&c, "Udp6NoPorts"), -1);
	cr_expect_eq(value(&c, "TcpExtListenDrops"), -1);
	proc_text_snmp(&c, fixture("netstat"));
	cr_expect_eq(value(&c, "TcpExtListenDrops"), 0);
	cr_expect_eq(value(&c, "IpInAddrErrors+InNoRoutes"), 0);
	proc_text_snmp6(&c, fixture("snmp6"));
	cr_expect_eq(value(&c, "Udp6NoPorts"), 2);
	proc_text_conntrack(&c, fixture("nf_conntrack"));
	cr_expect_eq(value(&c, "ConntrackDrop"), 0);
	proc_text_dev(&c, fixture("dev"));
	cr_expect_eq(value(&c, "LinkRxDropped"), 0);
	proc_text_softnet(&c, fixture("softnet_stat"));
	cr_expect_eq(value(&c, "SoftnetDropped"), 0);
	qdiscs_parse(&c, NULL, 0);
	/* a misspelt name in the table would stand for nothing; the first of qdiscs_read() are asked for */
	for (size_t i = 0; i < kcounters_count; i++)
		cr_expect(c.known >> i & 1 || !strcmp(kcounters[i].name, "QdiscDrops") ||
				  !strcmp(kcounters[i].name, "TcFilterDrops"),
			  "%s is in none of the files", kcounters[i].name);
}

Test(audit_text, values_add_up)
{
	struct readings c = { 0 };

	proc_text_snmp(&c, "Ip: A InAddrErrors\nIp: 9 4\n");
	proc_text_snmp(&c, "IpExt: InNoRoutes InCsumErrors\nIpExt: 3 7\n");
	cr_expect_eq(value(&c, "IpInAddrErrors+InNoRoutes"), 7);
	proc_text_conntrack(&c, "entries found invalid drop  early_drop\n"
				"0000000a 00000001 00000002 000000ff 00000010\n"
				"0000000a 00000001 00000002 00000001 00000000\n");
	cr_expect_eq(value(&c, "ConntrackDrop"), 256);
	cr_expect_eq(value(&c, "ConntrackEarlyDrop"), 16);
	cr_expect_eq(value(&c, "ConntrackInvalid"), 4);
	cr_expect_eq(value(&c, "ConntrackInsertFailed"), -1);
	proc_text_softnet(&c, "000000ff 0000000a 0\n00000001 ffffffff 0\n");
	cr_expect_eq(value(&c, "SoftnetDropped"), 0x100000009);
	proc_text_dev(&c, "Inter-| Receive\n face |bytes\n"
			  "    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
			  "a:b:0:1 2 3 40 5 6 7 8 9 10 11 120 13 14 15 16\n");
	cr_expect_eq(value(&c, "LinkRxDropped"), 44);
	cr_expect_eq(value(&c, "LinkTxDropped"), 132);
}

Test(audit_text, what_makes_no_sense_is_left_out)
{
	static const char *const texts[] = {
		"",
		"\n",
		"\n\n\n",
		"Udp",
		"Udp:\n",
		"Udp: NoPorts",
		"Udp: NoPorts\n",
		"Udp: NoPorts\nUdp: 5",
		"Udp: NoPorts\nUdp:\n",
		"Udp: NoPorts\nTcp: 5\n",
		"Udp: NoPorts\nUdp: -5\n",
		"Udp: NoPorts\nUdp: 5x\n",
		"Udp NoPorts\nUdp 5\n",
		"UdpNoPorts\n",
		"UdpNoPorts x\n",
		"UdpNoPorts 5",
		"drop\nxyz\n",
		"drop\n",
		"lo: 1 2 3\n",
		"lo:\n:\n::::\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct readings c = { 0 };

		proc_text_snmp(&c, texts[i]);
		proc_text_snmp6(&c, texts[i]);
		proc_text_conntrack(&c, texts[i]);
		proc_text_softnet(&c, texts[i]);
		proc_text_dev(&c, texts[i]);
		cr_expect_eq(c.known, 0, "'%s'", texts[i]);
	}
}

Test(audit_text, one_line_more_or_less)
{
	struct readings c = { 0 };
	char text[300] = "Udp: ";

	/* a name longer than any, more names than values, a group without its values */
	memset(text + 5, 'x', 200);
	strcpy(text + 205, " NoPorts RcvbufErrors MemErrors\nUdp: 1 2 3\nTcpExt: ListenDrops\n");
	proc_text_snmp(&c, text);
	cr_expect_eq(value(&c, "UdpNoPorts"), 2);
	cr_expect_eq(value(&c, "UdpRcvbufErrors"), 3);
	cr_expect_eq(value(&c, "UdpMemErrors"), -1);
	cr_expect_eq(value(&c, "TcpExtListenDrops"), -1);
}

struct qdisc_message {
	struct nlmsghdr header;
	struct tcmsg tc;
	struct rtattr stats2, queue;
	struct gnet_stats_queue q;
};

static struct qdisc_message qdisc(uint32_t parent, uint32_t drops)
{
	struct qdisc_message m = {
		.header = { .nlmsg_len = sizeof(m), .nlmsg_type = RTM_NEWQDISC },
		.tc = { .tcm_parent = parent },
		.stats2 = { sizeof(m.stats2) + sizeof(m.queue) + sizeof(m.q), TCA_STATS2 },
		.queue = { sizeof(m.queue) + sizeof(m.q), TCA_STATS_QUEUE },
		.q = { .drops = drops },
	};

	return m;
}

Test(audit_qdisc, roots_count_and_children_do_not)
{
	struct qdisc_message m[] = { qdisc(TC_H_ROOT, 5), qdisc(TC_H_MAKE(1 << 16, 1), 5),
				     qdisc(TC_H_INGRESS, 7), qdisc(TC_H_ROOT, 2) };
	struct nlmsghdr done = { .nlmsg_len = sizeof(done), .nlmsg_type = NLMSG_DONE };
	struct readings c = { 0 };

	cr_expect_eq(qdiscs_parse(&c, m, sizeof(m)), 0);
	cr_expect_eq(value(&c, "QdiscDrops"), 7);
	cr_expect_eq(value(&c, "TcFilterDrops"), 7);
	cr_expect_eq(qdiscs_parse(&c, &done, sizeof(done)), 1);
}

Test(audit_qdisc, lengths_that_lie)
{
	struct qdisc_message m = qdisc(TC_H_ROOT, 5);

	for (size_t size = 0; size < sizeof(m); size++) {
		struct readings c = { 0 };

		qdiscs_parse(&c, &m, size);
		cr_expect_eq(c.known, 0, "%zu bytes", size);
		m.header.nlmsg_len = size;
		qdiscs_parse(&c, &m, sizeof(m));
		cr_expect_eq(c.known, 0, "%zu bytes said", size);
		m.header.nlmsg_len = sizeof(m);
	}
	for (unsigned short size = 0; size < m.stats2.rta_len; size++) {
		struct qdisc_message bad = m;
		struct readings c = { 0 };

		bad.queue.rta_len = size;
		qdiscs_parse(&c, &bad, sizeof(bad));
		if (size < m.queue.rta_len)
			cr_expect_eq(c.known, 0, "attribute of %d bytes", size);
	}
}

static bool all_are_causes(const char *list)
{
	const char *word;
	size_t size;
	char name[64];

	while ((word = words_next(&list, &size))) {
		snprintf(name, sizeof(name), "%.*s", (int)size, word);
		if (!cause_find(name))
			return false;
	}
	return true;
}

Test(audit_table, causes_exist_and_each_row_can_be_read)
{
	for (size_t i = 0; i < kcounters_count; i++) {
		const struct kcounter *c = &kcounters[i];

		cr_expect(all_are_causes(c->causes), "%s: %s", c->name, c->causes);
		cr_expect(all_are_causes(c->perhaps), "%s: %s", c->name, c->perhaps);
		cr_expect(c->reading && strlen(c->reading) > 40, "%s has no reading", c->name);
		cr_expect(c->judged == JUDGED_NOT || (c->more && c->causes),
			  "%s: what does more mean?", c->name);
		for (size_t j = 0; j < i; j++)
			cr_expect_str_neq(c->name, kcounters[j].name);
	}
}

static struct ledger ledger;
static struct pods *pods;
static struct host host;

static void setup(void)
{
	cr_assert_eq(pods_new(&pods), 0);
	add_pod(pods, UID_A, "shop", "web-0", POD_NETNS, 7);
	host = (struct host){ .pods = pods, .netns = HOST_NETNS };
	ledger_init(&ledger, &host, false);
}

static void teardown(void)
{
	ledger_free(&ledger);
	pods_free(pods);
}

TestSuite(audit_ledger, .init = setup, .fini = teardown);

static void shows(uint32_t inum, uint64_t cookie, const char *name, uint64_t n)
{
	struct readings c = { 0 };

	readings_add(&c, name, strlen(name), n);
	cr_assert_eq(ledger_read(&ledger, inum, cookie, NULL, &c), 0);
}

/* A whole look at one counter of one namespace. */
static void look(uint32_t inum, uint64_t cookie, const char *name, uint64_t n)
{
	ledger_look_begin(&ledger);
	shows(inum, cookie, name, n);
	ledger_look_end(&ledger);
}

static void lose(const char *cause, uint32_t netns, uint64_t cookie, uint16_t l3, uint8_t proto,
		 const char *reason, uint64_t n)
{
	struct verdict v = {
		.key = { .netns = netns,
			 .netns_cookie = cookie,
			 .l3 = l3,
			 .proto = proto,
			 .kind = EV_SKB_DROP },
		.cause = cause_find(cause),
	};

	v.loss = (struct loss){ .key = &v.key, .reason = reason, .where = "" };
	cr_assert_not_null(v.cause);
	ledger_count(&ledger, &v, n);
}

static void lose_udp(uint32_t netns, uint64_t cookie, uint64_t n)
{
	lose("udp-receive-buffer-full", netns, cookie, ETH_P_IP, IPPROTO_UDP, "SOCKET_RCVBUFF", n);
}

static struct ledger_row row_of(uint32_t inum, const char *name)
{
	struct ledger_row row, found = { 0 };
	uint32_t pos = 0;

	while (ledger_next(&ledger, &pos, &row))
		if (row.owner.netns == inum && !strcmp(row.counter->name, name))
			found = row;
	cr_assert_not_null(found.counter, "%s of %u", name, inum);
	return found;
}

Test(audit_ledger, what_grew_less_what_was_seen)
{
	struct ledger_row row;
	struct ledger_total total;

	look(POD_NETNS, 7, "UdpRcvbufErrors", 100);
	ledger.begun = true;
	look(POD_NETNS, 7, "UdpRcvbufErrors", 140);
	look(POD_NETNS, 7, "UdpRcvbufErrors", 150);
	lose_udp(POD_NETNS, 7, 40);
	lose_udp(HOST_NETNS, 1, 5);
	row = row_of(POD_NETNS, "UdpRcvbufErrors");
	cr_expect_eq(row.kernel, 50);
	cr_expect_eq(row.whydrop, 40);
	cr_expect_eq(row.remainder, 10);
	cr_expect_str_eq(row.reading, row.counter->reading);
	cr_expect_str_eq(row.owner.pod, "web-0");
	cr_expect_eq(row.flags, 0);
	total = ledger_total(&ledger);
	cr_expect_eq(total.counted, 50);
	cr_expect_eq(total.explained, 40);
	cr_expect_eq(total.findings, 1);
	lose_udp(POD_NETNS, 0, 13);
	row = row_of(POD_NETNS, "UdpRcvbufErrors");
	cr_expect_eq(row.remainder, -3);
	cr_expect_str_eq(row.reading, row.counter->more);
	total = ledger_total(&ledger);
	cr_expect_eq(total.explained, 50);
	cr_expect_eq(total.findings, 0);
	ledger_reset(&ledger);
	cr_expect_eq(row_of(POD_NETNS, "UdpRcvbufErrors").remainder, 50);
}

Test(audit_ledger, families_protocols_and_reasons_are_kept_apart)
{
	static const char *const names[] = { "UdpNoPorts", "Udp6NoPorts", "UdpInCsumErrors",
					     "Ip6InDiscards" };
	struct readings none = { 0 };

	for (size_t i = 0; i < 4; i++)
		readings_add(&none, names[i], strlen(names[i]), 0);
	cr_assert_eq(ledger_read(&ledger, POD_NETNS, 7, NULL, &none), 0);
	lose("no-listener", POD_NETNS, 7, ETH_P_IP, IPPROTO_UDP, "NO_SOCKET", 1);
	lose("no-listener", POD_NETNS, 7, ETH_P_IP, IPPROTO_TCP, "NO_SOCKET", 2);
	lose("no-listener", POD_NETNS, 7, ETH_P_IPV6, IPPROTO_UDP, "NO_SOCKET", 4);
	lose("multicast-without-listener", POD_NETNS, 7, ETH_P_IP, IPPROTO_UDP, "IP_INNOROUTES", 8);
	lose("checksum-bad", POD_NETNS, 7, ETH_P_IP, IPPROTO_UDP, "IP_CSUM", 16);
	lose("checksum-bad", POD_NETNS, 7, ETH_P_IP, IPPROTO_UDP, "UDP_CSUM", 32);
	cr_expect_eq(row_of(POD_NETNS, "UdpNoPorts").whydrop, 1);
	cr_expect_eq(row_of(POD_NETNS, "Udp6NoPorts").whydrop, 4);
	cr_expect_eq(row_of(POD_NETNS, "UdpInCsumErrors").whydrop, 32);
	cr_expect_eq(row_of(POD_NETNS, "Ip6InDiscards").whydrop, 0);
}

Test(audit_ledger, what_may_be_among_it_explains_no_more_than_is_left)
{
	look(HOST_NETNS, 1, "conntrack:drop", 0);
	look(HOST_NETNS, 1, "conntrack:drop", 10);
	lose("netfilter-drop-unattributed", HOST_NETNS, 1, ETH_P_IP, IPPROTO_UDP, "NETFILTER_DROP",
	     7);
	cr_expect_eq(row_of(HOST_NETNS, "ConntrackDrop").remainder, 3);
	lose("netfilter-drop-unattributed", HOST_NETNS, 1, ETH_P_IP, IPPROTO_TCP, "NETFILTER_DROP",
	     90);
	cr_expect_eq(row_of(HOST_NETNS, "ConntrackDrop").remainder, 0);
	cr_expect_eq(row_of(HOST_NETNS, "ConntrackDrop").whydrop, 10);
}

Test(audit_ledger, parts_are_no_second_loss)
{
	struct readings before = { 0 }, after = { 0 };
	struct ledger_total total;

	readings_add(&before, "TcpExtListenDrops", 17, 1);
	readings_add(&before, "TcpExtListenOverflows", 21, 1);
	readings_add(&after, "TcpExtListenDrops", 17, 6);
	readings_add(&after, "TcpExtListenOverflows", 21, 4);
	cr_assert_eq(ledger_read(&ledger, POD_NETNS, 7, NULL, &before), 0);
	cr_assert_eq(ledger_read(&ledger, POD_NETNS, 7, NULL, &after), 0);
	lose("accept-queue-full", POD_NETNS, 7, ETH_P_IP, IPPROTO_TCP, NULL, 2);
	lose("syn-queue-full", POD_NETNS, 7, ETH_P_IPV6, IPPROTO_TCP, NULL, 3);
	total = ledger_total(&ledger);
	cr_expect_eq(total.counted, 5);
	cr_expect_eq(total.explained, 5);
	/* seen, but as something else */
	cr_expect_eq(total.findings, 1);
	cr_expect_str_eq(total.worst.counter->name, "TcpExtListenOverflows");
	cr_expect_eq(total.worst.remainder, 1);
}

Test(audit_ledger, what_is_no_loss_is_never_held_against)
{
	look(POD_NETNS, 7, "Ip6OutNoRoutes", 0);
	look(POD_NETNS, 7, "Ip6OutNoRoutes", 9);
	cr_expect_eq(row_of(POD_NETNS, "Ip6OutNoRoutes").remainder, 0);
	cr_expect_not(row_of(POD_NETNS, "Ip6OutNoRoutes").judged);
	cr_expect_eq(ledger_total(&ledger).counted, 0);
	cr_expect_eq(ledger_total(&ledger).findings, 0);
}

Test(audit_ledger, a_counter_that_fell)
{
	look(HOST_NETNS, 1, "qdisc:drops", 50);
	look(HOST_NETNS, 1, "qdisc:drops", 60);
	look(HOST_NETNS, 1, "qdisc:drops", 3);
	look(HOST_NETNS, 1, "qdisc:drops", 5);
	cr_expect_eq(row_of(HOST_NETNS, "QdiscDrops").kernel, 12);
	cr_expect_eq(row_of(HOST_NETNS, "QdiscDrops").flags, LEDGER_RESET);
}

Test(audit_ledger, a_namespace_that_comes)
{
	ledger.begun = true;
	look(POD_NETNS, 7, "UdpRcvbufErrors", 100);
	lose_udp(POD_NETNS, 7, 100);
	cr_expect_eq(row_of(POD_NETNS, "UdpRcvbufErrors").kernel, 0);
	cr_expect_eq(row_of(POD_NETNS, "UdpRcvbufErrors").flags, LEDGER_LATE);
	cr_expect_eq(row_of(POD_NETNS, "UdpRcvbufErrors").remainder, -100);
	cr_expect_not_null(strstr(row_of(POD_NETNS, "UdpRcvbufErrors").reading, "first read"));
	/* a counter that a module has brought begins when it is first seen, too */
	look(POD_NETNS, 7, "conntrack:drop", 5);
	cr_expect_eq(row_of(POD_NETNS, "ConntrackDrop").kernel, 0);
}

Test(audit_ledger, a_namespace_that_goes_and_its_inode_used_again)
{
	struct ledger_row row;
	uint32_t pos = 0;
	int seen = 0;

	look(POD_NETNS, 7, "UdpRcvbufErrors", 10);
	ledger.begun = true;
	look(POD_NETNS, 7, "UdpRcvbufErrors", 13);
	look(HOST_NETNS, 1, "UdpRcvbufErrors", 0);
	cr_expect_eq(row_of(POD_NETNS, "UdpRcvbufErrors").flags, LEDGER_GONE);
	cr_expect_not(ledger_knows(&ledger, POD_NETNS));
	look(POD_NETNS, 8, "UdpRcvbufErrors", 1000);
	look(POD_NETNS, 8, "UdpRcvbufErrors", 1002);
	/* the cookie tells which of the two lost it */
	lose_udp(POD_NETNS, 7, 3);
	lose_udp(POD_NETNS, 8, 2);
	while (ledger_next(&ledger, &pos, &row)) {
		if (row.owner.netns != POD_NETNS ||
		    strcmp(row.counter->name, "UdpRcvbufErrors") != 0)
			continue;
		cr_expect_eq(row.remainder, 0);
		cr_expect_eq(row.kernel, seen++ ? 2 : 3);
	}
	cr_expect_eq(seen, 2);
}

Test(audit_ledger, the_same_inode_without_a_look_between)
{
	look(POD_NETNS, 7, "UdpRcvbufErrors", 10);
	ledger.begun = true;
	look(POD_NETNS, 8, "UdpRcvbufErrors", 4);
	cr_expect_eq(row_of(POD_NETNS, "UdpRcvbufErrors").kernel, 0);
	cr_expect_eq(row_of(POD_NETNS, "UdpRcvbufErrors").flags, LEDGER_LATE);
}

Test(audit_ledger, the_machine_is_everybodys)
{
	shows(0, 0, "softnet:dropped", 5);
	shows(0, 0, "softnet:dropped", 9);
	lose("cpu-backlog-full", 4026532999U, 9, ETH_P_IP, IPPROTO_UDP, "CPU_BACKLOG", 4);
	cr_expect_eq(row_of(0, "SoftnetDropped").remainder, 0);
	cr_expect_eq(row_of(0, "SoftnetDropped").kernel, 4);
}

Test(audit_ledger, since_boot_nothing_is_judged)
{
	ledger.absolute = true;
	look(POD_NETNS, 7, "UdpRcvbufErrors", 100);
	cr_expect_eq(row_of(POD_NETNS, "UdpRcvbufErrors").kernel, 100);
	cr_expect_not(row_of(POD_NETNS, "UdpRcvbufErrors").judged);
	cr_expect_eq(ledger_total(&ledger).findings, 0);
}

static char *print(void (*fn)(FILE *f))
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	cr_assert_not_null(f);
	fn(f);
	fclose(f);
	return text;
}

static void print_sentence(FILE *f)
{
	audit_sentence(f, &ledger, &host);
}

static void print_json(FILE *f)
{
	const struct audit_view view = { .host = &host };

	cr_expect_eq(audit_json(f, &ledger, &view, 0), 0);
}

static void print_text(FILE *f)
{
	const struct audit_view view = { .host = &host };

	audit_text(f, &ledger, &view);
}

static void expect_print(void (*fn)(FILE *f), const char *want)
{
	char *text = print(fn);

	cr_expect_str_eq(text, want);
	free(text);
}

Test(audit_ledger, the_sentence)
{
	expect_print(print_sentence, "");
	look(POD_NETNS, 7, "UdpRcvbufErrors", 0);
	expect_print(print_sentence, "");
	look(POD_NETNS, 7, "UdpRcvbufErrors", 5);
	lose_udp(POD_NETNS, 7, 5);
	expect_print(print_sentence, "\nexplained all 5 counted losses\n");
	look(POD_NETNS, 7, "UdpRcvbufErrors", 7);
	expect_print(
		print_sentence,
		"\nexplained 5 of 7 counted losses; 2 UdpRcvbufErrors in shop/web-0 not seen:\n"
		"Datagrams that found a socket's receive buffer full: see 'ss -ulnm' in that\n"
		"namespace for the socket whose drops (d) grow.\n");
}

Test(audit_ledger, the_table_and_the_lines)
{
	look(POD_NETNS, 7, "UdpRcvbufErrors", 0);
	look(POD_NETNS, 7, "UdpRcvbufErrors", 5);
	lose_udp(POD_NETNS, 7, 6);
	expect_print(
		print_text,
		"WHOSE                    COUNTER                           KERNEL   WHYDROP REMAINDER\n"
		"shop/web-0               UdpRcvbufErrors                        5         6        -1\n"
		"    Some were lost just when the counters were read.\n"
		"total                    losses, each once                      5         5         0\n");
	expect_print(
		print_json,
		"{\"v\":1,\"time\":\"1970-01-01T00:00:00Z\",\"scope\":\"pod\",\"namespace\":\"shop\","
		"\"pod\":\"web-0\",\"uid\":\"" UID_A "\",\"netns_name\":null,\"netns\":4026532001,"
		"\"counter\":\"UdpRcvbufErrors\",\"kernel\":5,\"whydrop\":6,\"remainder\":-1,"
		"\"judged\":true,\"causes\":[\"udp-receive-buffer-full\"],"
		"\"reading\":\"Some were lost just when the counters were read.\",\"flags\":[]}\n");
}
