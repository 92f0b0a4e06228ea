/* SPDX-License-Identifier: GPL-2.0-only */
/* Evidence of IPVS in words, and what is advised by it; and which of a hook's functions are pointed out. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/types.h>

#include "classify/advice.h"
#include "classify/classify.h"
#include "fields.h"
#include "kernel/ksyms.h"

static char text[ADVICE_SIZE];

static const char *advised(const char *cause, const struct event *ev, const struct host *h)
{
	const struct verdict v = { .cause = cause_find(cause) };
	const struct drop d = { .ev = ev, .verdict = &v };
	struct strbuf b;

	cr_assert_not_null(v.cause, "%s", cause);
	strbuf_init(&b, text, sizeof(text));
	advice(&b, &d, h);
	cr_expect_not(b.truncated, "%s", cause);
	return text;
}

#define SAYS(cause, ev, h, part)                                                                   \
	cr_expect(strstr(advised(cause, ev, h), part), "%s: no '%s' in: %s", cause, part, text)
#define SAYS_NOT(cause, ev, h, part)                                                               \
	cr_expect_not(strstr(advised(cause, ev, h), part), "%s: '%s' in: %s", cause, part, text)

static const struct host host;

static struct ipvs_end server(int family, const char *addr, uint16_t port, uint32_t weight)
{
	struct ipvs_end e = { .family = family, .port = htons(port), .weight = weight };

	cr_assert_eq(inet_pton(family == 4 ? AF_INET : AF_INET6, addr, e.addr), 1);
	return e;
}

static struct event met(uint32_t note, uint32_t mode, uint32_t expire, uint32_t weight)
{
	struct event ev = { .detail_kind = DETAIL_IPVS, .key.note = NOTE(note, 0) };
	struct detail_ipvs *v = &ev.detail.ipvs;

	v->family = v->real_family = 6;
	v->proto = IPPROTO_TCP;
	v->conn_reuse_mode = mode;
	v->expire_nodest_conn = expire;
	v->weight = weight;
	v->reused = 7;
	v->scheduled = 3;
	v->watched_s = 60;
	for (int i = 0; i < IPVS_SERVERS; i++)
		v->servers[i] = server(6, "2001:db8:aaaa:bbbb:cccc:dddd:eeee:fff1", 30000 + i, 1);
	return ev;
}

static void expect_text(const char *name, const struct event *ev, const char *want)
{
	const struct drop d = { .ev = ev };
	struct field_value v;
	bool known = field_get(field_find(name), &d, &host, &v);

	cr_assert_eq(known, want != NULL, "%s", name);
	if (want)
		cr_expect(v.size == strlen(want) && !memcmp(v.string, want, v.size),
			  "%s: %.*s, not %s", name, (int)v.size, v.string, want);
}

Test(advice_ipvs, servers_are_shown_with_their_weights_or_as_idle)
{
	struct event ev = met(NOTE_IPVS_NO_DEST, 1, 0, 0);

	memset(ev.detail.ipvs.servers, 0, sizeof(ev.detail.ipvs.servers));
	expect_text("server_weights", &ev, NULL);
	ev.detail.ipvs.servers[0] = server(4, "10.2.0.2", 80, 0);
	ev.detail.ipvs.servers[1] = server(6, "fd02::2", 81, 5);
	expect_text("server_weights", &ev, "10.2.0.2:80 weight 0, [fd02::2]:81 weight 5");
	expect_text("servers_without_new", &ev, NULL);
	ev.key.note = NOTE(NOTE_IPVS_PINNED, 0);
	expect_text("server_weights", &ev, NULL);
	expect_text("servers_without_new", &ev, "10.2.0.2:80, [fd02::2]:81");
}

Test(advice_ipvs, who_gets_new_connections_is_told)
{
	static const char *const told[] = { "ipvs-reuse-pinned", "ipvs-dead-destination",
					    "ipvs-reuse-rescheduled" };
	struct event ev = met(NOTE_IPVS_PINNED, 0, 0, 1);

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		SAYS(told[i], &ev, &host, "last 60 s this server got 7 by reuse and 3 by");
		SAYS(told[i], &ev, &host, "none went to [2001:db8:aaaa:bbbb:cccc:dddd:eeee");
	}
	SAYS("ipvs-reuse-pinned", &ev, &host, "conn_reuse_mode=1");
	memset(ev.detail.ipvs.servers, 0, sizeof(ev.detail.ipvs.servers));
	SAYS_NOT("ipvs-reuse-pinned", &ev, &host, "none went");
}

Test(advice_ipvs, a_rescheduled_connection_is_told_by_which_setting)
{
	struct event ev = met(NOTE_IPVS_RESCHEDULED, 1, 0, 1);

	SAYS("ipvs-reuse-rescheduled", &ev, &host, "None is needed: conn_reuse_mode=1");
	ev = met(NOTE_IPVS_RESCHEDULED, 0, 1, 0);
	SAYS("ipvs-reuse-rescheduled", &ev, &host, "drains (weight 0), and expire_nodest_conn=1");
	ev.detail_kind = DETAIL_NONE;
	cr_expect_str_eq(advised("ipvs-reuse-rescheduled", &ev, &host),
			 cause_find("ipvs-reuse-rescheduled")->remedy);
}

Test(advice_ipvs, a_first_syn_is_never_answered_with_mode_0)
{
	struct event ev = met(NOTE_IPVS_FIRST_SYN, 1, 0, 1);

	ev.detail.ipvs.conntrack = 1;
	SAYS("ipvs-first-syn-dropped", &ev, &host, "has the fix of 5.9");
	SAYS("ipvs-first-syn-dropped", &ev, &host, "net.ipv4.vs.conntrack=0");
	SAYS("ipvs-first-syn-dropped", &ev, &host, "Do not set conn_reuse_mode=0");
	SAYS("ipvs-first-syn-dropped", &ev, &host, "a service mesh");
}

#define HOOK 0xffffffff81002000

static struct event hooked(struct ksyms *k, const char *name, const char *module)
{
	const struct ksym sym = { name, module, HOOK, 0x400 };
	struct event ev = { .detail_kind = DETAIL_NF_HOOK };

	cr_assert_eq(ksyms_tell(k, HOOK, &sym), 0);
	ev.detail.nf_hook = (struct detail_nf_hook){
		.netns = 1, .pf = 2, .hook = 2, .count = 1, .function = { HOOK }
	};
	return ev;
}

Test(advice_netfilter, a_hook_is_told_by_its_functions_and_their_modules)
{
	static const struct {
		const char *name, *module, *says;
	} hooks[] = {
		{ "nf_nat_ipv4_out", "nf_nat", "leave by another device than it began on" },
		{ "nf_hook_run_bpf", "", "'bpftool net'" },
		{ "ipv4_synproxy_hook", "nf_synproxy_core", "/proc/net/stat/synproxy" },
		{ "ip_vs_in_hook", "ip_vs", "'ipvsadm -Ln'" },
		{ "ipv6_conntrack_in", "nf_conntrack", "'conntrack -S'" },
	};
	const size_t count = sizeof(hooks) / sizeof(hooks[0]);

	for (size_t i = 0; i < count; i++) {
		struct ksyms *k;
		struct host h = { 0 };
		struct event ev;

		cr_assert_eq(ksyms_told(&k), 0);
		ev = hooked(k, hooks[i].name, hooks[i].module);
		h.ksyms = k;
		SAYS("netfilter-hook-drop", &ev, &h, "functions at ip forward dropped it");
		SAYS("netfilter-hook-drop", &ev, &h, hooks[i].name);
		for (size_t j = 0; j < count; j++)
			if (i == j)
				SAYS("netfilter-hook-drop", &ev, &h, hooks[j].says);
			else
				SAYS_NOT("netfilter-hook-drop", &ev, &h, hooks[j].says);
		ksyms_free(k);
	}
}
