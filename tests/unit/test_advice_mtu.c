/* SPDX-License-Identifier: GPL-2.0-only */
/* Which end is to be changed to what, from the lengths alone. */
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>

#include "build.h"
#include "classify/advice.h"
#include "fields.h"

static struct event too_long(void)
{
	return (struct event){
		.detail_kind = DETAIL_MTU,
		.detail.mtu = { .size = 1500,
				.in_mtu = 1500,
				.out_mtu = 1450,
				.out_ifindex = 7,
				.in_dev = "veth1",
				.out_dev = "vxlan0" },
	};
}

/* What that advice says of an event, "" if nothing. */
static const char *say(bool (*advise)(struct strbuf *, const struct drop *, const struct host *),
		       const struct event *ev, uint16_t overhead)
{
	static char text[ADVICE_SIZE];
	const struct drop d = { .ev = ev,
				.pkt = { .inner = { .family = overhead ? 4 : 0 },
					 .inner_offset = overhead } };
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	if (!advise(&b, &d, build_host()))
		return "";
	strbuf_putc(&b, 0);
	return text;
}

Test(advice_mtu, the_sender_is_made_narrower)
{
	struct event ev = too_long();
	const char *text = say(advise_mtu_forward, &ev, 0);

	cr_expect(strstr(text, "vxlan0 takes 1450 bytes, the packet has 1500"), "%s", text);
	cr_expect(strstr(text, "ip link set veth1 mtu 1450"), "%s", text);
	cr_expect(strstr(text, "raise it to 1500"), "%s", text);
	cr_expect_not(strstr(text, "told by ICMP"), "%s", text);
	ev.detail.mtu.told = 1450;
	cr_expect(strstr(say(advise_mtu_forward, &ev, 0), "told by ICMP"));
}

Test(advice_mtu, what_the_tunnel_adds_is_taken_off)
{
	const struct event ev = too_long();
	const char *text = say(advise_mtu_forward, &ev, 50);

	cr_expect(strstr(text, "50 of its bytes are overhead"), "%s", text);
	cr_expect(strstr(text, "at most 1400"), "%s", text);
}

Test(advice_mtu, either_end_of_a_veth)
{
	const struct event ev = too_long();
	const char *text = say(advise_mtu_veth, &ev, 0);

	cr_expect(strstr(text, "ip link set veth1 mtu 1450' on the sending end"), "%s", text);
	cr_expect(strstr(text, "ip link set vxlan0 mtu 1500' on the receiving one"), "%s", text);
}

Test(advice_mtu, nothing_without_evidence)
{
	struct event ev = too_long();

	ev.detail_kind = DETAIL_NONE;
	cr_expect_str_eq(say(advise_mtu_forward, &ev, 0), "");
	cr_expect_str_eq(say(advise_mtu_veth, &ev, 0), "");
	cr_expect_str_eq(say(advise_mtu_local, &ev, 0), "");
	cr_expect_str_eq(say(advise_pmtu, &ev, 0), "");
}

Test(advice_mtu, overhead_is_where_the_inner_header_begins)
{
	struct bytes b = { 0 };
	struct packet p;

	build_ipv4(&b, IPPROTO_IPIP, "192.0.2.1", "192.0.2.2");
	build_ipv4(&b, IPPROTO_UDP, "10.0.0.1", "10.0.0.2");
	build_udp(&b, 1, 2);
	packet_decode(&p, b.data, b.size, 0x0800);
	cr_expect_eq(p.inner.family, 4);
	cr_expect_eq(p.inner_offset, 20);
}
