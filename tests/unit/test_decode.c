/* SPDX-License-Identifier: GPL-2.0-only */
/* Records: what is one, and what is refused. */
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "decode/decode.h"

static struct event good(void)
{
	struct bytes b = { 0 };

	build_ipv4(&b, IPPROTO_UDP, "10.0.0.1", "10.0.0.2");
	build_udp(&b, 1, 2);
	return build_event(&b, 0x0800);
}

static int try(const struct event *ev, size_t size)
{
	struct drop d;
	void *exact = malloc(size ? size : 1);
	int err;

	memcpy(exact, ev, size);
	err = decode(&d, exact, size);
	free(exact);
	return err;
}

Test(decode, a_good_record)
{
	struct event ev = good();
	struct drop d;

	cr_assert_eq(decode(&d, &ev, sizeof(ev)), 0);
	cr_expect_eq(d.ev, &ev);
	cr_expect_eq(d.pkt.outer.family, 4);
	cr_expect_eq(d.pkt.outer.dport, 2);
}

Test(decode, every_length_that_is_too_short)
{
	struct event ev = good();

	for (size_t size = 0; size < sizeof(ev); size++)
		cr_expect_eq(try(&ev, size), -EBADMSG, "%zu", size);
}

Test(decode, another_version)
{
	struct event ev = good();

	ev.version++;
	cr_expect_eq(try(&ev, sizeof(ev)), -EPROTO);
}

Test(decode, contradictions)
{
	struct event ev = good();

	ev.size = sizeof(ev) - 8;
	cr_expect_eq(try(&ev, sizeof(ev)), -EBADMSG, "shorter than its kind");
	ev.size = sizeof(ev) + 8;
	cr_expect_eq(try(&ev, sizeof(ev)), -EBADMSG, "longer than the data");
	ev = good();
	ev.stack_size = 1;
	cr_expect_eq(try(&ev, sizeof(ev)), -EBADMSG, "a stack behind the end");
	ev = good();
	ev.snap_size = EVENT_SNAP + 1;
	cr_expect_eq(try(&ev, sizeof(ev)), -EBADMSG, "more bytes than there is room for");
	ev = good();
	ev.key.kind = 0;
	cr_expect_eq(try(&ev, sizeof(ev)), -EBADMSG, "no kind");
	ev.key.kind = EV_KIND_MAX;
	cr_expect_eq(try(&ev, sizeof(ev)), -EBADMSG, "a kind to come");
}

Test(decode, offsets_that_lie)
{
	struct event ev = good();
	struct drop d;

	for (unsigned int l3 = 0; l3 <= 0xffff; l3++) {
		ev.l3_offset = l3;
		cr_assert_eq(decode(&d, &ev, sizeof(ev)), 0);
		cr_assert(l3 == 0 || !d.pkt.outer.has_ports, "%u", l3);
	}
}

Test(decode, any_bytes)
{
	struct event ev;
	uint8_t *p = (uint8_t *)&ev;

	srand(2);
	for (int i = 0; i < 20000; i++) {
		for (size_t j = 0; j < sizeof(ev); j++)
			p[j] = rand();
		if (i % 2) {
			ev.size = sizeof(ev);
			ev.version = EVENT_VERSION;
			ev.stack_size = 0;
			ev.key.kind = EV_SKB_DROP;
			ev.snap_size %= EVENT_SNAP + 1;
		}
		try(&ev, sizeof(ev));
	}
}
