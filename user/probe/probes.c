/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of the probe table. */
#include <linux/types.h>

#include "kfeat.h"
#include "probe/probes.h"

/* Drop reasons came with 5.17 (c504e5c2f964), as third argument of the tracepoint. */
static bool has_no_reasons(const struct facts *f)
{
	return facts_get(f, KF_TP, "kfree_skb", 0) < 3;
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
};

const size_t probes_count = sizeof(probes) / sizeof(probes[0]);
