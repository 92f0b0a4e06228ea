/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of the probe table. */
#include <string.h>

#include <linux/types.h>

#include "kfeat.h"
#include "probe/probes.h"

/* Drop reasons came with 5.17 (c504e5c2f964), as third argument of the tracepoint. */
static bool has_no_reasons(const struct facts *f)
{
	return facts_get(f, KF_TP, "kfree_skb", 0) < 3;
}

/* 6.11 (c53795d48ee8) gave it the receiver's socket, as fourth argument. */
static bool has_no_rx_sk(const struct facts *f)
{
	return facts_get(f, KF_TP, "kfree_skb", 0) < 4;
}

/* Since 6.12 the tracepoint tells socket and packet, before the free. */
static bool tells_refused_packet(const struct facts *f)
{
	return facts_get(f, KF_TP, "udp_fail_queue_rcv_skb", 0) >= 3;
}

static bool hides_refused_packet(const struct facts *f)
{
	return !tells_refused_packet(f);
}

#define REJECT(family)                                                                             \
	{                                                                                          \
		.name = "nft_reject_" #family, .group = "netfilter",                               \
		.help = "the rule of nftables that rejects (" #family ")",                         \
		.cost = "per packet rejected", .causes = "the rule of netfilter-rule-drop",        \
		.module = "nft_reject_" #family, .rules = RULES_CHEAP, .demand = DEMAND_RULES,     \
		.notes = true, .attach = {                                                         \
			{ ATTACH_FENTRY, "nft_reject_" #family "_eval" },                          \
			{ ATTACH_KPROBE, "nft_reject_" #family "_eval" }                           \
		}                                                                                  \
	}

#define TABLE(prefix, family, what)                                                                \
	{                                                                                          \
		.name = #prefix "_table", .group = "legacy", .help = "packets that " what " drop", \
		.cost = "per packet and table", .causes = "netfilter-rule-drop of " what,          \
		.module = #family "_tables", .rules = RULES_CHEAP, .demand = DEMAND_RULES,         \
		.engine = true, .notes = true, .attach = {                                         \
			{ ATTACH_FEXIT, #prefix "_do_table" },                                     \
			{ ATTACH_KRETPROBE, #prefix "_do_table" }                                  \
		}                                                                                  \
	}

const struct probe probes[] = {
	{
		.name = "kfree_skb",
		.group = "skb",
		.help = "every buffer the kernel frees as dropped",
		.cost = "per drop",
		.causes = "all",
		.required = true,
		.attach = { { ATTACH_TP_BTF, "kfree_skb" }, { ATTACH_RAW_TP, "kfree_skb" } },
	},
	{
		.name = "icmp_error4",
		.group = "route",
		.help = "the ICMP error that tells why a packet is about to be freed",
		.cost = "per ICMP error sent",
		.causes = "ttl-expired, mtu-forward-too-big where the kernel gives no reason",
		.notes = true,
		.watched = offsetof(struct kfeat, icmp4_watched),
		.attach = { { ATTACH_FENTRY, "__icmp_send" },
			    { ATTACH_KPROBE, "__icmp_send" },
			    { ATTACH_TP_BTF, "icmp_send" } },
	},
	{
		.name = "icmp_error6",
		.group = "route",
		.help = "the same for ICMPv6",
		.cost = "per ICMPv6 error sent",
		.causes = "ttl-expired, mtu-forward-too-big where the kernel gives no reason",
		.notes = true,
		.watched = offsetof(struct kfeat, icmp6_watched),
		.attach = { { ATTACH_FENTRY, "icmp6_send" }, { ATTACH_KPROBE, "icmp6_send" } },
	},
	{
		.name = "neigh_failed4",
		.group = "neigh",
		.help = "the next hop that did not answer ARP, for each packet that waited for it",
		.cost = "per packet given up",
		.causes = "next hop and queue of neighbour-failed",
		.notes = true,
		.attach = { { ATTACH_FENTRY, "arp_error_report" },
			    { ATTACH_KPROBE, "arp_error_report" } },
	},
	{
		.name = "neigh_failed6",
		.group = "neigh",
		.help = "the same for neighbour discovery",
		.cost = "per packet given up",
		.causes = "next hop and queue of neighbour-failed (IPv6)",
		.notes = true,
		.attach = { { ATTACH_FENTRY, "ndisc_error_report" },
			    { ATTACH_KPROBE, "ndisc_error_report" } },
	},
	{
		.name = "neigh_queue",
		.group = "neigh",
		.help = "the next hop for which packets have to make room for others",
		.cost = "per packet to an unknown neighbour",
		.causes = "next hop and queue of neighbour-queue-full",
		.attach = { { ATTACH_FEXIT, "__neigh_event_send" },
			    { ATTACH_KRETPROBE, "__neigh_event_send" } },
	},
	{
		.name = "qdisc_drop",
		.group = "qdisc",
		.help = "the queueing discipline that refuses a packet",
		.cost = "per packet refused",
		.causes = "which leaf of qdisc-full: the device's root is shown instead",
		.notes = true,
		.attach = { { ATTACH_TP_BTF, "qdisc_drop" } },
	},
	{
		.name = "xfrm_policy",
		.group = "xfrm",
		.help = "a packet that an IPsec policy refuses where it arrives or is forwarded",
		.cost = "per packet, only where there are IPsec policies",
		.causes = "xfrm-policy where the kernel gives no reason, direction of the policy",
		.notes = true,
		.attach = { { ATTACH_FEXIT, "__xfrm_policy_check" },
			    { ATTACH_KRETPROBE, "__xfrm_policy_check" } },
	},
	{
		.name = "xfrm_forward",
		.group = "xfrm",
		.help = "the same for the way on",
		.cost = "per packet forwarded, only where there are IPsec policies",
		.causes = "xfrm-policy where the kernel gives no reason",
		.notes = true,
		.attach = { { ATTACH_FEXIT, "__xfrm_route_forward" },
			    { ATTACH_KRETPROBE, "__xfrm_route_forward" } },
	},
	{
		.name = "pmtu_blackhole",
		.group = "tcp_pmtu",
		.help = "full-size segments that are sent again and again",
		.cost = "per TCP retransmission",
		.causes = "pmtu-blackhole-suspected",
		.attach = { { ATTACH_TP_BTF, "tcp_retransmit_skb" },
			    { ATTACH_RAW_TP, "tcp_retransmit_skb" } },
	},
	{
		.name = "nft_run",
		.group = "netfilter",
		.help = "which base chain of nftables dropped a packet",
		.cost = "per packet and base chain",
		.causes = "netfilter-rule-drop, netfilter-policy-drop of nftables and iptables-nft",
		.module = "nf_tables",
		.rules = RULES_CHEAP,
		.demand = DEMAND_RULES,
		.engine = true,
		.notes = true,
		.attach = { { ATTACH_FEXIT, "nft_do_chain" },
			    { ATTACH_KRETPROBE, "nft_do_chain" } },
	},
	{
		.name = "nft_immediate",
		.group = "netfilter",
		.help = "the rule of nftables that says drop",
		.cost = "per verdict of a rule",
		.causes = "the rule of netfilter-rule-drop",
		.module = "nf_tables",
		.rules = RULES_CHEAP,
		.demand = DEMAND_RULES,
		.notes = true,
		.attach = { { ATTACH_FENTRY, "nft_immediate_eval" },
			    { ATTACH_KPROBE, "nft_immediate_eval" } },
	},
	REJECT(inet),
	REJECT(ipv4),
	REJECT(ipv6),
	REJECT(bridge),
	{
		.name = "nft_target",
		.group = "netfilter",
		.help = "the rule of iptables-nft whose target drops",
		.cost = "per target of iptables-nft that is not a plain verdict",
		.causes = "the rule of netfilter-rule-drop (REJECT of iptables-nft)",
		.module = "nft_compat",
		.rules = RULES_CHEAP,
		.demand = DEMAND_RULES,
		.notes = true,
		.attach = { { ATTACH_FEXIT, "nft_target_eval_xt" },
			    { ATTACH_KRETPROBE, "nft_target_eval_xt" } },
	},
	{
		.name = "nft_lookup",
		.group = "netfilter",
		.help = "the rule of nftables whose verdict map says drop",
		.cost = "per look into a set or map",
		.causes = "the rule of netfilter-rule-drop (verdict maps); a policy is told apart "
			  "from them",
		.module = "nf_tables",
		.rules = RULES_EXACT,
		.demand = DEMAND_RULES,
		.notes = true,
		.attach = { { ATTACH_FEXIT, "nft_lookup_eval" },
			    { ATTACH_KRETPROBE, "nft_lookup_eval" } },
	},
	TABLE(ipt, ip, "IPv4 rules of iptables-legacy"),
	TABLE(ip6t, ip6, "IPv6 rules of iptables-legacy"),
	TABLE(arpt, arp, "rules of arptables-legacy"),
	{
		.name = "ebt_table",
		.group = "legacy",
		.help = "packets that rules of ebtables-legacy drop",
		.cost = "per frame and table",
		.causes = "netfilter-rule-drop of ebtables-legacy",
		.module = "ebtables",
		.rules = RULES_CHEAP,
		.demand = DEMAND_RULES,
		.engine = true,
		.notes = true,
		.attach = { { ATTACH_FEXIT, "ebt_do_table" },
			    { ATTACH_KRETPROBE, "ebt_do_table" } },
	},
	{
		.name = "xt_replace",
		.group = "legacy",
		.help = "that the rules of an iptables-legacy table are replaced",
		.cost = "per change of rules",
		.causes = "the rule of netfilter-rule-drop after a change",
		.module = "x_tables",
		.rules = RULES_CHEAP,
		.attach = { { ATTACH_FENTRY, "xt_replace_table" },
			    { ATTACH_KPROBE, "xt_replace_table" } },
	},
	{
		.name = "tcp_no_socket4",
		.group = "tcp",
		.help = "a TCP packet that finds no socket and is answered with a reset",
		.cost = "per reset sent",
		.causes = "no-listener (TCP over IPv4)",
		.notes = true,
		.needed = has_no_reasons,
		.attach = { { ATTACH_FENTRY, "tcp_v4_send_reset" },
			    { ATTACH_KPROBE, "tcp_v4_send_reset" } },
	},
	{
		.name = "tcp_no_socket6",
		.group = "tcp",
		.help = "the same for IPv6",
		.cost = "per reset sent",
		.causes = "no-listener (TCP over IPv6)",
		.notes = true,
		.needed = has_no_reasons,
		.attach = { { ATTACH_FENTRY, "tcp_v6_send_reset" },
			    { ATTACH_KPROBE, "tcp_v6_send_reset" } },
	},
	{
		.name = "ct_clash",
		.group = "conntrack",
		.help = "two connections that cannot both be in conntrack's table",
		.cost = "per clash",
		.causes = "conntrack-insert-failed, conntrack-clash-resolved, nat-port-exhausted",
		.module = "nf_conntrack",
		.notes = true,
		.attach = { { ATTACH_FEXIT, "nf_ct_resolve_clash" },
			    { ATTACH_KRETPROBE, "nf_ct_resolve_clash" } },
	},
	{
		.name = "ct_confirm",
		.group = "conntrack",
		.help = "a connection that is not entered into conntrack's table",
		.cost = "per new connection",
		.causes = "conntrack-chain-too-long, conntrack-insert-failed without a clash",
		.module = "nf_conntrack",
		.notes = true,
		.attach = { { ATTACH_FEXIT, "__nf_conntrack_confirm" },
			    { ATTACH_KRETPROBE, "__nf_conntrack_confirm" } },
	},
	{
		.name = "ct_alloc",
		.group = "ct_table",
		.help = "a connection that gets no entry in conntrack's table",
		.cost = "per new connection",
		.causes = "conntrack-table-full",
		.module = "nf_conntrack",
		.notes = true,
		.attach = { { ATTACH_FEXIT, "__nf_conntrack_alloc" },
			    { ATTACH_KRETPROBE, "__nf_conntrack_alloc" } },
	},
	{
		.name = "ct_early_drop",
		.group = "ct_table",
		.help = "the search for an entry to remove from a full table",
		.cost = "per new connection while the table is full",
		.causes = "conntrack-table-full told from want of memory, conntrack-early-drop",
		.module = "nf_conntrack",
		.attach = { { ATTACH_FEXIT, "early_drop" }, { ATTACH_KRETPROBE, "early_drop" } },
	},
	{
		.name = "ct_evict",
		.group = "ct_table",
		.help = "the entries that search removes",
		.cost = "per deleted connection",
		.causes = "conntrack-early-drop",
		.module = "nf_conntrack",
		.attach = { { ATTACH_FENTRY, "nf_ct_delete" },
			    { ATTACH_KPROBE, "nf_ct_delete.part.0" } },
	},
	{
		.name = "ct_invalid",
		.group = "ct_invalid",
		.help = "packets that do not fit the connection they belong to",
		.cost = "per invalid packet",
		.causes = "conntrack-invalid",
		.module = "nf_conntrack",
		.attach = { { ATTACH_KPROBE, "nf_ct_l4proto_log_invalid" } },
	},
	{
		.name = "ct_malformed",
		.group = "ct_invalid",
		.help = "packets that conntrack can make nothing of",
		.cost = "per invalid packet",
		.causes = "conntrack-invalid",
		.module = "nf_conntrack",
		.attach = { { ATTACH_KPROBE, "nf_l4proto_log_invalid" } },
	},
	{
		.name = "nat_try",
		.group = "nat",
		.help = "the ports that NAT tries and finds taken",
		.cost = "per port that NAT tries",
		.causes = "nat-port-exhausted told from conntrack-insert-failed",
		.module = "nf_conntrack",
		.attach = { { ATTACH_FEXIT, "nf_conntrack_tuple_taken" },
			    { ATTACH_KRETPROBE, "nf_conntrack_tuple_taken" } },
	},
	{
		.name = "nat_find",
		.group = "nat",
		.help = "the same for TCP on kernels that take ports from connections in TIME_WAIT",
		.cost = "per TCP port that NAT tries",
		.causes = "nat-port-exhausted told from conntrack-insert-failed",
		.module = "nf_conntrack",
		.attach = { { ATTACH_FEXIT, "nf_conntrack_find_get" },
			    { ATTACH_KRETPROBE, "nf_conntrack_find_get" } },
	},
	{
		.name = "nat_setup",
		.group = "nat",
		.help = "the range source NAT chooses from, and whether anything in it was free",
		.cost = "per new connection where NAT is in use",
		.causes = "nat-port-exhausted told from conntrack-insert-failed",
		.module = "nf_nat",
		.attach = { { ATTACH_FEXIT, "nf_nat_setup_info" },
			    { ATTACH_KRETPROBE, "nf_nat_setup_info" } },
	},
	{
		.name = "tcp_request",
		.group = "tcp_listen",
		.help = "a connection request that a full queue refuses, or answers with a cookie",
		.cost = "per connection request",
		.causes = "accept-queue-full (at the SYN), syn-queue-full, syn-refused-other, "
			  "syn-cookies-sent",
		.attach = { { ATTACH_FEXIT, "tcp_conn_request" },
			    { ATTACH_KRETPROBE, "tcp_conn_request" } },
	},
	{
		.name = "tcp_accept",
		.group = "tcp_listen",
		.help = "the last ACK of a handshake that finds the accept queue full",
		.cost = "per handshake",
		.causes = "accept-queue-full (at the ACK)",
		.notes = true,
		.attach = { { ATTACH_FEXIT, "tcp_check_req" },
			    { ATTACH_KRETPROBE, "tcp_check_req" } },
	},
	{
		.name = "tcp_cookie_accept",
		.group = "tcp_listen",
		.help = "the same for a handshake by cookie",
		.cost = "per handshake by cookie",
		.causes = "accept-queue-full (at the ACK of a cookie)",
		.notes = true,
		.attach = { { ATTACH_FEXIT, "tcp_get_cookie_sock" },
			    { ATTACH_KRETPROBE, "tcp_get_cookie_sock" } },
	},
	{
		.name = "tcp_memory",
		.group = "tcp_receive",
		.help = "data that a TCP socket has no memory for, and whose socket it was",
		.cost = "per TCP segment that waits in a socket",
		.causes = "tcp-receive-buffer-full, socket-memory-limit (before 6.11)",
		.notes = true,
		.needed = has_no_rx_sk,
		.attach = { { ATTACH_FEXIT, "tcp_try_rmem_schedule" } },
	},
	{
		.name = "tcp_window",
		.group = "tcp_receive",
		.help = "data for a TCP socket whose window is closed, and whose socket it was",
		.cost = "per TCP segment off the fast path",
		.causes = "tcp-zero-window (before 6.11)",
		.notes = true,
		.needed = has_no_rx_sk,
		.attach = { { ATTACH_FENTRY, "tcp_data_queue" } },
	},
	{
		.name = "tcp_backlog",
		.group = "tcp_receive",
		.help = "a TCP packet that finds its socket locked and the backlog full",
		.cost = "per TCP segment that finds its socket locked",
		.causes = "tcp-backlog-full (before 6.11)",
		.notes = true,
		.needed = has_no_rx_sk,
		.attach = { { ATTACH_FEXIT, "tcp_add_backlog" } },
	},
	{
		.name = "tcp_prune",
		.group = "tcp_receive",
		.help = "out-of-order data that TCP throws away, and whose socket it was",
		.cost = "per time TCP makes room so",
		.causes = "tcp-out-of-order-pruned (before 6.11)",
		.needed = has_no_rx_sk,
		.attach = { { ATTACH_FEXIT, "tcp_prune_ofo_queue" },
			    { ATTACH_KRETPROBE, "tcp_prune_ofo_queue" } },
	},
	{
		.name = "ipvs_lookup",
		.group = "ipvs",
		.help = "a packet that meets an old connection's entry, or one whose server is gone",
		.cost = "per packet through IPVS",
		.causes = "ipvs-first-syn-dropped, ipvs-destination-gone, ipvs-dead-destination, "
			  "ipvs-reuse-pinned, ipvs-reuse-rescheduled",
		.notes = true,
		.module = "ip_vs",
		.attach = { { ATTACH_FEXIT, "ip_vs_conn_in_get_proto" },
			    { ATTACH_KRETPROBE, "ip_vs_conn_in_get_proto" } },
	},
	{
		.name = "ipvs_schedule",
		.group = "ipvs",
		.help = "a new connection that the scheduler places",
		.cost = "per new IPVS connection",
		.causes = "how many new connections each server got (evidence of the above)",
		.module = "ip_vs",
		.attach = { { ATTACH_FEXIT, "ip_vs_schedule" },
			    { ATTACH_KRETPROBE, "ip_vs_schedule" } },
	},
	{
		.name = "ipvs_leave",
		.group = "ipvs",
		.help = "a packet for which a service has no real server",
		.cost = "per such packet",
		.causes = "ipvs-no-destination",
		.notes = true,
		.module = "ip_vs",
		.attach = { { ATTACH_FENTRY, "ip_vs_leave" }, { ATTACH_KPROBE, "ip_vs_leave" } },
	},
	{
		.name = "cgroup_mkdir",
		.group = "cgroup",
		.help = "pods and containers that start, before their first packet",
		.cost = "per cgroup made",
		.causes = "owners of losses in the first moments of a pod",
		.attach = { { ATTACH_TP_BTF, "cgroup_mkdir" }, { ATTACH_RAW_TP, "cgroup_mkdir" } },
	},
	{
		.name = "cgroup_rmdir",
		.group = "cgroup",
		.help = "pods and containers that end, to the moment",
		.cost = "per cgroup removed",
		.causes = "whether the owner had ended at the time of the loss",
		.attach = { { ATTACH_TP_BTF, "cgroup_rmdir" }, { ATTACH_RAW_TP, "cgroup_rmdir" } },
	},
	{
		.name = "tcp_connect4",
		.group = "port",
		.help = "a TCP connect that finds no source port",
		.cost = "per connect",
		.causes = "source-port-exhausted, source-port-taken (TCP over IPv4)",
		.attach = { { ATTACH_FEXIT, "inet_hash_connect" },
			    { ATTACH_KRETPROBE, "inet_hash_connect" } },
	},
	{
		.name = "tcp_connect6",
		.group = "port",
		.help = "the same for IPv6",
		.cost = "per connect",
		.causes = "source-port-exhausted, source-port-taken (TCP over IPv6)",
		.attach = { { ATTACH_FEXIT, "inet6_hash_connect" },
			    { ATTACH_KRETPROBE, "inet6_hash_connect" } },
	},
	{
		.name = "port_tried4",
		.group = "port",
		.help = "counts the ports that a connect cannot take",
		.cost = "per port that a connect tries",
		.causes = "none; which ports source-port-exhausted is made of (IPv4)",
		.watched = offsetof(struct kfeat, ports4_counted),
		.attach = { { ATTACH_FEXIT, "__inet_check_established" } },
	},
	{
		.name = "port_tried6",
		.group = "port",
		.help = "the same for IPv6",
		.cost = "per port that a connect tries",
		.causes = "none; which ports source-port-exhausted is made of (IPv6)",
		.watched = offsetof(struct kfeat, ports6_counted),
		.attach = { { ATTACH_FEXIT, "__inet6_check_established" } },
	},
	{
		.name = "port_time_wait",
		.group = "port",
		.help = "counts those that a connection in TIME_WAIT holds",
		.cost = "per port in TIME_WAIT that a connect tries",
		.causes = "none; the share of TIME_WAIT in source-port-exhausted",
		.attach = { { ATTACH_FEXIT, "tcp_twsk_unique" } },
	},
	{
		.name = "tcp_bind",
		.group = "port",
		.help = "a TCP bind that gets no port",
		.cost = "per bind",
		.causes = "source-port-exhausted, port-in-ephemeral-range (TCP bind)",
		.attach = { { ATTACH_FEXIT, "inet_csk_get_port" },
			    { ATTACH_KRETPROBE, "inet_csk_get_port" } },
	},
	{
		.name = "udp_bind",
		.group = "port",
		.help = "a UDP bind, or first send, that gets no port",
		.cost = "per bind and first send",
		.causes = "source-port-exhausted, port-in-ephemeral-range (UDP)",
		.attach = { { ATTACH_FEXIT, "udp_lib_get_port" },
			    { ATTACH_KRETPROBE, "udp_lib_get_port" } },
	},
	{
		.name = "udp_receive",
		.group = "sock",
		.help = "a UDP packet that finds the receive buffer full",
		.cost = "per loss",
		.causes = "none; queue and reader behind udp-receive-buffer-full",
		.notes = true,
		.needed = tells_refused_packet,
		.attach = { { ATTACH_TP_BTF, "udp_fail_queue_rcv_skb" } },
	},
	{
		.name = "udp_enqueue",
		.group = "sock",
		.help = "the same where the tracepoint does not tell the packet",
		.cost = "per UDP packet received",
		.causes = "none; socket, queue and reader behind udp-receive-buffer-full",
		.demand = DEMAND_DATAGRAMS,
		.notes = true,
		.needed = hides_refused_packet,
		.attach = { { ATTACH_FEXIT, "__udp_enqueue_schedule_skb" } },
	},
	{
		.name = "raw_receive",
		.group = "sock",
		.help = "a packet that finds the receive buffer of a raw or ping socket full",
		.cost = "per loss",
		.causes = "none; socket, queue and reader behind raw-receive-buffer-full",
		.notes = true,
		.attach = { { ATTACH_TP_BTF, "sock_rcvqueue_full" } },
	},
	{
		.name = "send_too_big4",
		.group = "send",
		.help = "a packet of a local socket that is longer than the MTU of its route",
		.cost = "per refused send",
		.causes = "mtu-local-too-big (UDP over IPv4)",
		.attach = { { ATTACH_FENTRY, "ip_local_error" },
			    { ATTACH_KPROBE, "ip_local_error" } },
	},
	{
		.name = "send_too_big6",
		.group = "send",
		.help = "the same for IPv6",
		.cost = "per refused send",
		.causes = "mtu-local-too-big (UDP over IPv6)",
		.attach = { { ATTACH_FENTRY, "ipv6_local_error" },
			    { ATTACH_KPROBE, "ipv6_local_error" } },
	},
	{
		.name = "udp_send4",
		.group = "send",
		.help = "a UDP send that is refused",
		.cost = "per UDP packet sent",
		.causes = "send-buffer-full, mtu-local-too-big (UDP over IPv4)",
		.attach = { { ATTACH_FEXIT, "udp_sendmsg" } },
	},
	{
		.name = "udp_send6",
		.group = "send",
		.help = "the same for IPv6",
		.cost = "per UDP packet sent",
		.causes = "send-buffer-full, mtu-local-too-big (UDP over IPv6)",
		.attach = { { ATTACH_FEXIT, "udpv6_sendmsg" } },
	},
};

const size_t probes_count = sizeof(probes) / sizeof(probes[0]);

bool probes_in_module(const char *module)
{
	for (size_t i = 0; i < probes_count; i++)
		if (probes[i].module && !strcmp(probes[i].module, module))
			return true;
	return false;
}
