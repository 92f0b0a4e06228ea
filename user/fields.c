/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of evidence. */
#include <string.h>

#include "fields.h"
#include "fields_ct.h"
#include "fields_text.h"
#include "fields_ipvs.h"
#include "fields_nf.h"

#define EVENT(member) offsetof(struct event, member)
#define HOST(member)  offsetof(struct host, member)
#define SIZE(member)  .size = sizeof(((struct event *)0)->member)

#define MTU(member)   EVENT(detail.mtu.member)
#define NEIGH(member) EVENT(detail.neigh.member)
#define QDISC(member) EVENT(detail.qdisc.member)
#define PMTU(member)  EVENT(detail.pmtu.member)
#define RPF(member)   EVENT(detail.rpfilter.member)

/* Members of struct detail_*, with what the record says of their size. */
#define DETAIL_SIZE(member) .size = sizeof(((struct event *)0)->detail.member)
#define LISTEN(member)	    EVENT(detail.listen.member)
#define RECEIVER(member)    EVENT(detail.receiver.member)
#define IPVS(member)	    EVENT(detail.ipvs.member)
#define PORTS(member)	    EVENT(detail.ports.member)
#define SEND(member)	    EVENT(detail.send.member)
#define RECV(member)	    EVENT(detail.datagrams.member)
#define MEMORY(member)	    EVENT(detail.memory.member)

#define CT(member)    EVENT(detail.ct.member)
#define CLASH(member) EVENT(detail.clash.member)
#define NAT(member)   EVENT(detail.nat.member)
#define NF(member)    EVENT(detail.nf_rule.member)

/* Behind the help may come more members: .detail, .size, .text. */
#define FIELD(name_, limit_, type_, unit_, offset_, zero_, ...)                                    \
	{                                                                                          \
		.name = name_, .limit = limit_, .type = type_, .unit = unit_, .offset = offset_,   \
		.zero_is_valid = zero_, .help = __VA_ARGS__                                        \
	}

/* "nginx[123]", and how many more have the socket open. */
static bool process_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	const struct process *p = &d->process;

	(void)h;
	if (!p->pid)
		return false;
	strbuf_add(out, p->comm, strnlen(p->comm, sizeof(p->comm)));
	strbuf_printf(out, "[%u]", p->pid);
	if (p->holders > 1)
		strbuf_printf(out, "+%u", p->holders - 1);
	return true;
}

static bool step_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	static const char *const steps[] = {
		[STEP_SYN] = "syn", [STEP_ACK] = "ack", [STEP_COOKIE_ACK] = "cookie-ack"
	};
	__u32 step = NOTE_DATA(d->ev->key.note);

	(void)h;
	if (NOTE_KIND(d->ev->key.note) != NOTE_ACCEPT_FULL ||
	    step >= sizeof(steps) / sizeof(steps[0]))
		return false;
	strbuf_puts(out, steps[step]);
	return true;
}

static bool refused_text(struct strbuf *out, const struct drop *d, const struct host *h)
{
	static const char *const whys[] = {
		[SYN_OTHER_UNKNOWN] = "unknown",
		[SYN_OTHER_LAST_QUARTER] = "last-quarter-of-max-syn-backlog",
		[SYN_OTHER_NO_ROUTE] = "no-route-back",
	};
	__u32 why = NOTE_DATA(d->ev->key.note);

	(void)h;
	if (NOTE_KIND(d->ev->key.note) != NOTE_SYN_OTHER || why >= sizeof(whys) / sizeof(whys[0]))
		return false;
	strbuf_puts(out, whys[why]);
	return true;
}
/* Text about a clash, whether NAT ran out of ports or not. */
#define CLASH_TEXT(name_, text_, help_)                                                            \
	{                                                                                          \
		.name = name_, .type = FIELD_TEXT, .help = help_, .text = text_                    \
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
	FIELD("process", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "who has the socket open or made the call, pid in brackets, how many more behind it",
	      .text = process_text),
	FIELD("device_mtu", NULL, FIELD_U32, UNIT_BYTES, EVENT(dev_mtu), false,
	      "MTU of the device it was on"),
	FIELD("peer_mtu", NULL, FIELD_U32, UNIT_BYTES, EVENT(peer_mtu), false,
	      "MTU of the other end of the veth"),
	FIELD("route_mtu", NULL, FIELD_U32, UNIT_BYTES, EVENT(dst_mtu), false,
	      "MTU of the route, or of the device it leads to"),
	FIELD("packet_size", "way_mtu", FIELD_U32, UNIT_BYTES, MTU(size), false,
	      "length of the packet without link-layer header; of one segment if there are many",
	      .detail = DETAIL_MTU),
	FIELD("way_mtu", NULL, FIELD_U32, UNIT_BYTES, MTU(out_mtu), false,
	      "what the way on takes: MTU of the route, or of the receiving end of a veth",
	      .detail = DETAIL_MTU),
	FIELD("way_device", NULL, FIELD_STR, UNIT_NONE, MTU(out_dev), false,
	      "device of the way on, or receiving end of a veth", .detail = DETAIL_MTU,
	      DETAIL_SIZE(mtu.out_dev)),
	FIELD("way_ifindex", NULL, FIELD_U32, UNIT_NONE, MTU(out_ifindex), false,
	      "index of that device", .detail = DETAIL_MTU),
	FIELD("way_owner", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "whose namespace that device is in: pod, host or name", .detail = DETAIL_MTU,
	      .text = text_receiver),
	FIELD("input_device", NULL, FIELD_STR, UNIT_NONE, MTU(in_dev), false,
	      "device the packet came in on, or sending end of a veth", .detail = DETAIL_MTU,
	      DETAIL_SIZE(mtu.in_dev)),
	FIELD("input_mtu", NULL, FIELD_U32, UNIT_BYTES, MTU(in_mtu), false, "MTU of that device",
	      .detail = DETAIL_MTU),
	FIELD("icmp_answer", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "whether the sender was told by ICMP, and which MTU", .detail = DETAIL_MTU,
	      .text = text_icmp_answer),
	FIELD("dont_fragment", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "whether the packet may be fragmented on its way", .text = text_dont_fragment),
	FIELD("tunnel_overhead", NULL, FIELD_NUMBER, UNIT_BYTES, 0, false,
	      "what the tunnel put before the inner packet", .number = number_tunnel_overhead),
	FIELD("mss", NULL, FIELD_U32, UNIT_BYTES, PMTU(mss), false, "payload of a full TCP segment",
	      .detail = DETAIL_PMTU),
	FIELD("segment", "mss", FIELD_U32, UNIT_BYTES, PMTU(segment), false,
	      "payload of the segment that is sent again and again", .detail = DETAIL_PMTU),
	FIELD("retransmissions", NULL, FIELD_U32, UNIT_NONE, PMTU(retransmits), false,
	      "how often it was sent again", .detail = DETAIL_PMTU),
	FIELD("path_mtu", NULL, FIELD_U32, UNIT_BYTES, PMTU(pmtu), false,
	      "path MTU as the connection knows it", .detail = DETAIL_PMTU),
	FIELD("passed_behind", NULL, FIELD_U32, UNIT_BYTES, PMTU(passed), false,
	      "longest run of bytes behind it that the peer has", .detail = DETAIL_PMTU),
	FIELD("passed_before", NULL, FIELD_U32, UNIT_BYTES, PMTU(acked), true,
	      "bytes the peer had acknowledged on this connection before it",
	      .detail = DETAIL_PMTU),
	FIELD("heard_since", NULL, FIELD_U32, UNIT_NONE, PMTU(heard), true,
	      "1: something came from the peer since the first repetition", .detail = DETAIL_PMTU),
	FIELD("mtu_probing", NULL, FIELD_U32, UNIT_NONE, PMTU(probing), true,
	      "net.ipv4.tcp_mtu_probing of the sender's namespace", .detail = DETAIL_PMTU),
	FIELD("next_hop", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "address of the neighbour that was looked for, and its device",
	      .detail = DETAIL_NEIGH, .text = text_next_hop),
	FIELD("neighbour_state", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "incomplete: being looked for; failed: did not answer", .detail = DETAIL_NEIGH,
	      .text = text_neighbour_state),
	FIELD("neighbour_probes", NULL, FIELD_U16, UNIT_NONE, NEIGH(probes), false,
	      "how often it was asked", .detail = DETAIL_NEIGH),
	FIELD("neighbour_queue_bytes", "neighbour_queue_limit", FIELD_U32, UNIT_BYTES,
	      NEIGH(queue_bytes), false, "memory of the packets that wait for it",
	      .detail = DETAIL_NEIGH),
	FIELD("neighbour_queue_limit", NULL, FIELD_U32, UNIT_BYTES, NEIGH(queue_limit), false,
	      "unres_qlen_bytes of its device: limit of that", .detail = DETAIL_NEIGH),
	FIELD("neighbour_entries", "neighbour_limit", FIELD_U32, UNIT_NONE, NEIGH(entries), false,
	      "entries of the neighbour table that count against its limit",
	      .detail = DETAIL_NEIGH),
	FIELD("neighbour_limit", NULL, FIELD_U32, UNIT_NONE, NEIGH(gc_thresh3), false,
	      "gc_thresh3: limit of that", .detail = DETAIL_NEIGH),
	FIELD("rp_filter_all", NULL, FIELD_U32, UNIT_NONE, RPF(all), true,
	      "net.ipv4.conf.all.rp_filter of the namespace", .detail = DETAIL_RPFILTER),
	FIELD("rp_filter_device", NULL, FIELD_U32, UNIT_NONE, RPF(dev), true,
	      "rp_filter of the device; the larger of the two rules", .detail = DETAIL_RPFILTER),
	FIELD("leaf", NULL, FIELD_STR, UNIT_NONE, QDISC(kind), false,
	      "kind of the queueing discipline that refused the packet", .detail = DETAIL_QDISC,
	      DETAIL_SIZE(qdisc.kind)),
	FIELD("leaf_parent", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "class it is in, root if it is the device's own", .detail = DETAIL_QDISC,
	      .text = text_qdisc_parent),
	FIELD("leaf_length", "leaf_limit", FIELD_U32, UNIT_PACKETS, QDISC(length), true,
	      "packets in it", .detail = DETAIL_QDISC),
	FIELD("leaf_limit", NULL, FIELD_U32, UNIT_NONE, QDISC(limit), false,
	      "its limit, in packets or bytes as the kind counts", .detail = DETAIL_QDISC),
	FIELD("leaf_backlog_bytes", NULL, FIELD_U32, UNIT_BYTES, QDISC(backlog), false,
	      "bytes in it", .detail = DETAIL_QDISC),
	FIELD("leaf_drops", NULL, FIELD_U32, UNIT_PACKETS, QDISC(drops), false,
	      "packets it has refused so far, this one perhaps not yet counted",
	      .detail = DETAIL_QDISC),
	FIELD("policy_direction", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "direction of the IPsec policy: in, out or fwd", .text = text_policy_direction),
	FIELD("tx_queue_len", NULL, FIELD_U32, UNIT_PACKETS, EVENT(tx_queue_len), false,
	      "txqueuelen of the device: size of the ring of a tun or tap"),
	FIELD("qdisc", NULL, FIELD_STR, UNIT_NONE, EVENT(qdisc), false,
	      "kind of the queueing discipline of the device's queue", SIZE(qdisc)),
	FIELD("qdisc_backlog_bytes", NULL, FIELD_U32, UNIT_BYTES, EVENT(qdisc_backlog), false,
	      "bytes in that queue"),
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
	FIELD("handshake_step", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "what found the accept queue full: syn, ack or cookie-ack", .text = step_text),
	FIELD("refused_because", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "last-quarter-of-max-syn-backlog, no-route-back or unknown", .text = refused_text),
	FIELD("receive_window", NULL, FIELD_U32, UNIT_BYTES, RECEIVER(window), true,
	      "how much more the peer may send", .detail = DETAIL_RECEIVER),
	FIELD("unread_bytes", NULL, FIELD_U32, UNIT_BYTES, RECEIVER(unread), true,
	      "data in order that the application has not read", .detail = DETAIL_RECEIVER),
	FIELD("receive_buffer_fixed", NULL, FIELD_U32, UNIT_NONE, RECEIVER(buffer_fixed), true,
	      "1: the application has set SO_RCVBUF, so that the buffer does not grow by itself",
	      .detail = DETAIL_RECEIVER),
	FIELD("netns_tcp_rmem_max", NULL, FIELD_U32, UNIT_BYTES, RECEIVER(rmem_max), true,
	      "net.ipv4.tcp_rmem[2] of the socket's namespace: the most it grows to by itself",
	      .detail = DETAIL_RECEIVER),
	FIELD("socket_protocol", NULL, FIELD_STR, UNIT_NONE, MEMORY(protocol), false,
	      "protocol whose sockets share the memory", .detail = DETAIL_MEMORY,
	      DETAIL_SIZE(memory.protocol)),
	FIELD("protocol_pages", "protocol_limit_pages", FIELD_U32, UNIT_NONE, MEMORY(pages), true,
	      "pages that all sockets of the protocol use", .detail = DETAIL_MEMORY),
	FIELD("protocol_limit_pages", NULL, FIELD_U32, UNIT_NONE, MEMORY(limits[2]), true,
	      "the third of net.ipv4.tcp_mem or udp_mem", .detail = DETAIL_MEMORY),
	FIELD("needed_pages", NULL, FIELD_U32, UNIT_NONE, MEMORY(needed), false,
	      "pages that this packet would have taken", .detail = DETAIL_MEMORY),
	FIELD("cgroup_pages", "cgroup_limit_pages", FIELD_U32, UNIT_NONE, MEMORY(cgroup_pages),
	      false, "pages used in the memory cgroup around the socket that has the least left",
	      .detail = DETAIL_MEMORY),
	FIELD("cgroup_limit_pages", NULL, FIELD_U32, UNIT_NONE, MEMORY(cgroup_limit), false,
	      "memory.max of that cgroup", .detail = DETAIL_MEMORY),
	FIELD("virtual_service", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "address and port of the IPVS service", .detail = DETAIL_IPVS,
	      .text = ipvs_virtual_service),
	FIELD("real_server", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "server that the connection's entry leads to", .detail = DETAIL_IPVS,
	      .text = ipvs_real_server),
	FIELD("weight", NULL, FIELD_U32, UNIT_NONE, IPVS(weight), true,
	      "weight of that server: 0 takes no new connections", .detail = DETAIL_IPVS),
	FIELD("available", NULL, FIELD_U32, UNIT_NONE, IPVS(available), true,
	      "0: the server has been removed from the service", .detail = DETAIL_IPVS),
	FIELD("ipvs_state", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "state of the connection's entry when the packet met it", .detail = DETAIL_IPVS,
	      .text = ipvs_state),
	FIELD("conntrack_state", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "conntrack entry of the packet: confirmed means an old one is still alive",
	      .detail = DETAIL_IPVS, .text = ipvs_conntrack_state),
	FIELD("conn_reuse_mode", NULL, FIELD_U32, UNIT_NONE, IPVS(conn_reuse_mode), true,
	      "net.ipv4.vs.conn_reuse_mode there", .detail = DETAIL_IPVS),
	FIELD("expire_nodest_conn", NULL, FIELD_U32, UNIT_NONE, IPVS(expire_nodest_conn), true,
	      "net.ipv4.vs.expire_nodest_conn there", .detail = DETAIL_IPVS),
	FIELD("vs_conntrack", NULL, FIELD_U32, UNIT_NONE, IPVS(conntrack), true,
	      "net.ipv4.vs.conntrack there", .detail = DETAIL_IPVS),
	FIELD("real_servers", NULL, FIELD_U32, UNIT_NONE, IPVS(num_dests), true,
	      "real servers of the service, those of weight 0 too", .detail = DETAIL_IPVS),
	FIELD("server_weights", NULL, FIELD_TEXT, UNIT_NONE, 0, false, "the first of them",
	      .detail = DETAIL_IPVS, .text = ipvs_servers),
	FIELD("new_by_reuse", NULL, FIELD_U64, UNIT_CONNECTIONS, IPVS(reused), true,
	      "new connections this server got by reuse while whydrop watched",
	      .detail = DETAIL_IPVS),
	FIELD("new_by_schedule", NULL, FIELD_U64, UNIT_CONNECTIONS, IPVS(scheduled), true,
	      "and by the scheduler", .detail = DETAIL_IPVS),
	FIELD("new_within_s", NULL, FIELD_U32, UNIT_NONE, IPVS(watched_s), true,
	      "seconds since the first of these was seen", .detail = DETAIL_IPVS),
	FIELD("servers_without_new", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "servers of the service that take new connections and got none meanwhile",
	      .detail = DETAIL_IPVS, .text = ipvs_idle_servers),
	FIELD("died_at", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "function that freed the packet, and the kernel's reason", .text = ipvs_died_at),
	FIELD("conntrack_entries", "conntrack_max", FIELD_U32, UNIT_CONNECTIONS, CT(count), false,
	      "connections of this namespace in conntrack's table", .detail = DETAIL_CT),
	FIELD("conntrack_max", NULL, FIELD_U32, UNIT_CONNECTIONS, CT(max), false,
	      "net.netfilter.nf_conntrack_max: the same limit for each namespace",
	      .detail = DETAIL_CT),
	FIELD("conntrack_buckets", NULL, FIELD_U32, UNIT_NONE, CT(buckets), false,
	      "net.netfilter.nf_conntrack_buckets: of the one hash table for all namespaces",
	      .detail = DETAIL_CT),
	FIELD("conntrack_status", NULL, FIELD_U32, UNIT_NONE, CT(status), false,
	      "bits of enum ip_conntrack_status of the entry", .detail = DETAIL_CT),
	CLASH_TEXT("loser_original", text_loser_original,
		   "the lost packet's connection as it was opened"),
	CLASH_TEXT("loser_reply", text_loser_reply, "the same as its answers would come"),
	CLASH_TEXT("loser_pod", text_loser_pod, "pod that opened it"),
	CLASH_TEXT("winner_original", text_winner_original,
		   "the connection that was there before, as it was opened"),
	CLASH_TEXT("winner_reply", text_winner_reply, "the same as its answers come"),
	CLASH_TEXT("winner_pod", text_winner_pod, "pod that opened that one"),
	CLASH_TEXT("nat_done", text_nat_done, "which address of the loser NAT has changed"),
	FIELD("clash_direction", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "direction of the winner that is in the way", .detail = DETAIL_CLASH,
	      .text = text_clash_direction),
	FIELD("zone", NULL, FIELD_U16, UNIT_NONE, CLASH(loser_zone), true,
	      "conntrack zone of the loser", .detail = DETAIL_CLASH),
	FIELD("nat_address", NULL, FIELD_TEXT, UNIT_NONE, 0, false, "source address that NAT gives",
	      .detail = DETAIL_NAT, .text = text_nat_address),
	FIELD("nat_destination", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "destination to which it has no port left", .detail = DETAIL_NAT,
	      .text = text_nat_destination),
	FIELD("nat_range", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "addresses and ports the rule may choose from", .detail = DETAIL_NAT,
	      .text = text_nat_range),
	FIELD("nat_tries", NULL, FIELD_U32, UNIT_NONE, NAT(tries), true,
	      "ports that NAT tried and found taken; a rule of one port tries none",
	      .detail = DETAIL_NAT),
	FIELD("invalid_because", NULL, FIELD_TEXT, UNIT_NONE, 0, false,
	      "what conntrack would log of it", .text = text_invalid),
	FIELD("datagram_bytes", NULL, FIELD_U32, UNIT_BYTES, SEND(length), true,
	      "length of the datagram that was to be sent", .detail = DETAIL_SEND),
	FIELD("packet_bytes", "send_mtu", FIELD_U32, UNIT_BYTES, SEND(packet), true,
	      "the same with UDP and IP headers", .detail = DETAIL_SEND),
	FIELD("send_mtu", NULL, FIELD_U32, UNIT_BYTES, SEND(mtu), false,
	      "MTU of the route: its device's, or a smaller one that was learnt of the path",
	      .detail = DETAIL_SEND),
	FIELD("send_buffer_set", NULL, FIELD_U32, UNIT_NONE, SEND(own_buffer), true,
	      "1: the application has set SO_SNDBUF", .detail = DETAIL_SEND),
	FIELD("waiting_packets", NULL, FIELD_U32, UNIT_PACKETS, RECV(queue_length), true,
	      "packets that wait in the socket", .detail = DETAIL_DATAGRAMS),
	FIELD("reader_stalled_ms", NULL, FIELD_U32, UNIT_NONE, RECV(stalled_ms), true,
	      "milliseconds since the losses have found the same packet waiting first",
	      .detail = DETAIL_DATAGRAMS),
	FIELD("receive_buffer_set", NULL, FIELD_U32, UNIT_NONE, RECV(own_buffer), true,
	      "1: the application has set SO_RCVBUF", .detail = DETAIL_DATAGRAMS),
	FIELD("wmem_default", NULL, FIELD_SYSCTL, UNIT_BYTES, HOST(wmem_default), false,
	      "net.core.wmem_default: send buffer of a socket that asks for none"),
	FIELD("wmem_max", NULL, FIELD_SYSCTL, UNIT_BYTES, HOST(wmem_max), false,
	      "net.core.wmem_max: the most that SO_SNDBUF gets"),
	FIELD("wanted_port", NULL, FIELD_U32, UNIT_NONE, PORTS(port), false,
	      "port that bind() asked for", .detail = DETAIL_PORTS),
	FIELD("port_range", NULL, FIELD_TEXT, UNIT_NONE, 0, true,
	      "net.ipv4.ip_local_port_range of the socket's namespace, or the socket's own",
	      .detail = DETAIL_PORTS, .text = text_port_range),
	FIELD("ports_connected", "ports_usable", FIELD_U32, UNIT_NONE, PORTS(connected), false,
	      "ports of the range in use to the same destination: counted by the kernel's own "
	      "search",
	      .detail = DETAIL_PORTS),
	FIELD("ports_time_wait", NULL, FIELD_U32, UNIT_NONE, PORTS(time_wait), false,
	      "of them, those whose connection is over and waits in TIME_WAIT",
	      .detail = DETAIL_PORTS),
	FIELD("ports_bound", "ports_usable", FIELD_U32, UNIT_NONE, PORTS(bound), false,
	      "ports of the range that sockets have bound, listeners among them: the rest of "
	      "what that search passed over",
	      .detail = DETAIL_PORTS),
	FIELD("ports_usable", NULL, FIELD_U32, UNIT_NONE, PORTS(usable), true,
	      "ports of the range that are not reserved", .detail = DETAIL_PORTS),
	FIELD("ports_reserved", NULL, FIELD_U32, UNIT_NONE, PORTS(reserved), false,
	      "ports of the range in net.ipv4.ip_local_reserved_ports", .detail = DETAIL_PORTS),
	FIELD("port_holder", NULL, FIELD_TEXT, UNIT_NONE, 0, true,
	      "the outgoing connection that holds the port", .detail = DETAIL_PORTS,
	      .text = text_port_holder),
	FIELD("port_holder_process", NULL, FIELD_TEXT, UNIT_NONE, 0, true,
	      "process that has it open", .detail = DETAIL_PORTS, .text = text_port_holder_process),
	FIELD("port_holder_pod", NULL, FIELD_TEXT, UNIT_NONE, 0, true,
	      "pod, or unit, of that connection's socket", .detail = DETAIL_PORTS,
	      .text = text_port_holder_pod),
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
	case FIELD_NUMBER:
		return f->number(&out->number, d);
	}
	return out->number || f->zero_is_valid;
}

uint64_t field_number(const char *name, const struct drop *d, const struct host *h)
{
	const struct field *f = field_find(name);
	struct field_value v;

	return f && field_get(f, d, h, &v) && !v.is_string ? v.number : 0;
}
