/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of evidence. */
#include <string.h>

#include "fields.h"

#define EVENT(member) offsetof(struct event, member)
#define HOST(member)  offsetof(struct host, member)

const struct field fields[] = {
	{ "length", NULL, FIELD_U32, UNIT_BYTES, EVENT(length), true, "length of the lost buffer" },
	{ "receive_queue_bytes", "receive_buffer_bytes", FIELD_U32, UNIT_BYTES, EVENT(sk_rmem),
	  false, "memory of the packets that wait in the socket" },
	{ "receive_buffer_bytes", NULL, FIELD_U32, UNIT_BYTES, EVENT(sk_rcvbuf), false,
	  "limit of that: SO_RCVBUF as the kernel counts it, twice what was asked for" },
	{ "socket_backlog_bytes", NULL, FIELD_U32, UNIT_BYTES, EVENT(sk_backlog_len), false,
	  "memory of the packets that arrived while the socket was locked" },
	{ "send_queue_bytes", "send_buffer_bytes", FIELD_U32, UNIT_BYTES, EVENT(sk_wmem), false,
	  "memory of the packets the socket has sent and the device has not" },
	{ "send_buffer_bytes", NULL, FIELD_U32, UNIT_BYTES, EVENT(sk_sndbuf), false,
	  "limit of that: SO_SNDBUF as the kernel counts it" },
	{ "accept_queue", "accept_queue_limit", FIELD_U32, UNIT_CONNECTIONS, EVENT(sk_ack_backlog),
	  false, "connections that wait for accept()" },
	{ "accept_queue_limit", NULL, FIELD_U32, UNIT_CONNECTIONS, EVENT(sk_max_ack_backlog), false,
	  "limit of that: the smaller of listen()'s backlog and net.core.somaxconn" },
	{ "socket_drops", NULL, FIELD_U32, UNIT_PACKETS, EVENT(sk_drops), false,
	  "packets this socket has lost so far, this one perhaps not yet counted" },
	{ "socket_port", NULL, FIELD_U16, UNIT_NONE, EVENT(sk_port), false,
	  "local port of the socket" },
	{ "device_mtu", NULL, FIELD_U32, UNIT_BYTES, EVENT(dev_mtu), false,
	  "MTU of the device it was on" },
	{ "peer_mtu", NULL, FIELD_U32, UNIT_BYTES, EVENT(peer_mtu), false,
	  "MTU of the other end of the veth" },
	{ "route_mtu", NULL, FIELD_U32, UNIT_BYTES, EVENT(dst_mtu), false,
	  "MTU of the device the route leads to" },
	{ "qdisc", NULL, FIELD_STR, UNIT_NONE, EVENT(qdisc), false,
	  "kind of the device's root queueing discipline" },
	{ "qdisc_length", "qdisc_limit", FIELD_U32, UNIT_PACKETS, EVENT(qdisc_qlen), false,
	  "packets in that queue" },
	{ "qdisc_limit", NULL, FIELD_U32, UNIT_NONE, EVENT(qdisc_limit), false,
	  "its limit, in packets or bytes as the kind counts" },
	{ "mark", NULL, FIELD_U32, UNIT_NONE, EVENT(mark), false, "firewall mark of the packet" },
	{ "input_ifindex", NULL, FIELD_U32, UNIT_NONE, EVENT(iif), false,
	  "index of the device it came in on" },
	{ "rmem_default", NULL, FIELD_SYSCTL, UNIT_BYTES, HOST(rmem_default), false,
	  "net.core.rmem_default: receive buffer of a socket that asks for none" },
	{ "rmem_max", NULL, FIELD_SYSCTL, UNIT_BYTES, HOST(rmem_max), false,
	  "net.core.rmem_max: the most that SO_RCVBUF gets" },
	{ "tcp_rmem_max", NULL, FIELD_SYSCTL, UNIT_BYTES, HOST(tcp_rmem_max), false,
	  "net.ipv4.tcp_rmem[2]: the most that autotuning gives a TCP socket" },
	{ "somaxconn", NULL, FIELD_SYSCTL, UNIT_CONNECTIONS, HOST(somaxconn), false,
	  "net.core.somaxconn of the host's namespace" },
	{ "netdev_max_backlog", NULL, FIELD_SYSCTL, UNIT_PACKETS, HOST(netdev_max_backlog), false,
	  "net.core.netdev_max_backlog: limit of each CPU's input queue" },
	{ "neigh_gc_thresh3", NULL, FIELD_SYSCTL, UNIT_NONE, HOST(neigh_gc_thresh3), false,
	  "net.ipv4.neigh.default.gc_thresh3: most entries of the neighbour table" },
	{ "unres_qlen_bytes", NULL, FIELD_SYSCTL, UNIT_BYTES, HOST(unres_qlen_bytes), false,
	  "net.ipv4.neigh.default.unres_qlen_bytes: what may wait for one neighbour" },
};

const size_t fields_count = sizeof(fields) / sizeof(fields[0]);

const struct field *field_find(const char *name)
{
	for (size_t i = 0; i < fields_count; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

bool field_get(const struct field *f, const struct drop *d, const struct host *h,
	       struct field_value *out)
{
	const char *event = (const char *)d->ev;

	*out = (struct field_value){ 0 };
	switch (f->type) {
	case FIELD_U16:
		out->number = *(const uint16_t *)(event + f->offset);
		break;
	case FIELD_U32:
		out->number = *(const uint32_t *)(event + f->offset);
		break;
	case FIELD_SYSCTL:
		out->number = *(const uint64_t *)((const char *)h + f->offset);
		break;
	case FIELD_STR:
		out->is_string = true;
		out->string = event + f->offset;
		out->size = strnlen(out->string, sizeof(d->ev->qdisc));
		return out->size > 0;
	}
	return out->number || f->zero_is_valid;
}
