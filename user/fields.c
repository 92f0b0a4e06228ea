/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of evidence. */
#include <string.h>

#include "fields.h"
#include "nf_fields.h"

#define EVENT(member) offsetof(struct event, member)
#define HOST(member)  offsetof(struct host, member)
#define SIZE(member)  .size = sizeof(((struct event *)0)->member)

#define LISTEN(member) EVENT(detail.listen.member)
#define NF(member)     EVENT(detail.nf_rule.member)

/* Behind the help may come more members: .detail, .size, .text. */
#define FIELD(name_, limit_, type_, unit_, offset_, zero_, ...)                                    \
	{                                                                                          \
		.name = name_, .limit = limit_, .type = type_, .unit = unit_, .offset = offset_,   \
		.zero_is_valid = zero_, .help = __VA_ARGS__                                        \
	}

#define NF_TEXT(name, text_, help)                                                                 \
	FIELD(name, NULL, FIELD_TEXT, UNIT_NONE, 0, false, help, .detail = DETAIL_NF_RULE,         \
	      .text = text_)

const struct field fields[] = {
	FIELD("length", NULL, FIELD_U32, UNIT_BYTES, EVENT(length), true,
	      "length of the lost buffer"),
	FIELD("receive_queue_bytes", "receive_buffer_bytes", FIELD_U32, UNIT_BYTES, EVENT(sk_rmem),
	      false, "memory of the packets that wait in the socket"),
	FIELD("receive_buffer_bytes", NULL, FIELD_U32, UNIT_BYTES, EVENT(sk_rcvbuf), false,
	      "limit of that: SO_RCVBUF as the kernel counts it, twice what was asked for"),
	FIELD("socket_backlog_bytes", NULL, FIELD_U32, UNIT_BYTES, EVENT(sk_backlog_len), false,
	      "memory of the packets that arrived while the socket was locked"),
	FIELD("send_queue_bytes", "send_buffer_bytes", FIELD_U32, UNIT_BYTES, EVENT(sk_wmem), false,
	      "memory of the packets the socket has sent and the device has not"),
	FIELD("send_buffer_bytes", NULL, FIELD_U32, UNIT_BYTES, EVENT(sk_sndbuf), false,
	      "limit of that: SO_SNDBUF as the kernel counts it"),
	FIELD("accept_queue", "accept_queue_limit", FIELD_U32, UNIT_CONNECTIONS,
	      EVENT(sk_ack_backlog), false, "connections that wait for accept()"),
	FIELD("accept_queue_limit", NULL, FIELD_U32, UNIT_CONNECTIONS, EVENT(sk_max_ack_backlog),
	      false, "limit of that: the smaller of listen()'s backlog and net.core.somaxconn"),
	FIELD("socket_drops", NULL, FIELD_U32, UNIT_PACKETS, EVENT(sk_drops), false,
	      "packets this socket has lost so far, this one perhaps not yet counted"),
	FIELD("socket_port", NULL, FIELD_U16, UNIT_NONE, EVENT(sk_port), false,
	      "local port of the socket"),
	FIELD("device_mtu", NULL, FIELD_U32, UNIT_BYTES, EVENT(dev_mtu), false,
	      "MTU of the device it was on"),
	FIELD("peer_mtu", NULL, FIELD_U32, UNIT_BYTES, EVENT(peer_mtu), false,
	      "MTU of the other end of the veth"),
	FIELD("route_mtu", NULL, FIELD_U32, UNIT_BYTES, EVENT(dst_mtu), false,
	      "MTU of the device the route leads to"),
	FIELD("qdisc", NULL, FIELD_STR, UNIT_NONE, EVENT(qdisc), false,
	      "kind of the device's root queueing discipline", SIZE(qdisc)),
	FIELD("qdisc_length", "qdisc_limit", FIELD_U32, UNIT_PACKETS, EVENT(qdisc_qlen), false,
	      "packets in that queue"),
	FIELD("qdisc_limit", NULL, FIELD_U32, UNIT_NONE, EVENT(qdisc_limit), false,
	      "its limit, in packets or bytes as the kind counts"),
	FIELD("mark", NULL, FIELD_U32, UNIT_NONE, EVENT(mark), false,
	      "firewall mark of the packet"),
	FIELD("input_ifindex", NULL, FIELD_U32, UNIT_NONE, EVENT(iif), false,
	      "index of the device it came in on"),
	FIELD("rmem_default", NULL, FIELD_SYSCTL, UNIT_BYTES, HOST(rmem_default), false,
	      "net.core.rmem_default: receive buffer of a socket that asks for none"),
	FIELD("rmem_max", NULL, FIELD_SYSCTL, UNIT_BYTES, HOST(rmem_max), false,
	      "net.core.rmem_max: the most that SO_RCVBUF gets"),
	FIELD("tcp_rmem_max", NULL, FIELD_SYSCTL, UNIT_BYTES, HOST(tcp_rmem_max), false,
	      "net.ipv4.tcp_rmem[2]: the most that autotuning gives a TCP socket"),
	FIELD("somaxconn", NULL, FIELD_SYSCTL, UNIT_CONNECTIONS, HOST(somaxconn), false,
	      "net.core.somaxconn of the host's namespace"),
	FIELD("listen_queue", "listen_queue_limit", FIELD_U32, UNIT_CONNECTIONS,
	      LISTEN(accept_queue), true, "connections that wait for accept()",
	      .detail = DETAIL_LISTEN),
	FIELD("listen_queue_limit", NULL, FIELD_U32, UNIT_CONNECTIONS, LISTEN(accept_limit), true,
	      "limit of that: the smaller of listen()'s backlog and net.core.somaxconn",
	      .detail = DETAIL_LISTEN),
	FIELD("syn_queue", "listen_queue_limit", FIELD_U32, UNIT_CONNECTIONS, LISTEN(syn_queue),
	      true, "handshakes that wait for their last ACK", .detail = DETAIL_LISTEN),
	FIELD("netns_somaxconn", NULL, FIELD_U32, UNIT_CONNECTIONS, LISTEN(somaxconn), true,
	      "net.core.somaxconn of the listener's namespace", .detail = DETAIL_LISTEN),
	FIELD("max_syn_backlog", NULL, FIELD_U32, UNIT_CONNECTIONS, LISTEN(max_syn_backlog), true,
	      "net.ipv4.tcp_max_syn_backlog of the listener's namespace", .detail = DETAIL_LISTEN),
	FIELD("syncookies", NULL, FIELD_U32, UNIT_NONE, LISTEN(syncookies), true,
	      "net.ipv4.tcp_syncookies there: 0 never, 1 when the SYN queue is full, 2 always",
	      .detail = DETAIL_LISTEN),
	FIELD("abort_on_overflow", NULL, FIELD_U32, UNIT_NONE, LISTEN(abort_on_overflow), true,
	      "net.ipv4.tcp_abort_on_overflow there: 1 answers with a reset",
	      .detail = DETAIL_LISTEN),
	NF_TEXT("backend", nf_backend_text,
		"what the rule belongs to: nft, iptables-nft, iptables-legacy, ..."),
	NF_TEXT("table_family", nf_family_text, "family of its table: ip, ip6, inet, ..."),
	NF_TEXT("hook", nf_hook_text, "where in the packet's way: input, forward, output, ..."),
	FIELD("table", NULL, FIELD_STR, UNIT_NONE, NF(table), false, "name of the table",
	      .detail = DETAIL_NF_RULE, SIZE(detail.nf_rule.table)),
	NF_TEXT("chain", nf_chain_text, "name of the chain the rule is in"),
	NF_TEXT("base_chain", nf_base_text, "name of the chain that hooks into the packet's way"),
	NF_TEXT("rule", nf_number_text,
		"nftables: the rule's handle; iptables-legacy: its number in the chain"),
	NF_TEXT("rule_text", nf_rule_text, "the rule as far as it could be read"),
	NF_TEXT("comment", nf_comment_text, "its comment"),
	NF_TEXT("rule_for", nf_named_text,
		"the Service, NetworkPolicy ... that its comment or chain names"),
	NF_TEXT("verdict", nf_verdict_text, "what said drop: rule, reject, policy, ..."),
	FIELD("hooks", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "functions registered at the hook, in their order", .detail = DETAIL_NF_HOOK,
	      .text = nf_hooks_text),
	FIELD("hook_point", NULL, FIELD_TEXT, UNIT_NONE, 0, false, "family and place of the hook",
	      .detail = DETAIL_NF_HOOK, .text = nf_point_text),
	FIELD("netdev_max_backlog", NULL, FIELD_SYSCTL, UNIT_PACKETS, HOST(netdev_max_backlog),
	      false, "net.core.netdev_max_backlog: limit of each CPU's input queue"),
	FIELD("neigh_gc_thresh3", NULL, FIELD_SYSCTL, UNIT_NONE, HOST(neigh_gc_thresh3), false,
	      "net.ipv4.neigh.default.gc_thresh3: most entries of the neighbour table"),
	FIELD("unres_qlen_bytes", NULL, FIELD_SYSCTL, UNIT_BYTES, HOST(unres_qlen_bytes), false,
	      "net.ipv4.neigh.default.unres_qlen_bytes: what may wait for one neighbour"),
};

const size_t fields_count = sizeof(fields) / sizeof(fields[0]);

const struct field *field_find(const char *name)
{
	for (size_t i = 0; i < fields_count; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

static bool get_text(const struct field *f, const struct drop *d, const struct host *h,
		     struct field_value *out)
{
	struct strbuf b;

	strbuf_init(&b, out->text, sizeof(out->text));
	out->is_string = true;
	out->string = out->text;
	if (!f->text(&b, d, h))
		return false;
	out->size = b.len;
	return out->size > 0;
}

bool field_get(const struct field *f, const struct drop *d, const struct host *h,
	       struct field_value *out)
{
	const char *event = (const char *)d->ev;

	out->is_string = false;
	out->number = 0;
	if (f->detail && f->detail != (enum detail_kind)d->ev->detail_kind)
		return false;
	switch (f->type) {
	case FIELD_U16:
		out->number = *(const uint16_t *)(event + f->offset);
		break;
	case FIELD_U32:
		out->number = *(const uint32_t *)(event + f->offset);
		break;
	case FIELD_U64:
		out->number = *(const uint64_t *)(event + f->offset);
		break;
	case FIELD_SYSCTL:
		out->number = *(const uint64_t *)((const char *)h + f->offset);
		break;
	case FIELD_STR:
		out->is_string = true;
		out->string = event + f->offset;
		out->size = strnlen(out->string, f->size);
		return out->size > 0;
	case FIELD_TEXT:
		return get_text(f, d, h, out);
	}
	return out->number || f->zero_is_valid;
}

uint64_t field_number(const char *name, const struct drop *d, const struct host *h)
{
	const struct field *f = field_find(name);
	struct field_value v;

	return f && field_get(f, d, h, &v) && !v.is_string ? v.number : 0;
}
