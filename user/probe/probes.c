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
		.help = "a packet that has to make room for others that wait for the same next hop",
		.cost = "per packet to an unknown neighbour",
		.causes = "next hop and queue of neighbour-queue-full",
		.notes = true,
		.attach = { { ATTACH_FENTRY, "__neigh_event_send" },
			    { ATTACH_KPROBE, "__neigh_event_send" } },
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
};

const size_t probes_count = sizeof(probes) / sizeof(probes[0]);

bool probes_in_module(const char *module)
{
	for (size_t i = 0; i < probes_count; i++)
		if (probes[i].module && !strcmp(probes[i].module, module))
			return true;
	return false;
}
