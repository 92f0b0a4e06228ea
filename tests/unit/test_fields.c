/* SPDX-License-Identifier: GPL-2.0-only */
/* Each row of evidence reads the member it is named after, and nothing that is not known. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "build.h"
#include "fields.h"

/* What `full()` puts into the member of each field. */
static const struct {
	const char *name;
	uint64_t value;
} values[] = {
	{ "length", 101 },
	{ "receive_queue_bytes", 102 },
	{ "receive_buffer_bytes", 103 },
	{ "socket_backlog_bytes", 104 },
	{ "send_queue_bytes", 105 },
	{ "send_buffer_bytes", 106 },
	{ "accept_queue", 107 },
	{ "accept_queue_limit", 108 },
	{ "socket_drops", 109 },
	{ "socket_port", 65535 },
	{ "device_mtu", 111 },
	{ "peer_mtu", 112 },
	{ "route_mtu", 113 },
	{ "qdisc_length", 114 },
	{ "qdisc_limit", 115 },
	{ "qdisc_backlog_bytes", 118 },
	{ "tx_queue_len", 119 },
	{ "mark", 0xffffffff },
	{ "input_ifindex", 117 },
	{ "rmem_default", 1ULL << 40 },
	{ "rmem_max", 201 },
	{ "tcp_rmem_max", 202 },
	{ "somaxconn", 203 },
	{ "netdev_max_backlog", 204 },
	{ "neigh_gc_thresh3", 205 },
	{ "unres_qlen_bytes", 206 },
	{ "wmem_default", 207 },
	{ "wmem_max", 208 },
};

#define VALUES (sizeof(values) / sizeof(values[0]))

static struct event full(void)
{
	return (struct event){
		.length = 101,
		.sk_rmem = 102,
		.sk_rcvbuf = 103,
		.sk_backlog_len = 104,
		.sk_wmem = 105,
		.sk_sndbuf = 106,
		.sk_ack_backlog = 107,
		.sk_max_ack_backlog = 108,
		.sk_drops = 109,
		.sk_port = 65535,
		.dev_mtu = 111,
		.peer_mtu = 112,
		.dst_mtu = 113,
		.qdisc_qlen = 114,
		.qdisc_limit = 115,
		.qdisc_backlog = 118,
		.tx_queue_len = 119,
		.mark = 0xffffffff,
		.iif = 117,
		.qdisc = "fq_codel",
	};
}

static const struct host host = {
	.rmem_default = 1ULL << 40,
	.rmem_max = 201,
	.tcp_rmem_max = 202,
	.somaxconn = 203,
	.netdev_max_backlog = 204,
	.neigh_gc_thresh3 = 205,
	.unres_qlen_bytes = 206,
	.wmem_default = 207,
	.wmem_max = 208,
};

static bool get(const char *name, const struct event *ev, struct field_value *v)
{
	const struct drop d = { .ev = ev };
	const struct field *f = field_find(name);

	cr_assert_not_null(f, "%s", name);
	return field_get(f, &d, &host, v);
}

Test(fields, each_reads_its_member)
{
	const struct event ev = full();
	struct field_value v;

	for (size_t i = 0; i < VALUES; i++) {
		cr_assert(get(values[i].name, &ev, &v), "%s", values[i].name);
		cr_expect_not(v.is_string);
		cr_expect_eq(v.number, values[i].value, "%s is %lu", values[i].name, v.number);
	}
}

static bool is_listed(const struct field *f)
{
	for (size_t i = 0; i < VALUES; i++)
		if (!strcmp(values[i].name, f->name))
			return true;
	return f->type == FIELD_STR || f->type == FIELD_TEXT || f->type == FIELD_NUMBER;
}

Test(fields, each_number_is_tested)
{
	for (size_t i = 0; i < fields_count; i++)
		cr_expect(fields[i].detail || is_listed(&fields[i]), "%s", fields[i].name);
}

/* Evidence of a hook: from its place in the detail, and only where the event has that detail. */
Test(fields, details_are_read_by_their_tag)
{
	struct event ev = { 0 };
	const struct drop d = { .ev = &ev };
	struct field_value v;

	for (size_t i = 0; i < fields_count; i++) {
		const struct field *f = &fields[i];

		if (!f->detail || f->type == FIELD_TEXT)
			continue;
		cr_assert(f->offset >= offsetof(struct event, detail) &&
				  f->offset < offsetof(struct event, snap),
			  "%s", f->name);
		memset(&ev.detail, 'x', sizeof(ev.detail));
		ev.detail_kind = f->detail;
		cr_expect(field_get(f, &d, &host, &v), "%s", f->name);
		cr_expect(v.is_string || v.number, "%s", f->name);
		ev.detail_kind = f->detail + 1;
		cr_expect_not(field_get(f, &d, &host, &v), "%s", f->name);
	}
}

Test(fields, a_name_need_not_end)
{
	struct event ev = full();
	struct field_value v;

	cr_assert(get("qdisc", &ev, &v));
	cr_expect(v.is_string);
	cr_expect_eq(v.size, 8);
	cr_expect_arr_eq(v.string, "fq_codel", 8);
	memset(ev.qdisc, 'q', sizeof(ev.qdisc));
	cr_assert(get("qdisc", &ev, &v));
	cr_expect_eq(v.size, sizeof(ev.qdisc));
}

Test(fields, what_is_not_known_is_not_shown)
{
	const struct event nothing = { 0 };
	const struct host no_limits = { 0 };
	const struct drop d = { .ev = &nothing };
	struct field_value v;

	for (size_t i = 0; i < fields_count; i++)
		cr_expect_eq(field_get(&fields[i], &d, &no_limits, &v),
			     fields[i].zero_is_valid && !fields[i].detail, "%s", fields[i].name);
	cr_expect(get("length", &nothing, &v), "an empty buffer has a length");
}

Test(fields, names_are_well_formed_and_limits_exist)
{
	for (size_t i = 0; i < fields_count; i++) {
		const struct field *f = &fields[i], *limit;

		cr_expect_eq(field_find(f->name), f, "%s is there twice", f->name);
		cr_expect_eq(strspn(f->name, "abcdefghijklmnopqrstuvwxyz_0123456789"),
			     strlen(f->name), "%s", f->name);
		cr_expect_leq(strlen(f->name), FIELD_NAME_MAX, "%s", f->name);
		cr_expect(f->help && *f->help && !strpbrk(f->help, "\"\\\n"),
			  "%s: stands in the schema as it is", f->name);
		if (!f->limit)
			continue;
		limit = field_find(f->limit);
		cr_assert_not_null(limit, "%s: no field %s", f->name, f->limit);
		cr_expect(limit->type != FIELD_STR && limit != f);
	}
	cr_expect_null(field_find("no-such-field"));
}
