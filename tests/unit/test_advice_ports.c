/* SPDX-License-Identifier: GPL-2.0-only */
/* What is advised about ports and buffers follows from who uses them and who set the limit. */
#include <criterion/criterion.h>
#include <string.h>

#include <linux/types.h>

#include "classify/advice.h"

static char text[ADVICE_SIZE];

typedef bool (*advise_fn)(struct strbuf *out, const struct drop *d, const struct host *h);

static const char *advised(advise_fn advise, const struct event *ev, const struct host *h)
{
	const struct drop d = { .ev = ev };
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	cr_assert(advise(&b, &d, h));
	return text;
}

#define HAS(word) cr_expect_not_null(strstr(text, word), "no '%s' in: %s", word, text)
#define NOT(word) cr_expect_null(strstr(text, word), "'%s' in: %s", word, text)

static const struct host host = { .rmem_max = 212992, .wmem_max = 212992 };

static struct event no_port(unsigned int connected, unsigned int time_wait, unsigned int bound)
{
	struct event ev = { .detail_kind = DETAIL_PORTS };

	ev.key.note = NOTE(NOTE_NO_PORT, PORT_FOR_CONNECT);
	ev.detail.ports = (struct detail_ports){ .low = 32768,
						 .high = 60999,
						 .usable = connected + bound,
						 .counted = 1,
						 .connected = connected,
						 .time_wait = time_wait,
						 .bound = bound,
						 .tw_reuse = 2 };
	return ev;
}

Test(advice_ports, who_takes_the_most_ports_decides)
{
	struct event ev = no_port(28000, 100, 232);

	advised(advise_no_port, &ev, &host);
	HAS("27900 connections to that destination are open");
	HAS("1024 65535");
	HAS("36280 more");
	ev = no_port(28000, 27000, 232);
	advised(advise_no_port, &ev, &host);
	HAS("tcp_tw_reuse=1 (it is 2)");
	ev.detail.ports.tw_reuse = 1;
	advised(advise_no_port, &ev, &host);
	NOT("tcp_tw_reuse");
	ev = no_port(232, 0, 28000);
	advised(advise_no_port, &ev, &host);
	HAS("28000 of the 28232 ports are bound");
	ev.detail.ports.low = 1024;
	ev.detail.ports.high = 65535;
	advised(advise_no_port, &ev, &host);
	NOT("more; reserve");
}

Test(advice_ports, nothing_is_advised_without_evidence)
{
	struct event ev = no_port(0, 0, 0);
	const struct drop d = { .ev = &ev };
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	ev.detail.ports.counted = 0;
	cr_expect_not(advise_no_port(&b, &d, &host));
	ev.detail_kind = DETAIL_NONE;
	cr_expect_not(advise_no_port(&b, &d, &host));
	cr_expect_not(advise_port_held(&b, &d, &host));
	cr_expect_not(advise_receive_buffer(&b, &d, &host));
	cr_expect_not(advise_send_buffer(&b, &d, &host));
	cr_expect_not(advise_send_too_big(&b, &d, &host));
}

Test(advice_ports, a_list_of_reserved_ports_is_not_overwritten)
{
	struct event ev = no_port(0, 0, 0);

	ev.detail.ports.port = 40003;
	advised(advise_port_held, &ev, &host);
	HAS("sysctl -w net.ipv4.ip_local_reserved_ports=40003 ");
	ev.detail.ports.reserved = 2;
	advised(advise_port_held, &ev, &host);
	HAS("$(sysctl -n net.ipv4.ip_local_reserved_ports),40003");
}

Test(advice_ports, memory_is_raised_where_it_ran_out)
{
	struct event ev = { .detail_kind = DETAIL_MEMORY };
	struct detail_memory *m = &ev.detail.memory;

	*m = (struct detail_memory){ .protocol = "TCPv6",
				     .pages = 999,
				     .limits = { 250, 500, 1000 } };
	m->needed = 2;
	advised(advise_memory, &ev, &host);
	HAS("use 999 of 1000 pages");
	HAS("net.ipv4.tcp_mem='1001 1500 2002'");
	m->cgroup_pages = 2047;
	m->cgroup_limit = 2048;
	m->pages = 10;
	advised(advise_memory, &ev, &host);
	HAS("uses 2047 of 2048 pages");
	HAS("above 8388608 bytes");
	m->cgroup_pages = 2;
	cr_expect(!advise_memory(&(struct strbuf){ 0 }, &(struct drop){ .ev = &ev }, &host));
}

Test(advice_ports, a_stuck_reader_needs_no_larger_buffer)
{
	struct event ev = { .detail_kind = DETAIL_DATAGRAMS, .sk_rcvbuf = 212992 };

	ev.detail.datagrams.stalled_ms = 1000;
	advised(advise_receive_buffer, &ev, &host);
	HAS("stuck or gone");
	NOT("rmem_default");
	ev.detail.datagrams.stalled_ms = 999;
	advised(advise_receive_buffer, &ev, &host);
	HAS("net.core.rmem_default=851968");
	ev.detail.datagrams.own_buffer = 1;
	advised(advise_receive_buffer, &ev, &host);
	HAS("ask for 425984");
	HAS("net.core.rmem_max=425984");
	ev.sk_rcvbuf = 8192;
	advised(advise_receive_buffer, &ev, &host);
	HAS("ask for 16384");
	NOT("rmem_max");
}

Test(advice_ports, a_datagram_that_is_too_long_is_told_what_fits)
{
	struct event ev = { .detail_kind = DETAIL_SEND };

	ev.detail.send = (struct detail_send){ .length = 1401, .packet = 1449, .mtu = 1400 };
	advised(advise_send_too_big, &ev, &host);
	HAS("at most 1352 bytes");
}
