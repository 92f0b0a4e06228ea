/* SPDX-License-Identifier: GPL-2.0-only */
/* One example at least of every cause, as each kernel shows it; and what the catalogue must keep. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/types.h>

#include "classify/classify.h"
#include "fields.h"

#define IP4	    .l3 = 0x0800
#define TCP	    IP4, .proto = IPPROTO_TCP
#define UDP	    IP4, .proto = IPPROTO_UDP
#define ICMP6	    .l3 = 0x86dd, .proto = IPPROTO_ICMPV6
#define SYN	    FACT_TCP_SYN
#define ACK	    FACT_TCP_ACK
#define EMPTY	    FACT_NO_PAYLOAD
#define RX(state)   (FACT_SK_RX | (state))
#define LISTEN	    RX(10)
#define ESTABLISHED (RX(1) | FACT_SK_FULL)
#define TIME_WAIT   RX(6)
#define TOO_BIG	    NOTE(NOTE_ICMP, 3 << 8 | 4)
#define EXPIRED6    NOTE(NOTE_ICMP6, 3 << 8 | 0)
#define NO_PORT	    NOTE(NOTE_ICMP, 3 << 8 | 3)

/* reason NULL: a kernel without reasons (5.10) */
static const struct {
	const char *cause, *reason, *where;
	struct loss_key key;
} examples[] = {
	{ "not-a-packet",
	  "NOT_SPECIFIED",
	  "netlink_broadcast_filtered",
	  { .facts = FACT_NETLINK } },
	{ "not-a-packet", NULL, "unix_dgram_sendmsg", { .facts = FACT_NETLINK } },
	{ "not-a-packet", "NOT_SPECIFIED", "nlmsg_free", { 0 } },
	{ "tap-copy", "TAP_FILTER", "tpacket_rcv", { UDP } },
	{ "tap-copy", NULL, "packet_rcv", { UDP } },
	{ "netfilter-rule-drop",
	  "NETFILTER_DROP",
	  "nft_do_chain",
	  { UDP, .note = NOTE(NOTE_NF_RULE, 61) } },
	{ "netfilter-rule-drop", NULL, "nf_hook_slow", { UDP, .note = NOTE(NOTE_NF_RULE, 0) } },
	{ "netfilter-policy-drop",
	  "NETFILTER_DROP",
	  "nf_hook_slow",
	  { ICMP6, .note = NOTE(NOTE_NF_POLICY, 9) } },
	{ "netfilter-hook-drop",
	  "NETFILTER_DROP",
	  "nf_hook_slow",
	  { TCP, .note = NOTE(NOTE_NF_HOOK, NF_HOOK_ENGINES_WATCHED) } },
	{ "netfilter-drop-unattributed",
	  "NETFILTER_DROP",
	  "nf_hook_slow",
	  { TCP, .note = NOTE(NOTE_NF_HOOK, NF_HOOK_ENGINES_SILENT) } },
	{ "netfilter-drop-unattributed", "NETFILTER_DROP", "nft_do_chain", { UDP } },
	{ "netfilter-drop-unattributed", NULL, "nf_hook_slow", { TCP, .facts = SYN } },
	{ "netfilter-drop-unattributed", NULL, "nf_reinject", { TCP } },
	{ "ipvs-first-syn-dropped",
	  "NETFILTER_DROP",
	  "nf_hook_slow",
	  { TCP, .facts = SYN, .note = NOTE(NOTE_IPVS_FIRST_SYN, 0) } },
	{ "ipvs-destination-gone",
	  NULL,
	  "nf_hook_slow",
	  { TCP, .facts = ACK, .note = NOTE(NOTE_IPVS_GONE, 0) } },
	{ "ipvs-no-destination",
	  "NETFILTER_DROP",
	  "nf_hook_slow",
	  { TCP, .facts = SYN, .note = NOTE(NOTE_IPVS_NO_DEST, 0) } },
	{ "ipvs-dead-destination",
	  "NEIGH_FAILED",
	  "neigh_invalidate",
	  { TCP, .facts = SYN, .note = NOTE(NOTE_IPVS_FORWARDED, IPVS_BY_REUSE) } },
	{ "ipvs-reuse-pinned",
	  NULL,
	  "",
	  { TCP, .kind = EV_NOTICE, .note = NOTE(NOTE_IPVS_PINNED, IPVS_BY_REUSE) } },
	{ "ipvs-reuse-rescheduled",
	  NULL,
	  "",
	  { TCP, .kind = EV_NOTICE, .note = NOTE(NOTE_IPVS_RESCHEDULED, 0) } },
	{ "conntrack-insert-failed",
	  "NETFILTER_DROP",
	  "nf_hook_slow",
	  { TCP, .facts = SYN, .note = NOTE(NOTE_CT_INSERT, CT_INSERT_CLASH) } },
	{ "conntrack-insert-failed",
	  NULL,
	  "nf_reinject",
	  { UDP, .note = NOTE(NOTE_CT_INSERT, CT_INSERT_CLASH_REPLY) } },
	{ "conntrack-insert-failed",
	  NULL,
	  "nf_hook_slow",
	  { UDP, .note = NOTE(NOTE_CT_INSERT, CT_INSERT_DYING) } },
	{ "conntrack-clash-resolved",
	  NULL,
	  "",
	  { UDP, .kind = EV_NOTICE, .note = NOTE(NOTE_CT_RESOLVED, 0) } },
	{ "conntrack-table-full",
	  "NETFILTER_DROP",
	  "nf_hook_slow",
	  { UDP, .note = NOTE(NOTE_CT_FULL, 0) } },
	{ "conntrack-table-full", NULL, "nf_hook_slow", { TCP, .note = NOTE(NOTE_CT_FULL, 0) } },
	{ "conntrack-early-drop",
	  NULL,
	  "",
	  { UDP, .kind = EV_NOTICE, .note = NOTE(NOTE_CT_EVICTED, 0) } },
	{ "conntrack-chain-too-long",
	  "NETFILTER_DROP",
	  "nf_hook_slow",
	  { UDP, .note = NOTE(NOTE_CT_CHAIN, 0) } },
	{ "conntrack-invalid",
	  NULL,
	  "",
	  { UDP, .kind = EV_NOTICE, .note = NOTE(NOTE_CT_INVALID, 0) } },
	{ "nat-port-exhausted",
	  "NETFILTER_DROP",
	  "nf_hook_slow",
	  { TCP, .facts = SYN, .note = NOTE(NOTE_NAT_FULL, 0) } },
	{ "nat-port-exhausted", NULL, "nf_hook_slow", { UDP, .note = NOTE(NOTE_NAT_FULL, 0) } },
	{ "out-of-memory", NULL, "nf_hook_slow", { UDP, .note = NOTE(NOTE_CT_NO_MEMORY, 0) } },
	{ "accept-queue-full", "TCP_LISTEN_OVERFLOW", "tcp_v4_rcv", { TCP, .facts = ACK | EMPTY } },
	{ "accept-queue-full",
	  "NOT_SPECIFIED",
	  "tcp_v6_rcv",
	  { TCP, .facts = ACK | EMPTY | LISTEN | FACT_ACCEPT_FULL } },
	{ "accept-queue-full",
	  "NO_SOCKET",
	  "cookie_v4_check",
	  { TCP, .facts = ACK | FACT_ACCEPT_FULL } },
	{ "accept-queue-full",
	  NULL,
	  "tcp_v4_rcv",
	  { TCP, .note = NOTE(NOTE_ACCEPT_FULL, STEP_ACK) } },
	{ "accept-queue-full",
	  NULL,
	  "",
	  { TCP, .kind = EV_HOOK_DROP, .note = NOTE(NOTE_ACCEPT_FULL, STEP_SYN) } },
	{ "syn-queue-full",
	  NULL,
	  "",
	  { TCP, .kind = EV_HOOK_DROP, .note = NOTE(NOTE_SYN_FULL, 0) } },
	{ "syn-cookies-sent",
	  NULL,
	  "",
	  { TCP, .kind = EV_NOTICE, .note = NOTE(NOTE_SYN_COOKIE, 0) } },
	{ "syn-refused-other",
	  NULL,
	  "",
	  { TCP, .kind = EV_HOOK_DROP, .note = NOTE(NOTE_SYN_OTHER, SYN_OTHER_LAST_QUARTER) } },
	{ "send-buffer-full",
	  NULL,
	  "",
	  { UDP, .kind = EV_CALL, .note = NOTE(NOTE_SEND_FULL, 11) } },
	{ "mtu-local-too-big",
	  NULL,
	  "",
	  { UDP, .kind = EV_CALL, .note = NOTE(NOTE_SEND_TOO_BIG, 0) } },
	{ "udp-receive-buffer-full",
	  NULL,
	  "udp_queue_rcv_one_skb",
	  { UDP, .note = NOTE(NOTE_RECEIVE_FULL, 0) } },
	{ "raw-receive-buffer-full",
	  NULL,
	  "raw_rcv",
	  { ICMP6, .note = NOTE(NOTE_RECEIVE_FULL, 0) } },
	{ "source-port-exhausted",
	  NULL,
	  "",
	  { TCP, .kind = EV_CALL, .note = NOTE(NOTE_NO_PORT, PORT_FOR_CONNECT) } },
	{ "source-port-exhausted",
	  NULL,
	  "",
	  { UDP, .kind = EV_CALL, .note = NOTE(NOTE_NO_PORT, PORT_FOR_BIND) } },
	{ "port-in-ephemeral-range",
	  NULL,
	  "",
	  { TCP, .kind = EV_CALL, .note = NOTE(NOTE_PORT_HELD, 0) } },
	{ "source-port-taken",
	  NULL,
	  "",
	  { TCP, .kind = EV_CALL, .note = NOTE(NOTE_PORT_TAKEN, 0) } },
	{ "multicast-without-listener",
	  "NO_SOCKET",
	  "__udp4_lib_rcv",
	  { UDP, .facts = FACT_MULTICAST } },
	{ "multicast-without-listener", NULL, "__udp6_lib_rcv", { UDP, .facts = FACT_MULTICAST } },
	{ "multicast-without-listener", "NOT_SPECIFIED", "ip6_mc_input", { ICMP6 } },
	{ "multicast-without-listener",
	  "NOT_SPECIFIED",
	  "ip_rcv_finish_core",
	  { UDP, .facts = FACT_MULTICAST } },
	{ "multicast-without-listener",
	  NULL,
	  "ip_rcv_finish_core",
	  { UDP, .facts = FACT_MULTICAST } },
	{ "martian-address",
	  "NOT_SPECIFIED",
	  "ip_rcv_finish_core",
	  { UDP, .facts = FACT_MULTICAST | FACT_MARTIAN } },
	{ "tcp-late-segment", "NO_SOCKET", "tcp_v4_rcv", { TCP, .facts = ACK | EMPTY } },
	{ "tcp-late-segment", "NO_SOCKET", "tcp_v4_rcv", { TCP, .facts = FACT_TCP_RST } },
	{ "tcp-late-segment",
	  NULL,
	  "tcp_v4_rcv",
	  { TCP, .facts = ACK | EMPTY, .note = NOTE(NOTE_NO_SOCKET, 0) } },
	{ "tcp-late-segment", "NOT_SPECIFIED", "tcp_v4_rcv", { TCP, .facts = ACK | TIME_WAIT } },
	{ "tcp-late-segment", "TCP_RESET", "tcp_rcv_established", { TCP, .facts = FACT_TCP_RST } },
	{ "tcp-late-segment",
	  "TCP_FLAGS",
	  "tcp_v6_do_rcv",
	  { TCP, .facts = ACK | EMPTY | LISTEN } },
	{ "no-listener", "NO_SOCKET", "tcp_v4_rcv", { TCP, .facts = SYN } },
	{ "no-listener", "NO_SOCKET", "tcp_v4_rcv", { TCP, .facts = ACK } },
	{ "no-listener", "NO_SOCKET", "udp_rcv", { UDP } },
	{ "no-listener",
	  NULL,
	  "tcp_v6_rcv",
	  { TCP, .facts = SYN, .note = NOTE(NOTE_NO_SOCKET, 0) } },
	{ "no-listener",
	  NULL,
	  "__udp4_lib_rcv",
	  { UDP, .note = NO_PORT, .facts = FACT_ICMP_WATCHED } },
	{ "no-listener", NULL, "__udp4_lib_rcv", { UDP } },
	{ "udp-receive-buffer-full", "SOCKET_RCVBUFF", "udp_queue_rcv_one_skb", { UDP } },
	{ "udp-receive-buffer-full", NULL, "udpv6_queue_rcv_one_skb", { UDP } },
	{ "raw-receive-buffer-full", "SOCKET_RCVBUFF", "raw_rcv_skb", { IP4, .proto = 1 } },
	{ "raw-receive-buffer-full", NULL, "raw_rcv", { IP4, .proto = 1 } },
	{ "syn-refused-other",
	  NULL,
	  "",
	  { TCP, .kind = EV_HOOK_DROP, .note = NOTE(NOTE_SYN_OTHER, SYN_OTHER_NO_ROUTE) } },
	{ "tcp-receive-buffer-full", "PROTO_MEM", "tcp_data_queue", { TCP } },
	{ "tcp-receive-buffer-full",
	  "PROTO_MEM",
	  "tcp_data_queue",
	  { TCP, .facts = ESTABLISHED | FACT_RECEIVE_FULL } },
	{ "tcp-receive-buffer-full",
	  "PROTO_MEM",
	  "tcp_v6_do_rcv",
	  { TCP, .facts = ESTABLISHED | FACT_RECEIVE_FULL, .note = NOTE(NOTE_TCP_MEMORY, 0) } },
	{ "tcp-receive-buffer-full",
	  NULL,
	  "",
	  { TCP, .kind = EV_HOOK_DROP, .facts = ESTABLISHED | FACT_RECEIVE_FULL,
	    .note = NOTE(NOTE_TCP_MEMORY, 0) } },
	{ "tcp-backlog-full", "SOCKET_BACKLOG", "tcp_v4_rcv", { TCP } },
	{ "tcp-backlog-full", NULL, "tcp_v4_rcv", { TCP, .note = NOTE(NOTE_TCP_BACKLOG, 0) } },
	{ "tcp-out-of-order-pruned", "TCP_OFO_QUEUE_PRUNE", "tcp_prune_ofo_queue", { TCP } },
	{ "tcp-out-of-order-pruned",
	  NULL,
	  "",
	  { TCP, .kind = EV_HOOK_DROP, .note = NOTE(NOTE_TCP_PRUNED, 0) } },
	{ "tcp-zero-window", "TCP_ZEROWINDOW", "tcp_data_queue", { TCP } },
	{ "tcp-zero-window",
	  "TCP_INVALID_END_SEQUENCE",
	  "tcp_validate_incoming",
	  { TCP, .facts = ESTABLISHED | ACK | FACT_WINDOW_CLOSED } },
	{ "tcp-zero-window",
	  "TCP_OVERWINDOW",
	  "tcp_data_queue",
	  { TCP, .facts = ESTABLISHED | ACK | FACT_WINDOW_CLOSED } },
	{ "tcp-duplicate",
	  "TCP_OVERWINDOW",
	  "tcp_data_queue",
	  { TCP, .facts = ESTABLISHED | ACK } },
	{ "tcp-invalid-segment",
	  "TCP_INVALID_END_SEQUENCE",
	  "tcp_validate_incoming",
	  { TCP, .facts = ESTABLISHED | ACK } },
	{ "tcp-zero-window",
	  NULL,
	  "",
	  { TCP, .kind = EV_HOOK_DROP, .note = NOTE(NOTE_TCP_WINDOW, 0) } },
	{ "socket-memory-limit", "PROTO_MEM", "tcp_data_queue", { TCP, .facts = ESTABLISHED } },
	{ "socket-memory-limit",
	  NULL,
	  "",
	  { TCP, .kind = EV_HOOK_DROP, .facts = ESTABLISHED, .note = NOTE(NOTE_TCP_MEMORY, 0) } },
	{ "socket-memory-limit", "PROTO_MEM", "udp_queue_rcv_one_skb", { UDP } },
	{ "socket-memory-limit",
	  NULL,
	  "udp_queue_rcv_one_skb",
	  { UDP, .note = NOTE(NOTE_UDP_MEMORY, 0) } },
	{ "ttl-expired", "IP_INHDR", "ip_forward", { UDP, .facts = FACT_TTL_EXPIRED } },
	{ "ttl-expired", NULL, "ip_forward", { UDP, .facts = FACT_TTL_EXPIRED } },
	{ "ttl-expired", NULL, "ip6_forward", { .l3 = 0x86dd, .proto = 17, .note = EXPIRED6 } },
	{ "mtu-local-too-big", "PKT_TOO_BIG", "ip6_xmit", { .l3 = 0x86dd, .proto = 6 } },
	{ "mtu-forward-too-big", "PKT_TOO_BIG", "ip_forward", { TCP } },
	{ "mtu-forward-too-big", NULL, "ip_forward", { TCP, .note = TOO_BIG } },
	{ "mtu-forward-too-big", NULL, "ip_forward", { TCP, .facts = FACT_OVER_DST_MTU } },
	{ "mtu-forward-too-big", "NOT_SPECIFIED", "ip_fragment", { TCP, .note = TOO_BIG } },
	{ "mtu-fragment-failed", "NOT_SPECIFIED", "ip6_fragment", { .l3 = 0x86dd, .proto = 17 } },
	{ "pmtu-blackhole-suspected",
	  NULL,
	  "",
	  { TCP, .kind = EV_NOTICE, .note = NOTE(NOTE_PMTU, 0) } },
	{ "mtu-local-too-big", "NOT_SPECIFIED", "ip6_xmit", { TCP, .facts = FACT_OVER_DST_MTU } },
	{ "mtu-local-too-big",
	  "NOT_SPECIFIED",
	  "ip_fragment",
	  { IP4, .note = TOO_BIG, .facts = FACT_SK_TX } },
	{ "xfrm-policy", NULL, "udp_queue_rcv_one_skb", { UDP, .note = NOTE(NOTE_XFRM, 0) } },
	{ "tx-ring-full", NULL, "tun_net_xmit", { UDP } },
	{ "neighbour-failed", NULL, "neigh_invalidate", { UDP, .note = NOTE(NOTE_NEIGH, 0) } },
	{ "qdisc-full",
	  "QDISC_DROP",
	  "__tcf_kfree_skb_list",
	  { UDP, .note = NOTE(NOTE_QDISC, 0) } },
	{ "mtu-veth-mismatch",
	  "NOT_SPECIFIED",
	  "__dev_forward_skb2",
	  { UDP, .facts = FACT_OVER_PEER_MTU } },
	{ "mtu-veth-mismatch", NULL, "__dev_forward_skb", { UDP, .facts = FACT_OVER_PEER_MTU } },
	{ "martian-address", "IP_INVALID_SOURCE", "ip_rcv_finish_core", { UDP } },
	{ "martian-address", "NOT_SPECIFIED", "ip_rcv_finish_core", { UDP } },
	{ "martian-address", NULL, "ip_rcv_finish_core", { UDP, .facts = FACT_MARTIAN } },
	{ "martian-address",
	  "IP_INHDR",
	  "ip6_rcv_core",
	  { .l3 = 0x86dd, .proto = 17, .facts = FACT_MARTIAN } },
	{ "martian-address",
	  NULL,
	  "ip6_rcv_core",
	  { .l3 = 0x86dd, .proto = 17, .facts = FACT_MARTIAN } },
	{ "ip-header-bad", "IP_INHDR", "ip6_rcv_core", { .l3 = 0x86dd, .proto = 17 } },
	{ "reverse-path-filter", "IP_RPFILTER", "ip_rcv_finish_core", { UDP } },
	{ "reverse-path-filter", NULL, "ip_rcv_finish_core", { UDP } },
	{ "no-route", "IP_INNOROUTES", "ip_error", { UDP } },
	{ "no-route", "IP_OUTNOROUTES", "__ip_queue_xmit", { TCP } },
	{ "no-route", NULL, "ip_error", { UDP } },
	{ "no-route", NULL, "ip6_pkt_drop", { .l3 = 0x86dd, .proto = 17 } },
	{ "no-route", "NOT_SPECIFIED", "dst_discard_out", { UDP } },
	{ "forwarding-off", "IP_INADDRERRORS", "ip_error", { UDP } },
	{ "neighbour-failed", "NEIGH_FAILED", "neigh_invalidate", { UDP } },
	{ "neighbour-failed", "NOT_SPECIFIED", "neigh_invalidate", { .l3 = 0x86dd, .proto = 17 } },
	{ "neighbour-failed", NULL, "neigh_invalidate", { UDP } },
	{ "neighbour-queue-full", "NEIGH_QUEUEFULL", "__neigh_event_send", { UDP } },
	{ "neighbour-queue-full", NULL, "__neigh_event_send", { UDP } },
	{ "neighbour-table-full", "NEIGH_CREATEFAIL", "ip_finish_output2", { UDP } },
	{ "neighbour-table-full", NULL, "ip6_finish_output2", { .l3 = 0x86dd, .proto = 17 } },
	{ "device-down", "QDISC_DROP", "__dev_queue_xmit", { UDP, .facts = FACT_DEV_DOWN } },
	{ "device-down", NULL, "kfree_skb_list", { UDP, .facts = FACT_DEV_DOWN, .ifindex = 2 } },
	{ "device-down", "NOT_SPECIFIED", "__dev_forward_skb2", { UDP, .facts = FACT_PEER_DOWN } },
	{ "device-down", "DEV_READY", "enqueue_to_backlog", { UDP } },
	{ "qdisc-full", "QDISC_DROP", "__tcf_kfree_skb_list", { UDP } },
	{ "qdisc-full", "FQ_FLOW_LIMIT", "__dev_queue_xmit", { UDP } },
	{ "qdisc-full", NULL, "kfree_skb_list", { UDP, .facts = FACT_SK_TX | 7, .ifindex = 2 } },
	{ "cpu-backlog-full", "CPU_BACKLOG", "enqueue_to_backlog", { UDP } },
	{ "cpu-backlog-full", NULL, "enqueue_to_backlog", { UDP } },
	{ "tx-ring-full", "FULL_RING", "tun_net_xmit", { UDP } },
	{ "xdp-drop", "NOT_SPECIFIED", "do_xdp_generic", { UDP } },
	{ "xdp-drop", NULL, "do_xdp_generic", { UDP } },
	{ "xdp-drop", "XDP", "do_xdp_generic", { UDP } },
	{ "tc-drop", "TC_INGRESS", "__netif_receive_skb_core", { UDP } },
	{ "tc-drop", NULL, "__netif_receive_skb_core", { UDP } },
	{ "tc-drop", NULL, "__dev_queue_xmit", { UDP } },
	{ "socket-filter", "SOCKET_FILTER", "tcp_v4_rcv", { TCP } },
	{ "xfrm-policy", "XFRM_POLICY", "tcp_v4_rcv", { TCP } },
	{ "openvswitch-drop", "OVS_DROP_METER", "ovs_execute_actions", { UDP } },
	{ "tunnel-refused", "VXLAN_VNI_NOT_FOUND", "vxlan_rcv", { UDP } },
	{ "bridge-port-blocked", "BRIDGE_INGRESS_STP_STATE", "br_handle_frame", { UDP } },
	{ "checksum-bad", "UDP_CSUM", "__udp4_lib_rcv", { UDP } },
	{ "checksum-bad", NULL, "__udp4_lib_rcv", { UDP, .facts = FACT_ICMP_WATCHED } },
	{ "ip-header-bad", "IP_INHDR", "ip_rcv_core", { UDP } },
	{ "unknown-transport-protocol",
	  "IP_NOPROTO",
	  "ip_local_deliver_finish",
	  { IP4, .proto = 132 } },
	{ "unknown-transport-protocol", NULL, "ip_local_deliver_finish", { IP4, .proto = 132 } },
	{ "fragments-incomplete", "FRAG_REASM_TIMEOUT", "inet_frag_rbtree_purge", { UDP } },
	{ "out-of-memory", "NOMEM", "ip_forward", { UDP } },
	{ "tcp-invalid-segment", "TCP_INVALID_SEQUENCE", "tcp_validate_incoming", { TCP } },
	{ "socket-closed", "QUEUE_PURGE", "skb_queue_purge_reason", { TCP } },
	{ "socket-closed", "NOT_SPECIFIED", "udp_destruct_common", { UDP } },
	{ "socket-closed", NULL, "sk_stream_kill_queues", { TCP } },
	{ "tcp-duplicate",
	  "TCP_INVALID_SEQUENCE",
	  "tcp_validate_incoming",
	  { TCP, .facts = ESTABLISHED | ACK | EMPTY } },
	{ "tcp-duplicate",
	  "TCP_RFC7323_PAWS",
	  "tcp_validate_incoming",
	  { TCP, .facts = ACK | EMPTY } },
	{ "tcp-invalid-segment",
	  "TCP_RFC7323_PAWS",
	  "tcp_validate_incoming",
	  { TCP, .facts = ACK } },
	{ "tcp-duplicate", "TCP_OLD_DATA", "tcp_data_queue", { TCP } },
	{ "syn-ack-repeated",
	  "TCP_INVALID_SYN",
	  "tcp_validate_incoming",
	  { TCP, .facts = ESTABLISHED | SYN | ACK | EMPTY } },
	{ "tcp-invalid-segment",
	  "TCP_INVALID_SYN",
	  "tcp_validate_incoming",
	  { TCP, .facts = ESTABLISHED | SYN } },
	{ "syn-retransmitted", "NOT_SPECIFIED", "tcp_v4_rcv", { TCP, .facts = SYN | LISTEN } },
	{ "defer-accept", "NOT_SPECIFIED", "tcp_v4_rcv", { TCP, .facts = ACK | EMPTY | LISTEN } },
	{ "tcp-discarded", "NOT_SPECIFIED", "tcp_v4_rcv", { TCP, .facts = ACK } },
	{ "tcp-discarded", NULL, "tcp_v4_rcv", { TCP, .facts = SYN } },
	{ "icmp-handled", "NOT_SPECIFIED", "icmpv6_rcv", { ICMP6 } },
	{ "icmp-handled", NULL, "icmpv6_rcv", { ICMP6 } },
	{ "other-host-frame", "OTHERHOST", "ip_rcv_core", { UDP, .facts = FACT_OTHERHOST } },
	{ "other-host-frame", NULL, "ip_rcv_core", { UDP, .facts = FACT_OTHERHOST } },
	{ "unhandled-protocol", "UNHANDLED_PROTO", "__netif_receive_skb_core", { .l3 = 0x88cc } },
	{ "unhandled-protocol", NULL, "__netif_receive_skb_core", { .l3 = 0x88cc } },
	{ "ipv6-disabled", "IPV6DISABLED", "ip6_rcv_core", { ICMP6 } },
	{ "ipv6-disabled", NULL, "ip6_rcv_core", { ICMP6, .facts = FACT_IPV6_OFF } },
	{ "ipv6-disabled", "NOT_SPECIFIED", "ip6_rcv_core", { ICMP6, .facts = FACT_IPV6_OFF } },
	{ "duplicate-fragment", "DUP_FRAG", "ip_frag_queue", { UDP } },
	{ "unknown", "NOT_SPECIFIED", "a_function_of_the_future", { UDP } },
	{ "unknown", "A_REASON_OF_THE_FUTURE", "tcp_v4_rcv", { TCP } },
	{ "unknown", NULL, "", { UDP } },
};

#define EXAMPLES (sizeof(examples) / sizeof(examples[0]))

static const struct cause *judge(size_t i)
{
	struct loss_key key = examples[i].key;
	struct loss l = { .key = &key, .reason = examples[i].reason, .where = examples[i].where };

	if (!key.kind)
		key.kind = EV_SKB_DROP;
	key.reason = examples[i].reason ? 2 : 0;
	return classify(&l);
}

Test(causes, examples_are_recognised)
{
	for (size_t i = 0; i < EXAMPLES; i++)
		cr_expect_str_eq(judge(i)->name, examples[i].cause, "%s at %s: %s, not %s",
				 examples[i].reason ? examples[i].reason : "-", examples[i].where,
				 judge(i)->name, examples[i].cause);
}

Test(causes, each_has_an_example)
{
	for (size_t c = 0; c < causes_count; c++) {
		size_t i = 0;

		while (i < EXAMPLES && strcmp(examples[i].cause, causes[c].name))
			i++;
		cr_expect(i < EXAMPLES, "%s has no example", causes[c].name);
	}
}

Test(causes, names_are_unique_and_well_formed)
{
	for (size_t i = 0; i < causes_count; i++) {
		const char *name = causes[i].name;

		cr_expect(islower(name[0]) &&
				  name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] == 0,
			  "%s", name);
		for (size_t j = 0; j < i; j++)
			cr_expect(strcmp(name, causes[j].name), "%s twice", name);
		cr_expect_eq(cause_find(name), &causes[i]);
	}
	cr_expect_null(cause_find("no-such-cause"));
}

Test(causes, each_tells_what_it_is_and_what_to_do)
{
	for (size_t i = 0; i < causes_count; i++) {
		const struct cause *c = &causes[i];

		cr_expect(c->summary && *c->summary && c->summary[strlen(c->summary) - 1] != '.',
			  "%s: summary", c->name);
		cr_expect(c->explain && strlen(c->explain) > 30, "%s: explain", c->name);
		cr_expect(c->remedy && strlen(c->remedy) > 10, "%s: remedy", c->name);
		cr_expect(c->docs && *c->docs, "%s: docs", c->name);
		cr_expect(c->match[0].reason || c->match[0].where || c->match[0].when ||
				  c->match[0].note || c->match[0].kind,
			  "%s: match", c->name);
	}
}

Test(causes, evidence_exists)
{
	for (size_t i = 0; i < causes_count; i++)
		for (int j = 0; j < CAUSE_EVIDENCE && causes[i].evidence[j]; j++)
			cr_expect_not_null(field_find(causes[i].evidence[j]), "%s: %s",
					   causes[i].name, causes[i].evidence[j]);
	for (size_t i = 0; i < fields_count; i++)
		cr_expect(!fields[i].limit || field_find(fields[i].limit), "%s", fields[i].name);
}

Test(causes, the_last_takes_all)
{
	cr_expect_str_eq(causes[causes_count - 1].name, "unknown");
}

Test(causes, muted_reasons_are_normal_whatever_else_holds)
{
	static const char *const normal[] = { "QUEUE_PURGE", "OTHERHOST", "TCP_OLD_DATA" };
	static const char *const mixed[] = { "NO_SOCKET", "NOT_SPECIFIED", "NETFILTER_DROP",
					     "SOCKET_RCVBUFF", "A_REASON_OF_THE_FUTURE" };

	for (size_t i = 0; i < 5; i++)
		cr_expect_not(classify_reason_is_normal(mixed[i]), "%s", mixed[i]);
	/* a reason is muted in the kernel only if no example of it is a loss */
	for (size_t i = 0; i < EXAMPLES; i++)
		if (examples[i].reason && classify_reason_is_normal(examples[i].reason))
			cr_expect_eq(judge(i)->severity, SEV_NORMAL, "%s", examples[i].reason);
	for (size_t i = 0; i < 3; i++)
		cr_expect(classify_reason_is_normal(normal[i]), "%s", normal[i]);
}

/* What is read in the kernel by reason, or by note and fact, is all that is shown: see needs() in emit.bpf.h. */
static void shown_is_read(size_t i, const char *name)
{
	const struct loss_key *key = &examples[i].key;
	const struct cause *c = judge(i);

	if (key->note || key->facts & (FACT_OVER_PEER_MTU | FACT_OVER_DST_MTU) ||
	    (key->kind && key->kind != EV_SKB_DROP))
		return;
	for (int j = 0; j < CAUSE_EVIDENCE && c->evidence[j]; j++)
		if (!strcmp(name, c->evidence[j]))
			cr_expect(classify_reason_shows(
					  examples[i].reason ? examples[i].reason : "-", name),
				  "%s of %s", name, c->name);
}

Test(causes, what_is_shown_is_read)
{
	static const char *const names[] = { "qdisc", "qdisc_length", "tx_queue_len", "route_mtu" };

	for (size_t i = 0; i < EXAMPLES; i++)
		for (size_t j = 0; j < 4; j++)
			shown_is_read(i, names[j]);
	cr_expect_not(classify_reason_shows("NETFILTER_DROP", "qdisc route_mtu"));
	cr_expect(classify_reason_shows("QDISC_DROP", "route_mtu qdisc"));
}
