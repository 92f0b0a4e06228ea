/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of the kernel's counters of losses. */
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#include "audit/counters.h"
#include "base/words.h"

static bool reason_is(const struct loss *l, const char *reasons)
{
	return l->reason && words_have(reasons, l->reason, strlen(l->reason));
}

static bool where_is(const struct loss *l, const char *functions)
{
	return words_have(functions, l->where, strlen(l->where));
}

/* __udp4_lib_rcv(): not what the network layer had no group for, which has the same cause. */
static bool is_at_udp(const struct loss *l)
{
	return reason_is(l, "NO_SOCKET") ||
	       where_is(l, "__udp4_lib_rcv __udp6_lib_rcv udp_rcv udpv6_rcv");
}

/* The network layer's own checksum is counted there. */
static bool is_udp_checksum(const struct loss *l)
{
	return !reason_is(l, "IP_CSUM");
}

/* ip_rcv_core(), ip6_rcv_core(), ip_forward(), ip6_forward(): other layers' headers are theirs. */
static bool is_ip_header(const struct loss *l)
{
	return reason_is(l, "IP_INHDR IP_CSUM IPV6_BAD_EXTHDR") ||
	       where_is(l, "ip_forward ip6_forward ip6_rcv_core ipv6_rcv");
}

/* ip_error(), ip6_pkt_drop(), ip6_forward(): on the way in or through, not out. */
static bool is_route_in(const struct loss *l)
{
	if (l->reason && strcmp(l->reason, "NOT_SPECIFIED") != 0)
		return reason_is(l, "IP_INNOROUTES IP_INADDRERRORS");
	return where_is(l, "ip_error ip6_pkt_drop ip6_pkt_discard ip6_pkt_prohibit");
}

static bool is_route_out(const struct loss *l)
{
	return !is_route_in(l);
}

/* Calls that were refused for their length have made no packet. */
static bool is_packet(const struct loss *l)
{
	return l->key->kind != EV_CALL;
}

static bool is_ip_memory(const struct loss *l)
{
	return NOTE_KIND(l->key->note) != NOTE_CT_NO_MEMORY;
}

/* __nf_conntrack_confirm(): what was deleted meanwhile is no drop to it, a copy nothing at all. */
static bool is_ct_drop(const struct loss *l)
{
	uint32_t note = l->key->note;

	if (NOTE_KIND(note) == NOTE_CT_INSERT)
		return NOTE_DATA(note) == CT_INSERT_CLASH ||
		       NOTE_DATA(note) == CT_INSERT_CLASH_REPLY;
	return NOTE_KIND(note) != NOTE_NONE;
}

static bool is_ct_insert(const struct loss *l)
{
	uint32_t note = l->key->note;

	return NOTE_KIND(note) != NOTE_CT_INSERT || NOTE_DATA(note) != CT_INSERT_TWICE;
}

#define NO_FUNCTIONS                                                                               \
	"Where no functions can be attached ('whydrop probes') this is not seen at all."
#define AT_THE_EDGE "Some were lost just when the counters were read."
/* Seen and shown, but not told apart from others: on some kernels no more can be known. */
#define VAGUE "netfilter-drop-unattributed netfilter-hook-drop"

/*
 * UDP's and IP's counters exist once per family; the rows differ in nothing else. Of a socket without
 * IP_RECVERR, udp_send_skb() also counts as a full send buffer what the device or its queue refused (ENOBUFS),
 * what found no room for a neighbour (ip_finish_output2), and what of which they refused a fragment.
 */
#define UDP(v, ethertype)                                                                                   \
	{                                                                                                   \
		.name = "Udp" v "RcvbufErrors",                                                             \
		.causes = "udp-receive-buffer-full",                                                        \
		.proto = IPPROTO_UDP,                                                                       \
		.l3 = ethertype,                                                                            \
		.reading = "Datagrams that found a socket's receive buffer full: see 'ss -ulnm' "           \
			   "in that namespace for the socket whose drops (d) grow.",                        \
		.more = AT_THE_EDGE,                                                                        \
	},                                                                                                  \
		{                                                                                           \
			.name = "Udp" v "MemErrors",                                                        \
			.causes = "socket-memory-limit",                                                    \
			.proto = IPPROTO_UDP,                                                               \
			.l3 = ethertype,                                                                    \
			.reading =                                                                          \
				"Datagrams for which UDP or the pod's memory cgroup had no memory: "        \
				"compare /proc/net/sockstat with net.ipv4.udp_mem.",                        \
			.more = AT_THE_EDGE,                                                                \
		},                                                                                          \
		{                                                                                           \
			.name = "Udp" v "NoPorts",                                                          \
			.causes = "no-listener multicast-without-listener",                                 \
			.proto = IPPROTO_UDP,                                                               \
			.l3 = ethertype,                                                                    \
			.only = is_at_udp,                                                                  \
			.reading =                                                                          \
				"Datagrams to a port where nobody listens: capture 'icmp or icmp6' "        \
				"in that namespace, the answers name the port.",                            \
			.more = AT_THE_EDGE,                                                                \
		},                                                                                          \
		{                                                                                           \
			.name = "Udp" v "InCsumErrors",                                                     \
			.causes = "checksum-bad",                                                           \
			.perhaps = "unknown",                                                               \
			.proto = IPPROTO_UDP,                                                               \
			.l3 = ethertype,                                                                    \
			.only = is_udp_checksum,                                                            \
			.reading =                                                                          \
				"Datagrams with a wrong checksum. One that is found when it is read "       \
				"is freed by the reader: look for cause unknown at udp_recvmsg.",           \
			.more = "Kernels before 5.17 free datagrams that are too short at the same place.", \
		},                                                                                          \
	{                                                                                                   \
		.name = "Udp" v "SndbufErrors", .judged = JUDGED_PART,                                      \
		.causes = "send-buffer-full",                                                               \
		.perhaps = "qdisc-full device-down tx-ring-full mtu-veth-mismatch tc-drop "                 \
			   "neighbour-table-full mtu-fragment-failed",                                      \
		.proto = IPPROTO_UDP, .l3 = ethertype,                                                      \
		.reading =                                                                                  \
			"Calls that found the send buffer full, or whose datagram the device or "           \
			"its queue refused: see 'ss -unm' and 'ip -s link' there. " NO_FUNCTIONS,           \
		.more = AT_THE_EDGE,                                                                        \
	}

#define IP(v, ext, ethertype, dropped)                                                                    \
	{                                                                                                 \
		.name = "Ip" v "InHdrErrors",                                                             \
		.causes = "ttl-expired ip-header-bad checksum-bad martian-address",                       \
		.perhaps = "unknown",                                                                     \
		.l3 = ethertype,                                                                          \
		.only = is_ip_header,                                                                     \
		.reading =                                                                                \
			"Packets with an IP header that is wrong, or used up (TTL): on kernels "          \
			"before 5.17 most of these are of cause unknown.",                                \
		.more = "Not each place that finds a header wrong counts it.",                            \
	},                                                                                                \
		{                                                                                         \
			.name = "Ip" v "InAddrErrors+InNoRoutes",                                         \
			.parts = { "Ip" v "InAddrErrors", "Ip" ext "InNoRoutes" },                        \
			.causes = "no-route forwarding-off multicast-without-listener",                   \
			.perhaps = "unknown",                                                             \
			.l3 = ethertype,                                                                  \
			.only = is_route_in,                                                              \
			.reading =                                                                        \
				"Packets that came in and whose destination is not here and has no "      \
				"route: 'ip route get ADDR from SRC iif DEV' in that namespace.",         \
			.more = "Routes of type blackhole, prohibit or unreachable count elsewhere or "   \
				"nowhere.",                                                               \
		},                                                                                        \
		{                                                                                         \
			.name = "Ip" v "OutNoRoutes",                                                     \
			.judged = JUDGED_NOT,                                                             \
			.causes = "no-route",                                                             \
			.l3 = ethertype,                                                                  \
			.only = is_route_out,                                                             \
			.reading =                                                                        \
				"Mostly calls that were refused with 'network unreachable': no packet "   \
				"existed, and the application was told.",                                 \
		},                                                                                        \
		{                                                                                         \
			.name = "Ip" v "InDiscards",                                                      \
			.causes = dropped,                                                                \
			.perhaps = "unknown",                                                             \
			.l3 = ethertype,                                                                  \
			.only = is_ip_memory,                                                             \
			.reading =                                                                        \
				"Packets thrown away for lack of memory, by an IPsec policy, or where "   \
				"IPv6 is switched off: see 'nstat -az' and /proc/net/xfrm_stat there.",   \
			.more = "Transport layers and drivers refuse for the same causes and count that " \
				"elsewhere.",                                                             \
		},                                                                                        \
		{                                                                                         \
			.name = "Ip" v "OutDiscards",                                                     \
			.judged = JUDGED_NOT,                                                             \
			.reading =                                                                        \
				"Datagrams of sockets that the way out refused: the firewall, the "       \
				"queue or the socket's own buffer have counted them before.",             \
		},                                                                                        \
	{                                                                                                 \
		.name = "Ip" v "FragFails",                                                               \
		.causes = "mtu-forward-too-big mtu-fragment-failed mtu-local-too-big",                    \
		.perhaps = "unknown", .l3 = ethertype, .only = is_packet,                                 \
		.reading = "Packets longer than the MTU that may not or could not be fragmented: "        \
			   "'ip route get ADDR' there says the MTU. Those of a list of fragments "        \
			   "may be of cause unknown.",                                                    \
		.more = "Bridges and tunnels refuse for length, too, and fragments are freed one "        \
			"by one.",                                                                        \
	}

const struct kcounter kcounters[] = {
	UDP("", ETH_P_IP),
	UDP("6", ETH_P_IPV6),
	IP("", "Ext", ETH_P_IP, "out-of-memory"),
	IP("6", "6", ETH_P_IPV6, "out-of-memory ipv6-disabled xfrm-policy"),
	{
		.name = "TcpExtIPReversePathFilter",
		.causes = "reverse-path-filter",
		.reading = "Packets from a source that the namespace would answer through another "
			   "device: see net.ipv4.conf.*.rp_filter there, and log_martians.",
		.more = "Kernels before 5.17 free other unroutable packets at the same place.",
	},
	{
		.name = "TcpExtListenDrops",
		.causes = "accept-queue-full syn-queue-full syn-refused-other",
		.proto = IPPROTO_TCP,
		.reading =
			"Connections that a listener refused: 'ss -ltn' there shows the queues. " NO_FUNCTIONS,
		.more = AT_THE_EDGE,
	},
	{
		.name = "TcpExtListenOverflows",
		.judged = JUDGED_PART,
		.causes = "accept-queue-full",
		.proto = IPPROTO_TCP,
		.reading = "Connections refused because the accept queue was full: Recv-Q and "
			   "Send-Q of 'ss -ltn' there. " NO_FUNCTIONS,
		.more = AT_THE_EDGE,
	},
	{
		.name = "TcpExtTCPReqQFullDrop",
		.judged = JUDGED_PART,
		.causes = "syn-queue-full",
		.proto = IPPROTO_TCP,
		.reading = "SYNs refused because the SYN queue was full and cookies are off: "
			   "'ss -tn state syn-recv' there. " NO_FUNCTIONS,
		.more = AT_THE_EDGE,
	},
	{
		.name = "TcpExtTCPBacklogDrop",
		.causes = "tcp-backlog-full",
		.proto = IPPROTO_TCP,
		.reading =
			"Segments for a socket that was busy: 'ss -tnm' there shows the drops (d).",
		.more = "Segments from emergency memory count in PFMemallocDrop.",
	},
	{
		.name = "TcpExtTCPRcvQDrop+TCPOFODrop",
		.parts = { "TcpExtTCPRcvQDrop", "TcpExtTCPOFODrop" },
		.causes = "tcp-receive-buffer-full socket-memory-limit",
		.proto = IPPROTO_TCP,
		.reading = "Segments for which a socket had no room: 'ss -tnm' there. Without drop "
			   "reasons (before 5.17) they are seen only through functions.",
		.more = AT_THE_EDGE,
	},
	{
		.name = "TcpExtTCPZeroWindowDrop",
		.causes = "tcp-zero-window",
		.proto = IPPROTO_TCP,
		.reading = "Data sent into a closed window: 'ss -tn' there shows the Recv-Q that "
			   "nobody reads.",
		.more = "Newer kernels count what lies beyond the window in BeyondWindow.",
	},
	{
		.name = "TcpExtOfoPruned",
		.judged = JUDGED_NOT,
		.causes = "tcp-out-of-order-pruned",
		.proto = IPPROTO_TCP,
		.reading = "Counts how often out-of-order segments were thrown away, not how many.",
	},
	{
		.name = "ConntrackDrop",
		.parts = { "conntrack:drop" },
		.causes = "conntrack-insert-failed nat-port-exhausted conntrack-table-full "
			  "out-of-memory",
		.perhaps = VAGUE,
		.only = is_ct_drop,
		.reading = "First packets of connections that conntrack could not enter: "
			   "'conntrack -S' and -C there, and dmesg for 'table full'.",
		.more = AT_THE_EDGE,
	},
	{
		.name = "ConntrackInsertFailed",
		.parts = { "conntrack:insert_failed" },
		.judged = JUDGED_PART,
		.causes = "conntrack-insert-failed nat-port-exhausted conntrack-chain-too-long",
		.perhaps = VAGUE,
		.only = is_ct_insert,
		.reading = "Connections that conntrack could not enter. What a tool was refused "
			   "(conntrack -I) counts, too.",
		.more = AT_THE_EDGE,
	},
	{
		.name = "ConntrackChainTooLong",
		.parts = { "conntrack:chainlength" },
		.causes = "conntrack-chain-too-long",
		.perhaps = VAGUE,
		.reading = "Connections whose hash chain was too long: compare the sum of all "
			   "namespaces' entries with net.netfilter.nf_conntrack_buckets.",
		.more = AT_THE_EDGE,
	},
	{
		.name = "ConntrackEarlyDrop",
		.parts = { "conntrack:early_drop" },
		.causes = "conntrack-early-drop",
		.reading = "Entries deleted to make room in a full table. " NO_FUNCTIONS,
		.more = AT_THE_EDGE,
	},
	{
		.name = "ConntrackInvalid",
		.parts = { "conntrack:invalid" },
		.judged = JUDGED_NOT,
		.causes = "conntrack-invalid",
		.reading = "Nothing is lost by it: such a packet goes on without a connection, and "
			   "a rule may drop it.",
	},
	{
		.name = "SoftnetDropped",
		.parts = { "softnet:dropped" },
		.of_machine = true,
		.causes = "cpu-backlog-full",
		.perhaps = "device-down unknown",
		.reading = "Packets that found a CPU's input queue full: column 2 of "
			   "/proc/net/softnet_stat says which; see net.core.netdev_max_backlog.",
		.more = AT_THE_EDGE,
	},
	{
		.name = "QdiscDrops",
		.parts = { "qdisc:drops" },
		.causes = "qdisc-full",
		.perhaps = "tc-drop device-down unknown",
		.reading = "Packets that a queueing discipline refused: 'tc -s qdisc' there. A "
			   "device that was deleted took its count along.",
		.more = "A queueing discipline or device that was replaced took its count along.",
	},
	{
		.name = "TcFilterDrops",
		.parts = { "tc:drops" },
		.causes = "tc-drop",
		.reading =
			"Packets that a filter on a clsact or ingress hook dropped: 'tc -s filter "
			"show dev DEV ingress' there.",
		.more = "Programs attached by tcx links have no counter.",
	},
	{
		.name = "LinkRxDropped",
		.parts = { "dev:rx_dropped" },
		.judged = JUDGED_NOT,
		.causes = "cpu-backlog-full unhandled-protocol",
		.reading = "Of all devices together. Counts also what nobody here wanted, and what "
			   "the device itself had no room for: 'ip -s -s link', 'ethtool -S DEV'.",
	},
	{
		.name = "LinkTxDropped",
		.parts = { "dev:tx_dropped" },
		.judged = JUDGED_NOT,
		.causes = "mtu-veth-mismatch tx-ring-full device-down",
		.reading = "Of all devices together. Drivers count here what they like: "
			   "'ip -s -s link', 'ethtool -S DEV'.",
	},
};

const size_t kcounters_count = sizeof(kcounters) / sizeof(kcounters[0]);

_Static_assert(sizeof(kcounters) / sizeof(kcounters[0]) <= COUNTERS_MAX,
	       "a bit each in counts.known");
