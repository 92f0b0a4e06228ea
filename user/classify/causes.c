/* SPDX-License-Identifier: GPL-2.0-only */
/* The catalogue of causes: how each is recognised, and what to say about it. */
#include "classify/advice.h"
#include "classify/cause.h"
#include "classify/predicates.h"

/* Functions whose free can mean several things; compilers inline and tail-call differently. */
#define TCP_RECEIVE    "tcp_v4_rcv tcp_v6_rcv tcp_v4_do_rcv tcp_v6_do_rcv"
#define UDP_LOOKUP     "__udp4_lib_rcv __udp6_lib_rcv udp_rcv udpv6_rcv"
#define UDP_QUEUE      "udp_queue_rcv_one_skb udpv6_queue_rcv_one_skb __udp_enqueue_schedule_skb"
#define FORWARD	       "ip_forward ip6_forward"
#define FORWARD_DEVICE "__dev_forward_skb __dev_forward_skb2 dev_forward_skb veth_xmit"
#define NETFILTER      "nf_hook_slow nf_hook_slow_list nft_do_chain nf_reinject"
#define TRANSMIT       "kfree_skb_list kfree_skb_list_reason __dev_queue_xmit __tcf_kfree_skb_list"
#define FRAGMENT       "ip_fragment ip_do_fragment ip6_fragment"
#define GENERIC_XDP                                                                                \
	"do_xdp_generic netif_receive_generic_xdp bpf_prog_run_generic_xdp veth_xdp_rcv_skb"
#define TCP_DATA  "tcp_data_queue tcp_data_queue_ofo tcp_rcv_established tcp_v4_do_rcv tcp_v6_do_rcv"
#define NO_REASON "- NOT_SPECIFIED"

const struct cause causes[] = {
	/* Not packets, or copies of packets: nothing of the network is lost. */
	{
		.name = "not-a-packet",
		.severity = SEV_NORMAL,
		.match = { { .when = is_non_ip_socket }, { .when = is_never_on_a_device } },
		.summary = "a message of a local socket, not a packet",
		.explain =
			"Netlink, unix and other local sockets carry their messages in the same "
			"buffers as packets. Freed unread, for instance when the receiver has "
			"closed, they pass the same tracepoint, but nothing of the network is lost.",
		.remedy = "None is needed.",
		.docs = "netlink_broadcast_filtered() net/netlink/af_netlink.c, unix_release_sock() "
			"net/unix/af_unix.c",
	},
	{
		.name = "tap-copy",
		.severity = SEV_NORMAL,
		.match = { { .reason = "TAP_FILTER TAP_TXFILTER PACKET_SOCK_ERROR UNIX_DISCONNECT "
				       "UNIX_SKIP_OOB" },
			   { .where =
				     "packet_rcv tpacket_rcv packet_rcv_spkt packet_rcv_fanout" } },
		.summary = "a copy made for a packet socket that did not want it",
		.explain =
			"tcpdump and its like receive copies of packets. A copy that the socket's "
			"filter refuses, or that finds no room, is freed as dropped; the packet "
			"itself goes on its way.",
		.remedy = "None is needed. If a capture misses packets, give it a larger buffer "
			  "(tcpdump -B).",
		.docs = "packet_rcv(), tpacket_rcv() net/packet/af_packet.c",
	},

	/* Normal by reason or place alone: first, so that the kernel need not even send them. */
	{
		.name = "socket-closed",
		.severity = SEV_NORMAL,
		.match = { { .reason = "QUEUE_PURGE SOCKET_CLOSE" },
			   { .where =
				     "sk_stream_kill_queues inet_sock_destruct udp_destruct_common "
				     "udp_destruct_sock udpv6_destruct_sock tcp_disconnect skb_queue_purge "
				     "skb_queue_purge_reason skb_rbtree_purge unix_release_sock "
				     "unix_stream_connect tcp_write_queue_purge packet_sock_destruct "
				     "inet_csk_destroy_sock tcp_v4_destroy_sock skb_errqueue_purge" } },
		.summary = "what a closed socket still had in its queues",
		.explain =
			"A socket that is closed frees what nobody read, often only the peer's FIN. The "
			"application chose to close; nothing was lost on the way.",
		.remedy =
			"None is needed. Data that should have been read is the application's affair.",
		.docs = "inet_sock_destruct() net/ipv4/af_inet.c",
	},
	{
		.name = "tcp-duplicate",
		.severity = SEV_NORMAL,
		.match = { { .reason = "TCP_OLD_DATA TCP_OFOMERGE TCP_OFO_DROP TCP_OLD_SEQUENCE "
				       "TCP_OLD_ACK TCP_TOO_OLD_ACK TCP_RFC7323_PAWS_ACK" },
			   { .reason = "TCP_OVERWINDOW", .when = is_window_open },
			   { .reason = "TCP_INVALID_SEQUENCE TCP_RFC7323_PAWS",
			     .when = is_empty_segment } },
		.summary = "a TCP segment that had been received before, or beyond the window",
		.explain =
			"Retransmissions bring data twice; the copy is freed. Many of them hint at loss "
			"or delay elsewhere. Keep-alives and probes of a closed window are old segments "
			"without data: they are answered, and freed so too.",
		.remedy =
			"None is needed here. If there are many, look for the loss that makes the peer "
			"retransmit.",
		.docs = "tcp_data_queue() net/ipv4/tcp_input.c",
	},
	{
		.name = "other-host-frame",
		.severity = SEV_NORMAL,
		.match = { { .reason = "OTHERHOST UNICAST_IN_L2_MULTICAST" },
			   { .reason = NO_REASON,
			     .where = "ip_rcv_core ip6_rcv_core ip_rcv ip6_rcv",
			     .when = is_other_host } },
		.summary = "a frame for another host that the link delivered here too",
		.explain =
			"Switches flood frames whose destination they do not know, and promiscuous "
			"devices hear everything. The other host gets its own copy.",
		.remedy = "None is needed.",
		.docs = "ip_rcv_core() net/ipv4/ip_input.c",
	},
	{
		.name = "ipv6-disabled",
		.severity = SEV_NORMAL,
		.match = { { .reason = "IPV6DISABLED" },
			   { .reason = NO_REASON,
			     .where = "ip6_rcv_core ipv6_rcv",
			     .when = is_ipv6_off } },
		.summary = "an IPv6 packet where IPv6 is switched off",
		.explain =
			"The device or namespace has disable_ipv6 set, or the device's MTU is below 1280, the "
			"least that IPv6 runs on; neighbours' IPv6 chatter is freed.",
		.remedy =
			"None is needed, unless IPv6 is wanted: net.ipv6.conf.DEV.disable_ipv6=0.",
		.docs = "ip6_rcv_core() net/ipv6/ip6_input.c",
	},
	{
		.name = "duplicate-fragment",
		.severity = SEV_NORMAL,
		.match = { { .reason = "DUP_FRAG" } },
		.summary = "a fragment that had been received before",
		.explain = "The network delivered a fragment twice; the copy is freed.",
		.remedy = "None is needed.",
		.docs = "ip_frag_queue() net/ipv4/ip_fragment.c",
	},

	/* IPVS. */
	{
		.name = "ipvs-first-syn-dropped",
		.match = { { .note = NOTE_IPVS_FIRST_SYN } },
		.evidence = { "virtual_service", "real_server", "ipvs_state", "conntrack_state",
			      "conn_reuse_mode", "expire_nodest_conn", "vs_conntrack", "weight" },
		.summary = "IPVS dropped the first SYN of a connection that reuses a client port",
		.explain =
			"The client uses a port again whose old connection still has an entry in IPVS. "
			"IPVS wants to schedule the connection anew, but the SYN was found by the old "
			"connection's conntrack entry, so it throws old entry and SYN away. The client "
			"repeats the SYN after a second, and that one is served: connections through "
			"the service now and then take a second longer.",
		.remedy =
			"Let IPVS do without conntrack where nothing masquerades its connections "
			"(net.ipv4.vs.conntrack=0), or shorten the life of dead conntrack entries. "
			"Around IPVS: kube-proxy in nftables mode, a load balancer that sends straight "
			"to pods, an ingress or a service mesh.",
		.advise = advise_ipvs_first_syn,
		.docs = "ip_vs_in() net/netfilter/ipvs/ip_vs_core.c, "
			"ip_vs_conn_uses_old_conntrack() include/net/ip_vs.h, "
			"Documentation/networking/ipvs-sysctl.rst conn_reuse_mode",
	},
	{
		.name = "ipvs-destination-gone",
		.match = { { .note = NOTE_IPVS_GONE } },
		.evidence = { "virtual_service", "real_server", "ipvs_state", "available",
			      "expire_nodest_conn", "conn_reuse_mode", "vs_conntrack",
			      "conntrack_state" },
		.summary = "IPVS drops the packets of a connection whose real server was removed",
		.explain =
			"The real server was deleted from the service, as kube-proxy does when a pod "
			"ends, but the connection's entry still leads to it. With "
			"net.ipv4.vs.expire_nodest_conn=0 IPVS silently drops every packet of it, a "
			"client's new connection from the same port too, until the entry expires.",
		.remedy =
			"Set net.ipv4.vs.expire_nodest_conn=1 in the node's namespace: the entry is "
			"expired at once and new connections are scheduled again. Established ones "
			"then break with a reset instead of hanging.",
		.advise = advise_ipvs_gone,
		.docs = "ip_vs_in() net/netfilter/ipvs/ip_vs_core.c, "
			"Documentation/networking/ipvs-sysctl.rst expire_nodest_conn",
	},
	{
		.name = "ipvs-no-destination",
		.match = { { .note = NOTE_IPVS_NO_DEST } },
		.evidence = { "virtual_service", "real_servers", "server_weights",
			      "expire_nodest_conn" },
		.summary = "the IPVS service has no real server that takes the connection",
		.explain =
			"The service is there, but it has no real servers, or all of them have weight "
			"0 (draining) or are overloaded. IPVS answers with ICMP port unreachable. In "
			"Kubernetes: a Service without ready endpoints.",
		.remedy =
			"See why the Service has no ready endpoint ('kubectl get endpointslices'), and "
			"on the node the weights in 'ipvsadm -Ln'.",
		.docs = "ip_vs_leave() net/netfilter/ipvs/ip_vs_core.c",
	},
	{
		.name = "ipvs-dead-destination",
		.match = { { .note = NOTE_IPVS_FORWARDED } },
		.evidence = { "virtual_service", "real_server", "ipvs_state", "weight", "available",
			      "conntrack_state", "conn_reuse_mode", "expire_nodest_conn",
			      "vs_conntrack", "new_by_reuse", "new_by_schedule", "new_within_s",
			      "servers_without_new", "died_at" },
		.summary =
			"IPVS sent the packet to a server that takes no new connections, and it died there",
		.explain =
			"The packet met an old connection's entry and was sent to that one's real "
			"server, though its weight is 0 (a pod that is ending) or the connection is a "
			"new one from a reused port. The pod is gone or going: the packet was lost on "
			"the way to it, typically as 'no route to host' during rolling updates.",
		.remedy =
			"Set net.ipv4.vs.conn_reuse_mode=1 and net.ipv4.vs.expire_nodest_conn=1 in the "
			"node's namespace, so that new connections from old ports are scheduled anew. "
			"Let pods serve until their endpoint is withdrawn (preStop sleep).",
		.advise = advise_ipvs_reuse,
		.docs = "ip_vs_in() net/netfilter/ipvs/ip_vs_core.c, "
			"Documentation/networking/ipvs-sysctl.rst conn_reuse_mode",
	},
	{
		.name = "ipvs-reuse-pinned",
		.severity = SEV_PRESSURE,
		.match = { { .note = NOTE_IPVS_PINNED } },
		.evidence = { "virtual_service", "real_server", "ipvs_state", "weight", "available",
			      "conntrack_state", "conn_reuse_mode", "expire_nodest_conn",
			      "vs_conntrack", "new_by_reuse", "new_by_schedule", "new_within_s",
			      "servers_without_new" },
		.summary =
			"a new connection went to an old one's real server without being scheduled",
		.explain =
			"With net.ipv4.vs.conn_reuse_mode=0 a new connection from a client port whose "
			"old entry is still there inherits that one's real server. Busy clients that "
			"go round their ports quickly never see new pods: load stays uneven, and "
			"rolling updates send connections to pods that are gone.",
		.remedy = "Set net.ipv4.vs.conn_reuse_mode=1 in the node's namespace.",
		.advise = advise_ipvs_reuse,
		.docs = "Documentation/networking/ipvs-sysctl.rst conn_reuse_mode",
	},
	{
		.name = "ipvs-reuse-rescheduled",
		.severity = SEV_INFO,
		.match = { { .note = NOTE_IPVS_RESCHEDULED } },
		.evidence = { "virtual_service", "real_server", "ipvs_state", "conntrack_state",
			      "conn_reuse_mode", "expire_nodest_conn", "vs_conntrack", "weight",
			      "new_by_reuse", "new_by_schedule", "new_within_s",
			      "servers_without_new" },
		.summary =
			"a new connection from a reused port was scheduled anew, nothing is lost",
		.explain =
			"The old connection's entry was expired and the SYN went on to the scheduler: "
			"what net.ipv4.vs.conn_reuse_mode=1 (or expire_nodest_conn=1 with weight 0) is "
			"for.",
		.remedy = "None is needed.",
		.advise = advise_ipvs_rescheduled,
		.docs = "ip_vs_in() net/netfilter/ipvs/ip_vs_core.c",
	},

	/* What conntrack and NAT say of a packet goes before what the hook they run in can say. */
	{
		.name = "conntrack-insert-failed",
		.match = { { .note = NOTE_CT_INSERT } },
		.evidence = { "loser_original", "loser_reply", "winner_original", "winner_reply",
			      "clash_direction", "nat_done", "zone", "loser_pod", "winner_pod",
			      "conntrack_entries", "conntrack_status" },
		.summary = "another connection was in conntrack's table first, the packet is lost",
		.explain =
			"The first packet of a connection enters it into conntrack's table when it has "
			"passed all hooks. If another connection with one of the two directions has "
			"been entered meanwhile, both cannot be there, and the packet is dropped. Two "
			"CPUs do that with packets of one socket whose destination is translated "
			"apart, or with two clients that source NAT gives the same address and port. "
			"UDP clashes in the original direction are resolved without a loss, TCP's "
			"never are. 'conntrack -S' counts insert_failed and drop; insert_failed "
			"counts other things too.",
		.remedy =
			"For source NAT let the rule choose ports at random (iptables --random-fully, "
			"nft fully-random). For parallel DNS queries of one socket use a node-local "
			"DNS cache, 'options single-request-reopen' or TCP. Avoid conntrack on the "
			"way to the service where you can.",
		.advise = advise_ct_insert,
		.docs = "__nf_conntrack_confirm(), nf_ct_resolve_clash() "
			"net/netfilter/nf_conntrack_core.c",
	},
	{
		.name = "conntrack-clash-resolved",
		.severity = SEV_INFO,
		.match = { { .note = NOTE_CT_RESOLVED } },
		.evidence = { "loser_original", "loser_reply", "winner_original", "winner_reply",
			      "clash_direction", "nat_done", "zone", "loser_pod", "winner_pod" },
		.summary = "two packets opened the same connection at once; nothing is lost",
		.explain =
			"Two packets of one socket passed on two CPUs, and each became a connection of "
			"its own. For protocols without a handshake (UDP and, on newer kernels, "
			"others) conntrack gives the second packet the first one's connection, or, "
			"where they were translated to different servers, keeps the second for a "
			"second so that its answer finds back. 'conntrack -S' counts clash_resolve.",
		.remedy = "None is needed.",
		.advise = advise_ct_resolved,
		.docs = "__nf_ct_resolve_clash(), nf_ct_resolve_clash_harder() "
			"net/netfilter/nf_conntrack_core.c",
	},
	{
		.name = "conntrack-table-full",
		.match = { { .note = NOTE_CT_FULL } },
		.evidence = { "conntrack_entries", "conntrack_max", "conntrack_buckets" },
		.summary = "conntrack's table is full: no new connections in this namespace",
		.explain =
			"Each connection through a namespace with NAT or stateful rules has an entry. "
			"At net.netfilter.nf_conntrack_max entries in one namespace, and with none "
			"among those looked at that is unanswered, the first packet of a new "
			"connection is dropped; established ones go on. The limit can only be set in "
			"the host's namespace and holds for each namespace by itself.",
		.remedy =
			"Find who fills the table (conntrack -L in that namespace). If the load is "
			"real, raise net.netfilter.nf_conntrack_max and nf_conntrack_buckets in the "
			"host's namespace, or exempt flows that need no NAT (notrack).",
		.advise = advise_ct_full,
		.docs = "__nf_conntrack_alloc(), early_drop() net/netfilter/nf_conntrack_core.c, "
			"Documentation/networking/nf_conntrack-sysctl.rst",
	},
	{
		.name = "conntrack-early-drop",
		.severity = SEV_PRESSURE,
		.match = { { .note = NOTE_CT_EVICTED } },
		.evidence = { "conntrack_entries", "conntrack_max", "conntrack_buckets",
			      "conntrack_status" },
		.summary = "conntrack's table is full: this connection lost its entry to a new one",
		.explain =
			"A full table makes room by deleting entries of connections that are not "
			"assured: no answer yet, or UDP with a single exchange. The connection shown "
			"has lost its entry; if it is translated, its answers find no way back.",
		.remedy =
			"Raise net.netfilter.nf_conntrack_max and nf_conntrack_buckets in the host's "
			"namespace, or find who fills the table (conntrack -L).",
		.advise = advise_ct_full,
		.docs = "early_drop_list() net/netfilter/nf_conntrack_core.c",
	},
	{
		.name = "conntrack-chain-too-long",
		.match = { { .note = NOTE_CT_CHAIN } },
		.evidence = { "conntrack_entries", "conntrack_max", "conntrack_buckets" },
		.summary = "too many connections in one hash chain of conntrack",
		.explain =
			"The hash table of conntrack is shared by all namespaces. A new connection that "
			"finds 50 to 80 others in its chain is not entered, and its packet is dropped: "
			"the table has too few buckets for the connections it holds, or somebody "
			"makes them collide. 'conntrack -S' counts chaintoolong and insert_failed.",
		.remedy =
			"Raise net.netfilter.nf_conntrack_buckets in the host's namespace to at least "
			"nf_conntrack_max; count all namespaces' connections.",
		.advise = advise_ct_chain,
		.docs = "__nf_conntrack_confirm() net/netfilter/nf_conntrack_core.c",
	},
	{
		.name = "conntrack-invalid",
		.severity = SEV_INFO,
		.match = { { .note = NOTE_CT_INVALID } },
		.evidence = { "invalid_because" },
		.summary = "conntrack does not take the packet for part of its connection",
		.explain =
			"Out of the window, a bad checksum, flags or a state that do not fit: conntrack "
			"lets the packet pass, but without a connection. It is not translated, and a "
			"rule 'ct state invalid drop' will drop it. That is where it is lost, if it "
			"is. Some messages are about packets that are accepted all the same.",
		.remedy = "None is needed if nothing drops it. Behind asymmetric routes or with "
			  "offloading that shows conntrack half of a connection, set "
			  "net.netfilter.nf_conntrack_tcp_be_liberal=1 in that namespace.",
		.docs = "nf_conntrack_in(), nf_ct_l4proto_log_invalid() net/netfilter/",
	},
	{
		.name = "nat-port-exhausted",
		.match = { { .note = NOTE_NAT_FULL } },
		.evidence = { "nat_address", "nat_destination", "nat_range", "nat_tries",
			      "loser_original", "loser_reply", "winner_original", "loser_pod",
			      "winner_pod" },
		.summary = "source NAT has no free port for this destination",
		.explain =
			"Connections from one NAT address to one destination address and port differ "
			"in the source port alone. NAT tries up to 248 ports, in runs from random "
			"places of the rule's range; if all are taken it keeps the last one and says "
			"nothing, and the packet is dropped when conntrack finds that another "
			"connection has that port. So it begins before the last port is used. In all "
			"counters it looks like an insert race.",
		.remedy = "Widen the port range of the rule, give it more addresses, or open fewer "
			  "connections to that destination (keep them alive, reuse them). "
			  "net.ipv4.ip_local_port_range does not matter: NAT does not use it.",
		.advise = advise_nat_full,
		.docs = "nf_nat_l4proto_unique_tuple() net/netfilter/nf_nat_core.c",
	},

	{
		.name = "out-of-memory",
		.match = { { .reason = "NOMEM" }, { .note = NOTE_CT_NO_MEMORY } },
		.evidence = { "length" },
		.summary = "the kernel found no memory for the packet",
		.explain =
			"An allocation in atomic context failed: free memory is short or fragmented.",
		.remedy =
			"Look for allocation failures in dmesg; raise vm.min_free_kbytes; relieve the "
			"node's memory.",
		.docs = "include/net/dropreason-core.h SKB_DROP_REASON_NOMEM",
	},

	/* Netfilter frees early and says little; what it says goes before all guesses by place. */
	{
		.name = "netfilter-rule-drop",
		.match = { { .note = NOTE_NF_RULE } },
		.evidence = { "backend", "table_family", "hook", "table", "chain", "rule",
			      "rule_text", "comment", "rule_for", "verdict", "base_chain",
			      "invalid_because" },
		.summary = "a firewall rule dropped or rejected the packet",
		.explain =
			"A rule of nftables, iptables, arptables or ebtables ended with drop or "
			"reject. The evidence names the table, the chain and the rule: for nftables "
			"and iptables-nft by the handle that 'nft -a list ruleset' shows, for "
			"iptables-legacy by its number in the chain. A rule without number is one "
			"whose kind of verdict is not watched by default (a verdict map): "
			"--rules=exact names it too. The namespace it was lost in tells whose rules "
			"they are: a pod's own or the node's.",
		.remedy =
			"In that namespace list the rules: 'nft -a list ruleset', 'iptables-save -c', "
			"'ip6tables-save -c'. If the rule is right, the sender is wrong.",
		.advise = advise_netfilter_rule,
		.docs = "nft_do_chain() net/netfilter/nf_tables_core.c, ipt_do_table() "
			"net/ipv4/netfilter/ip_tables.c",
	},
	{
		.name = "netfilter-policy-drop",
		.match = { { .note = NOTE_NF_POLICY } },
		.evidence = { "backend", "table_family", "hook", "table", "chain", "verdict",
			      "invalid_because" },
		.summary = "no firewall rule accepted the packet, and the chain's policy is drop",
		.explain =
			"The packet ran to the end of a base chain of nftables or a built-in chain of "
			"iptables whose policy is drop. Where a verdict map could have said it as "
			"well, the evidence says so; --rules=exact tells them apart.",
		.remedy = "Add a rule that accepts this flow before the end of the chain.",
		.advise = advise_netfilter_rule,
		.docs = "nft_do_chain() net/netfilter/nf_tables_core.c, ipt_do_table() "
			"net/ipv4/netfilter/ip_tables.c",
	},
	{
		.name = "netfilter-hook-drop",
		.match = { { .note = NOTE_NF_HOOK, .when = is_engines_watched } },
		.evidence = { "hook_point", "hooks", "mark", "input_ifindex" },
		.summary = "a netfilter hook that is no firewall table dropped the packet",
		.explain =
			"Not a rule of nftables or iptables: those are watched and did not do it. "
			"Conntrack, NAT, IPVS, a BPF program or another module registered a function "
			"at this hook, and it said drop. The evidence lists the functions in the "
			"order in which they ran. What NAT drops of itself, and counts nowhere, is "
			"the packet of a masqueraded connection that would leave by another device "
			"than it began on.",
		.remedy =
			"Look at 'conntrack -S' (insert_failed, drop) and, on IPVS nodes, 'ipvsadm "
			"-Ln', for BPF programs at 'bpftool net'; the names of the functions lead to "
			"the module.",
		.advise = advise_netfilter_hook,
		.docs = "nf_hook_slow() net/netfilter/core.c",
	},
	{
		.name = "netfilter-drop-unattributed",
		.match = { { .reason = "NETFILTER_DROP NETFILTER_INGRESS" },
			   { .reason = "-", .where = NETFILTER },
			   { .reason = "NOT_SPECIFIED", .where = NETFILTER } },
		.evidence = { "hook_point", "hooks", "mark", "input_ifindex" },
		.summary = "a netfilter hook dropped the packet, and it was not watched which",
		.explain =
			"The packet ran into a hook that said drop: an nftables or iptables rule or "
			"chain policy, a connection that conntrack could not confirm (full table, "
			"lost insert race), or IPVS without a server. Which one is told by hooks in "
			"nf_tables and ip_tables. As these cost for each packet, they are attached "
			"with the first such loss, within a tenth of a second: if the next one is "
			"not named, they are missing here, and 'whydrop probes' says why. "
			"--hooks=always attaches them at the start. "
			"The namespace it was lost in tells whose rules they are: a pod's own or the "
			"node's.",
		.remedy =
			"In that namespace look at the counters of the rules: 'nft list ruleset', "
			"'iptables-save -c', 'ip6tables-save -c'. If no rule counts it, look at "
			"'conntrack -S' (insert_failed, drop) and, on IPVS nodes, 'ipvsadm -Ln'.",
		.docs = "nf_hook_slow() net/netfilter/core.c, nft_do_chain() "
			"net/netfilter/nf_tables_core.c",
	},

	{
		.name = "xfrm-policy",
		.match = { { .note = NOTE_XFRM },
			   { .reason = "XFRM_POLICY" },
			   { .reason = NO_REASON,
			     .where = "xfrm_input xfrm6_input_addr xfrm_output "
				      "xfrm_output_resume xfrm_lookup" } },
		.evidence = { "policy_direction", "input_ifindex", "mark" },
		.summary =
			"an IPsec policy demands protection that the packet does not have, or IPsec failed",
		.explain =
			"A policy says that this traffic must be encrypted and it was not, or a security "
			"association is missing, expired or rejected the packet.",
		.remedy =
			"'ip xfrm policy', 'ip xfrm state' and the counters in /proc/net/xfrm_stat.",
		.docs = "xfrm_policy_check() include/net/xfrm.h, xfrm_input() net/xfrm/xfrm_input.c",
	},

	/* Sockets that listen. */
	{
		.name = "accept-queue-full",
		.match = { { .note = NOTE_ACCEPT_FULL },
			   { .reason = "TCP_LISTEN_OVERFLOW" },
			   { .reason = NO_REASON,
			     .where = TCP_RECEIVE,
			     .when = is_accept_full_ack },
			   { .reason = "NO_SOCKET",
			     .where = "cookie_v4_check cookie_v6_check",
			     .when = is_accept_full } },
		.evidence = { "handshake_step", "listen_queue", "listen_queue_limit",
			      "accept_queue", "accept_queue_limit", "netns_somaxconn",
			      "abort_on_overflow", "socket_port", "process" },
		.summary =
			"the listener's accept queue is full: the application accepts too slowly",
		.explain =
			"Connections wait in the accept queue until the application calls accept(). "
			"The queue holds the smaller of listen()'s backlog and net.core.somaxconn, "
			"and one more. When it is full, new requests are dropped without an answer, "
			"and so is the ACK that completes a handshake under way (with "
			"net.ipv4.tcp_abort_on_overflow=1 that one is answered with a reset). The "
			"client retries after 1 s, 3 s, 7 s ...",
		.remedy =
			"Find out why the application accepts too slowly (blocked accept thread, CPU "
			"limit). If bursts are normal, raise the backlog it gives to listen() and, "
			"where that is larger, net.core.somaxconn in the pod's namespace: the smaller "
			"of the two rules. 'ss -lnt' shows queue and limit.",
		.advise = advise_accept_queue,
		.docs = "tcp_conn_request() net/ipv4/tcp_input.c, tcp_check_req() "
			"net/ipv4/tcp_minisocks.c, listen(2)",
	},
	{
		.name = "syn-queue-full",
		.match = { { .note = NOTE_SYN_FULL } },
		.evidence = { "syn_queue", "listen_queue_limit", "syncookies", "max_syn_backlog",
			      "netns_somaxconn", "socket_port", "process" },
		.summary = "the listener's SYN queue is full and syncookies are off",
		.explain =
			"A request waits in the SYN queue until the client acknowledges the SYN-ACK. "
			"That queue is as long as the accept queue: the smaller of listen()'s backlog "
			"and net.core.somaxconn. With net.ipv4.tcp_syncookies=0 a request that finds "
			"it full is dropped.",
		.remedy =
			"Set net.ipv4.tcp_syncookies=1 in the listener's namespace, and raise both the "
			"application's backlog and net.core.somaxconn there. If the requests are not "
			"your clients', this is a SYN flood.",
		.advise = advise_syn_queue,
		.docs = "tcp_conn_request() net/ipv4/tcp_input.c, inet_csk_reqsk_queue_is_full() "
			"include/net/inet_connection_sock.h",
	},
	{
		.name = "syn-cookies-sent",
		.severity = SEV_PRESSURE,
		.match = { { .note = NOTE_SYN_COOKIE } },
		.evidence = { "syn_queue", "listen_queue_limit", "syncookies", "max_syn_backlog",
			      "netns_somaxconn", "socket_port", "process" },
		.summary =
			"the listener's SYN queue is full: the request is answered with a cookie",
		.explain =
			"With net.ipv4.tcp_syncookies=1 a request that finds the SYN queue full is "
			"answered from a cookie in place of a queue entry. Nothing is lost yet, but the "
			"connection does without window scaling and SACK where the client sends no "
			"timestamps, and a lost ACK is not repeated.",
		.remedy =
			"Raise the application's backlog and net.core.somaxconn in the listener's "
			"namespace: the smaller of the two sizes the SYN queue. If the requests are not "
			"your clients', this is a SYN flood, and the cookies are the defence.",
		.advise = advise_syn_queue,
		.docs = "tcp_syn_flood_action() net/ipv4/tcp_input.c, "
			"Documentation/networking/ip-sysctl.rst tcp_syncookies",
	},
	{
		.name = "syn-refused-other",
		.match = { { .note = NOTE_SYN_OTHER } },
		.evidence = { "refused_because", "syn_queue", "max_syn_backlog", "syncookies",
			      "listen_queue", "listen_queue_limit", "socket_port", "process" },
		.summary = "a listener refused a connection request though its queues had room",
		.explain =
			"ListenDrops also counts requests that are refused for other reasons than a "
			"full queue: no route back to the client, no memory for the request, a "
			"security module, or, without syncookies, a peer not known to be alive once "
			"three quarters of net.ipv4.tcp_max_syn_backlog are taken.",
		.remedy =
			"If syn_queue is near max_syn_backlog, raise net.ipv4.tcp_max_syn_backlog or set "
			"net.ipv4.tcp_syncookies=1 in the listener's namespace. Else see in that "
			"namespace whether 'ip route get CLIENT from LISTENER' finds a way back, and "
			"whether memory is short.",
		.advise = advise_syn_refused,
		.docs = "tcp_conn_request() net/ipv4/tcp_input.c",
	},

	/* Packets for which there is no socket. */
	{
		.name = "multicast-without-listener",
		.severity = SEV_NORMAL,
		.match = { { .reason = "NO_SOCKET", .when = is_group_destination },
			   { .reason = "-", .where = UDP_LOOKUP, .when = is_group_destination },
			   { .reason = "IP_INADDRERRORS IP_INNOROUTES IP_NOPROTO",
			     .when = is_group_destination },
			   { .reason = "- NOT_SPECIFIED IP_INVALID_DEST",
			     .where = "ip_rcv_finish_core ip_rcv_finish",
			     .when = is_unwanted_group },
			   { .reason = NO_REASON,
			     .where = "ip6_mc_input ip6_mr_input ip_mr_input" } },
		.summary = "a multicast or broadcast packet that nobody here listens to",
		.explain =
			"Discovery protocols (mDNS, SSDP, LLMNR) speak to everybody on the link. "
			"A host without such a listener frees the packet; nobody misses it.",
		.remedy = "None is needed.",
		.docs = "__udp4_lib_mcast_deliver() net/ipv4/udp.c",
	},
	{
		.name = "tcp-late-segment",
		.severity = SEV_NORMAL,
		.match = { { .reason = "TCP_RESET TCP_CLOSE TCP_RFC7323_TW_PAWS TCP_ABORT_ON_CLOSE "
				       "TCP_ABORT_ON_LINGER" },
			   { .reason = "NO_SOCKET", .when = is_no_socket_late },
			   { .when = is_noted_no_socket_late },
			   { .reason = NO_REASON, .where = TCP_RECEIVE, .when = is_time_wait },
			   { .reason = "NOT_SPECIFIED TCP_FLAGS",
			     .where = TCP_RECEIVE " tcp_rcv_state_process",
			     .when = is_listener_reset },
			   /* a connection's last acknowledgement, which finds only the listener */
			   { .reason = "TCP_FLAGS",
			     .where = TCP_RECEIVE,
			     .when = is_listener_tail },
			   { .reason = "NOT_SPECIFIED",
			     .where = "tcp_rcv_state_process",
			     .when = always } },
		.summary = "a TCP segment without data that came after its connection had ended",
		.explain =
			"Resets, and acknowledgements without data, often arrive when the socket is "
			"closed or in TIME_WAIT. They have done what they were for, or have nothing "
			"left to do.",
		.remedy = "None is needed.",
		.docs = "tcp_v4_rcv() net/ipv4/tcp_ipv4.c, tcp_timewait_state_process() "
			"net/ipv4/tcp_minisocks.c",
	},
	{
		.name = "no-listener",
		.match = { { .reason = "NO_SOCKET" },
			   { .when = is_noted_no_socket_tcp },
			   { .when = is_noted_no_socket_syn },
			   { .reason = "-",
			     .where = UDP_LOOKUP,
			     .when = is_answered_port_unreachable },
			   { .reason = "-", .where = UDP_LOOKUP, .when = is_icmp_unwatched } },
		.summary = "no socket listens on that address and port",
		.explain =
			"The packet reached its destination's namespace, but no socket is bound to "
			"the port, or only to another address (127.0.0.1 instead of 0.0.0.0). TCP "
			"answers with a reset, UDP with ICMP port unreachable. Typical after a crash, "
			"before readiness, or when a pod has closed its listener before its endpoint "
			"was withdrawn.",
		.remedy =
			"See what listens in the victim's namespace: 'nsenter -t PID -n ss -lntup'. "
			"Compare port and address with the Service's targetPort. If it happens while "
			"pods end, let the application serve until endpoints are withdrawn (preStop "
			"sleep).",
		.docs = "tcp_v4_rcv() net/ipv4/tcp_ipv4.c, __udp4_lib_rcv() net/ipv4/udp.c",
	},

	/* Sockets that are full. */
	{
		.name = "tcp-receive-buffer-full",
		.match = { { .kind = EV_HOOK_DROP,
			     .note = NOTE_TCP_MEMORY,
			     .when = is_receive_buffer_full },
			   { .reason = "PROTO_MEM",
			     .where = TCP_DATA,
			     .when = is_receive_buffer_full } },
		.evidence = { "receive_queue_bytes", "receive_buffer_bytes", "unread_bytes",
			      "receive_window", "receive_buffer_fixed", "netns_tcp_rmem_max",
			      "socket_port", "process" },
		.summary = "the TCP socket's receive buffer is full",
		.explain =
			"The sender kept to the window, but the segments' memory overhead filled the "
			"buffer before the window was used up: many small segments, a buffer that was "
			"made smaller, or an application that does not read. The segment is lost and "
			"sent again later.",
		.remedy =
			"See whether the application reads ('ss -tmn' Recv-Q). For sockets whose buffer "
			"grows by itself raise net.ipv4.tcp_rmem[2]; where the application sets "
			"SO_RCVBUF, raise it there.",
		.advise = advise_tcp_receive_buffer,
		.docs = "tcp_try_rmem_schedule() net/ipv4/tcp_input.c, "
			"Documentation/networking/ip-sysctl.rst tcp_rmem",
	},
	{
		.name = "tcp-backlog-full",
		.match = { { .note = NOTE_TCP_BACKLOG },
			   { .reason = "SOCKET_BACKLOG" },
			   { .reason = "PFMEMALLOC", .when = is_tcp } },
		.evidence = { "socket_backlog_bytes", "receive_queue_bytes", "receive_buffer_bytes",
			      "send_buffer_bytes", "receive_buffer_fixed", "netns_tcp_rmem_max",
			      "socket_port", "process" },
		.summary = "segments came faster than the locked socket could take them",
		.explain =
			"While the application is inside a call on the socket, arriving segments wait "
			"in its backlog. Backlog and receive queue together hold about the receive and "
			"the send buffer and 64 KiB, by the kernel's version; what comes beyond is lost "
			"and counted as TCPBacklogDrop.",
		.remedy =
			"Raise net.ipv4.tcp_rmem[2] (or SO_RCVBUF where the application sets it), let "
			"the application make shorter calls, and spread its connections over CPUs.",
		.advise = advise_tcp_backlog,
		.docs = "tcp_add_backlog() net/ipv4/tcp_ipv4.c",
	},
	{
		.name = "tcp-out-of-order-pruned",
		.match = { { .note = NOTE_TCP_PRUNED },
			   { .reason = "TCP_OFO_QUEUE_PRUNE" },
			   { .reason = "NOT_SPECIFIED", .where = "tcp_prune_ofo_queue" } },
		.evidence = { "receive_queue_bytes", "receive_buffer_bytes", "unread_bytes",
			      "receive_window", "receive_buffer_fixed", "netns_tcp_rmem_max",
			      "socket_port", "process" },
		.summary = "out-of-order segments were thrown away to make room",
		.explain =
			"Behind a gap in the stream, segments wait for the missing one. When the "
			"receive buffer is needed, they are thrown away and must be sent again.",
		.remedy =
			"Find the loss that makes the gaps first; then raise net.ipv4.tcp_rmem[2].",
		.advise = advise_tcp_pruned,
		.docs = "tcp_prune_ofo_queue() net/ipv4/tcp_input.c",
	},
	{
		.name = "tcp-zero-window",
		.match = { { .kind = EV_HOOK_DROP, .note = NOTE_TCP_WINDOW },
			   { .reason = "TCP_ZEROWINDOW" },
			   { .reason = "TCP_INVALID_END_SEQUENCE TCP_OVERWINDOW",
			     .when = is_window_closed } },
		.evidence = { "receive_window", "unread_bytes", "receive_queue_bytes",
			      "receive_buffer_bytes", "receive_buffer_fixed", "netns_tcp_rmem_max",
			      "socket_port", "process" },
		.summary = "data for a socket whose receive window is closed",
		.explain =
			"The application does not read, so the window closed; the peer sent all the "
			"same, usually a probe. The data is refused until the application reads.",
		.remedy = "Find out why the application does not read: 'ss -tn' shows its Recv-Q.",
		.advise = advise_tcp_window,
		.docs = "tcp_data_queue() net/ipv4/tcp_input.c",
	},
	{
		.name = "socket-memory-limit",
		.match = { { .kind = EV_HOOK_DROP, .note = NOTE_TCP_MEMORY },
			   { .note = NOTE_UDP_MEMORY },
			   { .reason = "PROTO_MEM" } },
		.evidence = { "socket_protocol", "protocol_pages", "protocol_limit_pages",
			      "needed_pages", "cgroup_pages", "cgroup_limit_pages",
			      "receive_queue_bytes", "receive_buffer_bytes", "socket_port" },
		.summary = "the protocol or the pod's memory cgroup has no memory left for sockets",
		.explain =
			"All sockets of a protocol share net.ipv4.tcp_mem or udp_mem (in pages), and "
			"those of a pod its memory limit. Beyond that, packets are refused though the "
			"socket itself has room.",
		.remedy =
			"Compare 'mem' in /proc/net/sockstat with net.ipv4.tcp_mem / udp_mem, and the "
			"pod's memory.current with memory.max. Find who queues so much ('ss -tmn') "
			"before raising either.",
		.advise = advise_memory,
		.docs = "__sk_mem_raise_allocated() net/core/sock.c",
	},
	{
		.name = "udp-receive-buffer-full",
		.match = { { .note = NOTE_RECEIVE_FULL, .when = is_datagram },
			   { .reason = "SOCKET_RCVBUFF", .when = is_datagram },
			   { .reason = "-", .where = UDP_QUEUE } },
		.evidence = { "receive_queue_bytes", "receive_buffer_bytes", "waiting_packets",
			      "reader_stalled_ms", "receive_buffer_set", "socket_port",
			      "socket_drops", "rmem_default", "rmem_max" },
		.summary =
			"the UDP socket's receive buffer is full: the application reads too slowly",
		.explain =
			"Datagrams wait in the socket until the application reads them. Their memory "
			"(with overhead, about twice the data for small ones) may not exceed the "
			"receive buffer; what comes then is lost and counted as RcvbufErrors. Kernels before "
			"5.17 free what a filter on the socket refuses at the same place.",
		.remedy =
			"If the queue is full all the time the reader is stuck or too slow: more "
			"threads, SO_REUSEPORT, a higher CPU limit. For bursts raise SO_RCVBUF in the "
			"application (bounded by net.core.rmem_max), or net.core.rmem_default for "
			"sockets that set none. 'ss -lunm' shows the queue.",
		.advise = advise_receive_buffer,
		.docs = "__udp_enqueue_schedule_skb() net/ipv4/udp.c, socket(7)",
	},
	{
		.name = "raw-receive-buffer-full",
		.match = { { .note = NOTE_RECEIVE_FULL },
			   { .reason = "SOCKET_RCVBUFF" },
			   { .reason = NO_REASON,
			     .where = "raw_rcv raw_rcv_skb rawv6_rcv ping_rcv "
				      "ping_queue_rcv_skb" } },
		.evidence = { "receive_queue_bytes", "receive_buffer_bytes", "waiting_packets",
			      "reader_stalled_ms", "receive_buffer_set", "socket_drops",
			      "rmem_default", "rmem_max" },
		.summary = "the receive buffer of a raw or ping socket is full",
		.explain =
			"A raw socket gets a copy of each packet of its protocol. When the program "
			"does not read them in time, the copies that find no room are lost.",
		.remedy = "Let the program read faster or set a larger SO_RCVBUF (bounded by "
			  "net.core.rmem_max).",
		.advise = advise_receive_buffer,
		.docs = "sock_queue_rcv_skb_reason() net/core/sock.c, raw(7)",
	},

	/* Calls that failed: there was no packet. */
	{
		.name = "send-buffer-full",
		.severity = SEV_REFUSED,
		.match = { { .note = NOTE_SEND_FULL } },
		.evidence = { "send_queue_bytes", "send_buffer_bytes", "datagram_bytes",
			      "send_buffer_set", "qdisc", "qdisc_length", "qdisc_limit",
			      "wmem_default", "wmem_max" },
		.summary = "the UDP socket's send buffer is full: the device is slower than the "
			   "application",
		.explain =
			"What a socket has sent stays in its send buffer until the device has taken it. "
			"A socket that may not wait gets EAGAIN when the buffer is full, and any "
			"socket ENOBUFS when the fragments of one large datagram do not fit. Counted "
			"as SndbufErrors.",
		.remedy =
			"Wait for the socket to become writable (poll) before sending on. If the "
			"queueing discipline is slow on purpose (a bandwidth limit), send less. For "
			"bursts raise SO_SNDBUF (bounded by net.core.wmem_max), or "
			"net.core.wmem_default for sockets that set none.",
		.advise = advise_send_buffer,
		.docs = "sock_alloc_send_pskb() net/core/sock.c, udp_sendmsg() net/ipv4/udp.c",
	},
	{
		.name = "source-port-exhausted",
		.severity = SEV_REFUSED,
		.match = { { .note = NOTE_NO_PORT } },
		.evidence = { "port_range", "ports_usable", "ports_connected", "ports_time_wait",
			      "ports_bound", "ports_reserved" },
		.summary = "no source port is left for the socket",
		.explain =
			"A connect takes a port of net.ipv4.ip_local_port_range that no socket has "
			"bound and that is not in use to the same destination address and port, "
			"not even by a connection in TIME_WAIT (60 s). A bind to port 0, and the "
			"first send of a UDP socket, take one that nobody has. When the whole range "
			"has been tried, connect fails with EADDRNOTAVAIL, bind with EADDRINUSE, and "
			"a UDP send with EAGAIN. Every network namespace has its own range and ports.",
		.remedy =
			"Look for connections that are never closed or never reused ('ss -tan' in the "
			"pod's namespace): keep connections alive and pool them. Widen "
			"net.ipv4.ip_local_port_range in that namespace, or spread the connections "
			"over more destination addresses or ports.",
		.advise = advise_no_port,
		.docs = "__inet_hash_connect() net/ipv4/inet_hashtables.c, inet_csk_get_port() "
			"net/ipv4/inet_connection_sock.c, udp_lib_get_port() net/ipv4/udp.c",
	},
	{
		.name = "port-in-ephemeral-range",
		.severity = SEV_REFUSED,
		.match = { { .note = NOTE_PORT_HELD } },
		.evidence = { "wanted_port", "port_range", "port_holder", "port_holder_process",
			      "port_holder_pod", "ports_reserved" },
		.summary = "the port to bind is the source port of an outgoing connection",
		.explain =
			"The application wants a fixed port that lies in net.ipv4.ip_local_port_range. "
			"From there the kernel gives ports to outgoing connections, and one of them, "
			"perhaps only in TIME_WAIT, has that port just now: bind() fails with "
			"EADDRINUSE though nothing listens there. It happens by chance, mostly at a "
			"restart.",
		.remedy = "Reserve the port in the socket's namespace with "
			  "net.ipv4.ip_local_reserved_ports, or use a port outside "
			  "net.ipv4.ip_local_port_range.",
		.advise = advise_port_held,
		.docs = "inet_csk_get_port() net/ipv4/inet_connection_sock.c, "
			"Documentation/networking/ip-sysctl.rst ip_local_reserved_ports",
	},
	{
		.name = "source-port-taken",
		.severity = SEV_REFUSED,
		.match = { { .note = NOTE_PORT_TAKEN } },
		.evidence = { "wanted_port", "port_range" },
		.summary =
			"a connection with the chosen source port to that destination exists already",
		.explain =
			"The application has bound a source port before it connects, and there is a "
			"connection, perhaps in TIME_WAIT, with the same addresses and ports: connect "
			"fails with EADDRNOTAVAIL. Other ports may be free, but the kernel may not "
			"choose one.",
		.remedy =
			"Let the kernel choose the port: do not bind before connect, or bind the "
			"address alone with IP_BIND_ADDRESS_NO_PORT. Where the port must be fixed, wait "
			"for the old connection's end (TIME_WAIT lasts 60 s).",
		.docs = "__inet_check_established() net/ipv4/inet_hashtables.c",
	},

	/* Forwarding and routing. */
	{
		.name = "ttl-expired",
		.match = { { .reason = "- IP_INHDR NOT_SPECIFIED",
			     .where = FORWARD,
			     .when = is_answered_ttl_expired },
			   { .reason = "- IP_INHDR", .where = FORWARD, .when = is_ttl_expired } },
		.evidence = { "input_ifindex" },
		.summary = "the packet's TTL or hop limit ran out at this node",
		.explain =
			"Each router takes one from the TTL, and frees the packet that would leave "
			"with none. Either the sender set it low (traceroute does), or the packet "
			"goes round in a loop.",
		.remedy = "If it is no traceroute, look for a routing loop: 'ip route get' for the "
			  "destination on this node and on the next hop.",
		.docs = "ip_forward() net/ipv4/ip_forward.c, ip6_forward() net/ipv6/ip6_output.c",
	},
	{
		.name = "mtu-local-too-big",
		.match = { { .note = NOTE_SEND_TOO_BIG },
			   { .reason = "PKT_TOO_BIG",
			     .where = "ip6_xmit ip6_append_data ip6_output" },
			   { .where = "ip6_xmit", .when = is_over_route_mtu },
			   { .where = FRAGMENT, .when = is_answered_too_big_here } },
		.evidence = { "packet_bytes", "datagram_bytes", "send_mtu", "packet_size",
			      "way_mtu", "way_device", "way_owner", "dont_fragment", "icmp_answer",
			      "tunnel_overhead", "route_mtu", "device_mtu" },
		.summary = "a packet of this host is longer than its own route allows",
		.explain = "The socket sent more than the MTU of the route and may not fragment.",
		.remedy =
			"Lower the application's datagram size, or give route and device the MTU that "
			"the path really has.",
		.advise = advise_mtu_local,
		.docs = "__ip_append_data() net/ipv4/ip_output.c, ip6_xmit() net/ipv6/ip6_output.c",
	},
	{
		.name = "mtu-forward-too-big",
		.match = { { .reason = "PKT_TOO_BIG" },
			   { .reason = "-", .where = FORWARD, .when = is_answered_too_big },
			   { .reason = "-", .where = FORWARD, .when = is_over_route_mtu },
			   { .where = FRAGMENT, .when = is_answered_too_big } },
		.evidence = { "packet_size", "way_mtu", "way_device", "way_owner", "input_device",
			      "input_mtu", "dont_fragment", "icmp_answer", "tunnel_overhead",
			      "length", "route_mtu", "device_mtu" },
		.summary =
			"a forwarded packet is longer than the MTU of its way on, and may not be fragmented",
		.explain =
			"The packet has DF set (TCP always has) or is IPv6, so the node frees it and "
			"answers with ICMP 'fragmentation needed' or 'packet too big'. If that "
			"answer is lost on its way, the connection hangs as soon as it sends much.",
		.remedy =
			"Give the pod's interface the MTU of the narrowest link on its way (tunnel MTU = "
			"link MTU minus overhead: VXLAN 50, IPIP 20, WireGuard 60 to 80), or clamp MSS on "
			"the node. Never block ICMP type 3 code 4 and ICMPv6 type 2.",
		.advise = advise_mtu_forward,
		.docs = "ip_forward() net/ipv4/ip_forward.c, RFC 1191, RFC 8201",
	},
	{
		.name = "mtu-fragment-failed",
		.match = { { .where = FRAGMENT } },
		.evidence = { "length", "route_mtu", "device_mtu", "dont_fragment", "qdisc" },
		.summary = "a packet had to be fragmented and could not be",
		.explain =
			"On its way out the packet was longer than the MTU, and fragmenting failed: "
			"DF was set, or memory was missing.",
		.remedy = "Make the MTUs along the way equal, as for mtu-forward-too-big.",
		.docs = "ip_do_fragment() net/ipv4/ip_output.c, ip6_fragment() net/ipv6/ip6_output.c",
	},
	{
		.name = "pmtu-blackhole-suspected",
		.severity = SEV_SYMPTOM,
		.match = { { .note = NOTE_PMTU } },
		.evidence = { "segment", "mss", "retransmissions", "path_mtu", "passed_behind",
			      "passed_before", "heard_since", "mtu_probing", "socket_port" },
		.summary =
			"full-size TCP segments are repeated without an answer while shorter ones pass",
		.explain =
			"This is a suspicion, no loss that was seen: the loss is elsewhere on the way. The "
			"same full-size segment was sent again three times and never acknowledged, though "
			"the way is alive: the peer was heard in between, or has acknowledged shorter "
			"segments behind it, or all that ever passed on this connection was shorter. And "
			"no ICMP has lowered the path MTU. That is what a link with a smaller MTU looks "
			"like whose 'fragmentation needed' does not come back.",
		.remedy =
			"Let ICMP type 3 code 4 and ICMPv6 type 2 pass on the whole way, give the pod's "
			"interface the MTU of the narrowest link, clamp the MSS on the node, or set "
			"net.ipv4.tcp_mtu_probing=1.",
		.advise = advise_pmtu,
		.docs = "tcp_retransmit_timer() net/ipv4/tcp_timer.c, RFC 2923, RFC 4821",
	},
	{
		.name = "mtu-veth-mismatch",
		.match = { { .where = FORWARD_DEVICE, .when = is_over_peer_mtu } },
		.evidence = { "packet_size", "way_mtu", "way_device", "way_owner", "input_device",
			      "input_mtu", "dont_fragment", "icmp_answer", "tunnel_overhead",
			      "length", "device_mtu", "peer_mtu" },
		.summary = "the receiving end of the veth has a smaller MTU than the sending end",
		.explain =
			"A veth hands packets over without a wire that could complain. What is longer "
			"than the receiver's MTU is freed silently: no ICMP, only a drop counter. "
			"Both ends must have the same MTU.",
		.remedy =
			"Give both ends the same: 'ip link set DEV mtu N' on the one with the wrong "
			"value, and correct the MTU in the CNI configuration that made them.",
		.advise = advise_mtu_veth,
		.docs = "__dev_forward_skb() net/core/dev.c, is_skb_forwardable() "
			"include/linux/netdevice.h",
	},
	{
		.name = "martian-address",
		.match = { { .reason =
				     "IP_INVALID_SOURCE IP_INVALID_DEST IP_LOCALNET IP_LOCAL_SOURCE" },
			   { .reason = "NOT_SPECIFIED",
			     .where = "ip_rcv_finish_core ip_rcv_finish ip_route_input_slow" },
			   { .reason = "-",
			     .where = "ip_rcv_finish_core ip_rcv_finish",
			     .when = is_martian },
			   { .reason = "- IP_INHDR NOT_SPECIFIED IP_INVALID_SOURCE IP_INVALID_DEST",
			     .where = "ip6_rcv_core ipv6_rcv",
			     .when = is_martian } },
		.evidence = { "input_ifindex" },
		.summary = "a source or destination address that may not come from outside",
		.explain =
			"Loopback, zero, multicast and broadcast sources, and the host's own addresses "
			"arriving from elsewhere, are refused before routing. With "
			"net.ipv4.conf.*.log_martians the kernel logs them.",
		.remedy =
			"Look for a misconfigured sender, a duplicate address, or NAT that rewrites to "
			"127.0.0.0/8 (which needs net.ipv4.conf.DEV.route_localnet=1).",
		.docs = "ip_route_input_slow() net/ipv4/route.c, ip6_rcv_core() net/ipv6/ip6_input.c",
	},
	{
		.name = "reverse-path-filter",
		.match = { { .reason = "IP_RPFILTER" },
			   { .reason = "-", .where = "ip_rcv_finish_core ip_rcv_finish" } },
		.evidence = { "rp_filter_all", "rp_filter_device", "input_ifindex" },
		.summary =
			"the way back to the source does not lead through the device it came from",
		.explain =
			"With rp_filter=1 a packet is accepted only if the best route to its source "
			"leaves by the same device; with 2, by any. Asymmetric routing (several "
			"interfaces, policy routing, some CNIs) fails this. Kernels before 5.17 free "
			"packets from the host's own addresses at the same place.",
		.remedy =
			"'ip route get SOURCE' shows the way back. Either correct the routes, or set "
			"net.ipv4.conf.DEV.rp_filter=2 (the larger of 'all' and DEV rules).",
		.advise = advise_rpfilter,
		.docs = "fib_validate_source() net/ipv4/fib_frontend.c, ip-sysctl.rst rp_filter, RFC 3704",
	},
	{
		.name = "no-route",
		.match = { { .reason = "IP_INNOROUTES IP_OUTNOROUTES" },
			   { .reason = NO_REASON,
			     .where = "ip_error __ip_queue_xmit ip6_pkt_drop ip6_pkt_discard "
				      "ip6_pkt_discard_out ip6_pkt_prohibit ip6_pkt_prohibit_out "
				      "dst_discard dst_discard_out" } },
		.evidence = { "input_ifindex" },
		.summary = "there is no route to the destination, or one that forbids it",
		.explain =
			"The namespace where it was lost has no route for the destination, or one of "
			"type unreachable, prohibit or blackhole. In a node's namespace this is "
			"typical of a pod whose address was withdrawn a moment ago.",
		.remedy =
			"In that namespace: 'ip route get DESTINATION' (with 'from SOURCE iif DEV' for a "
			"forwarded packet) and 'ip rule'. For a pod address see whether the pod still "
			"exists and whether the CNI has set its route.",
		.docs = "ip_error() net/ipv4/route.c, ip6_pkt_drop() net/ipv6/route.c",
	},
	{
		.name = "forwarding-off",
		.match = { { .reason = "IP_INADDRERRORS" } },
		.evidence = { "input_ifindex" },
		.summary = "the packet is for another host, and this namespace does not forward",
		.explain =
			"The packet was sent to this host's link-layer address with another host's IP "
			"address, and forwarding is off here.",
		.remedy =
			"On a node that routes for pods set net.ipv4.ip_forward=1 (and "
			"net.ipv6.conf.all.forwarding=1); otherwise correct the sender's route or an "
			"address that was taken away here.",
		.docs = "ip_error() net/ipv4/route.c",
	},
	{
		.name = "neighbour-failed",
		.match = { { .reason = "NEIGH_FAILED NEIGH_DEAD" },
			   { .where = "neigh_invalidate neigh_blackhole arp_error_report "
				      "ndisc_error_report" } },
		.evidence = { "next_hop", "neighbour_state", "neighbour_probes",
			      "neighbour_queue_bytes" },
		.summary = "the next hop did not answer ARP or neighbour discovery",
		.explain =
			"The packet waited for the link-layer address of its next hop, and after all "
			"probes nobody had answered. The host is gone (a pod deleted a moment ago), "
			"not on this link, or the answer is filtered. Several packets may wait for "
			"one neighbour, and are then lost together, seconds after they were sent.",
		.remedy =
			"'ip neigh show' lists it as FAILED. See whether the destination exists and is "
			"on this link, and whether its namespace's device is up.",
		.advise = advise_neighbour_failed,
		.docs = "neigh_invalidate() net/core/neighbour.c",
	},
	{
		.name = "neighbour-queue-full",
		.match = { { .reason = "NEIGH_QUEUEFULL" },
			   { .reason = "-", .where = "__neigh_event_send" } },
		.evidence = { "next_hop", "neighbour_state", "neighbour_queue_bytes",
			      "neighbour_queue_limit", "length", "unres_qlen_bytes" },
		.summary = "too many packets wait for the link-layer address of one next hop",
		.explain = "While a neighbour is being looked for, packets for it wait, up to "
			   "unres_qlen_bytes; beyond that the oldest is lost.",
		.remedy =
			"See first why the neighbour does not answer (neighbour-failed). For bursts to "
			"new neighbours raise net.ipv4.neigh.DEV.unres_qlen_bytes.",
		.advise = advise_neighbour_queue,
		.docs = "__neigh_event_send() net/core/neighbour.c",
	},
	{
		.name = "neighbour-table-full",
		.match = { { .reason = "NEIGH_CREATEFAIL" },
			   { .reason = "-", .where = "ip_finish_output2 ip6_finish_output2" } },
		.evidence = { "neighbour_entries", "neighbour_limit" },
		.summary = "no entry could be made for the next hop: the neighbour table is full",
		.explain =
			"All namespaces share one table for each family, with gc_thresh3 entries at "
			"most. The kernel logs 'neighbour: arp_cache: neighbor table overflow!'.",
		.remedy =
			"Raise net.ipv4.neigh.default.gc_thresh3 (and gc_thresh2, and the ipv6 twins) "
			"above the number of pods and nodes on the links of this node.",
		.advise = advise_neighbour_table,
		.docs = "neigh_alloc() net/core/neighbour.c, ip-sysctl.rst gc_thresh3",
	},

	/* Devices, queues and programs. */
	{
		.name = "device-down",
		.match = { { .where = FORWARD_DEVICE, .when = is_peer_down },
			   { .reason = "DEV_READY" },
			   { .reason = "- QDISC_DROP NOT_SPECIFIED",
			     .where = TRANSMIT,
			     .when = is_device_down } },
		.evidence = { "qdisc" },
		.summary = "the device, or the other end of the veth, is not up",
		.explain =
			"A device that is down or has no carrier has no queue: what is sent to it is "
			"freed at once. For a veth, carrier means that the other end is up.",
		.remedy =
			"'ip link show DEV' tells whether it is down (set it up) or NO-CARRIER (set the "
			"other end up, or plug it in). Around the end of a pod this is expected.",
		.docs = "noop_enqueue() net/sched/sch_generic.c, __dev_forward_skb() net/core/dev.c",
	},
	{
		.name = "qdisc-full",
		.match = { { .reason =
				     "QDISC_DROP QDISC_OVERLIMIT QDISC_CONGESTED QDISC_BURST_DROP "
				     "CAKE_FLOOD FQ_BAND_LIMIT FQ_HORIZON_LIMIT FQ_FLOW_LIMIT" },
			   { .reason = "-",
			     .where = "kfree_skb_list",
			     .when = is_leaving_device } },
		.evidence = { "leaf", "leaf_parent", "leaf_length", "leaf_limit",
			      "leaf_backlog_bytes", "leaf_drops", "qdisc", "qdisc_length",
			      "qdisc_limit", "qdisc_backlog_bytes" },
		.summary = "the device's queueing discipline had no room, or shapes the traffic",
		.explain =
			"The queue before the device is full: more is sent than the device or the "
			"configured rate lets through. A bandwidth limit on a pod works this way.",
		.remedy =
			"'tc -s qdisc show dev DEV' shows kind, limit and drops. If a rate is set on "
			"purpose (bandwidth plugin), the sender must slow down; otherwise raise the "
			"limit or use fq_codel.",
		.advise = advise_qdisc,
		.docs = "__dev_queue_xmit() net/core/dev.c, tc(8)",
	},
	{
		.name = "cpu-backlog-full",
		.match = { { .reason = "CPU_BACKLOG" },
			   { .reason = "-", .where = "enqueue_to_backlog" } },
		.evidence = { "netdev_max_backlog" },
		.summary = "a CPU's input queue is full: packets come faster than it can take them",
		.explain = "Packets from veth, loopback and RPS wait in a queue of each CPU, of "
			   "netdev_max_backlog packets. It fills when one CPU gets all the work.",
		.remedy =
			"Spread the load (RPS, more queues, more flows). For bursts raise "
			"net.core.netdev_max_backlog. The second column of /proc/net/softnet_stat counts "
			"these per CPU.",
		.advise = advise_cpu_backlog,
		.docs = "enqueue_to_backlog() net/core/dev.c",
	},
	{
		.name = "tx-ring-full",
		.match = { { .reason = "FULL_RING" }, { .reason = "-", .where = "tun_net_xmit" } },
		.evidence = { "tx_queue_len", "qdisc" },
		.summary = "the ring of a tun, tap or veth device is full: its reader is too slow",
		.explain =
			"A program (VPN, virtual machine) reads the packets of such a device from a "
			"ring. When it is late, the ring fills and packets are lost.",
		.remedy = "Give that program more CPU, or raise the device's txqueuelen.",
		.advise = advise_tx_ring,
		.docs = "tun_net_xmit() drivers/net/tun.c",
	},
	{
		.name = "xdp-drop",
		.match = { { .reason = "XDP" }, { .reason = NO_REASON, .where = GENERIC_XDP } },
		.summary = "an XDP program dropped the packet, or its redirect failed",
		.explain =
			"A BPF program at the device's receive path returned XDP_DROP, XDP_ABORTED or "
			"failed to redirect. Only generic XDP is seen here: a driver's native XDP drops "
			"before there is a buffer.",
		.remedy =
			"'ip link show DEV' names the program, 'bpftool prog show' its owner: the CNI or "
			"DDoS filter that loaded it knows the rule.",
		.docs = "do_xdp_generic() net/core/dev.c",
	},
	{
		.name = "tc-drop",
		.match = { { .reason = "TC_INGRESS TC_EGRESS TC_COOKIE_ERROR TC_CHAIN_NOTFOUND "
				       "TC_RECLASSIFY_LOOP" },
			   { .reason = "-",
			     .where = "__netif_receive_skb_core sch_handle_ingress",
			     .when = is_ip_or_arp },
			   { .reason = "-", .where = "sch_handle_egress __dev_queue_xmit" } },
		.evidence = { "mark" },
		.summary = "a traffic-control filter or its BPF program dropped the packet",
		.explain =
			"A filter on the device's ingress or egress said drop. CNIs with a BPF datapath "
			"enforce their policies this way; they know more than the kernel does.",
		.remedy =
			"'tc -s filter show dev DEV ingress' (and egress) shows the filter and its "
			"counters. With a BPF CNI ask it, for instance 'cilium monitor --type drop'.",
		.docs = "sch_handle_ingress() net/core/dev.c, tc-bpf(8)",
	},
	{
		.name = "socket-filter",
		.match = { { .reason = "SOCKET_FILTER BPF_CGROUP_EGRESS" },
			   { .reason = NO_REASON, .where = "sk_filter_trim_cap" } },
		.evidence = { "socket_port" },
		.summary = "a filter on the socket or its cgroup refused the packet",
		.explain =
			"SO_ATTACH_FILTER on the socket, or a BPF program on the pod's cgroup (systemd's "
			"IPAddressDeny, a CNI's policy), said no.",
		.remedy = "'bpftool cgroup tree' lists programs on cgroups; for a systemd unit see "
			  "IPAddressDeny and IPIngressFilterPath.",
		.docs = "sk_filter_trim_cap() net/core/filter.c",
	},
	{
		.name = "openvswitch-drop",
		.match = { { .reason =
				     "OVS_DROP_LAST_ACTION OVS_DROP_ACTION_ERROR OVS_DROP_EXPLICIT "
				     "OVS_DROP_EXPLICIT_WITH_ERROR OVS_DROP_METER OVS_DROP_RECURSION_LIMIT "
				     "OVS_DROP_DEFERRED_LIMIT OVS_DROP_FRAG_L2_TOO_LONG "
				     "OVS_DROP_FRAG_INVALID_PROTO OVS_DROP_CONNTRACK OVS_DROP_IP_TTL" } },
		.evidence = { "mark" },
		.summary = "Open vSwitch dropped the packet",
		.explain =
			"A flow of the virtual switch has no output, an explicit drop, a meter, or failed. "
			"The reason's name tells which.",
		.remedy = "'ovs-appctl ofproto/trace' with the flow shown here finds the rule.",
		.docs = "enum ovs_drop_reason net/openvswitch/drop.h",
	},
	{
		.name = "tunnel-refused",
		.match = { { .reason = "VXLAN_INVALID_HDR VXLAN_VNI_NOT_FOUND VXLAN_NO_REMOTE "
				       "TUNNEL_TXINFO IP_TUNNEL_ECN LOCAL_MAC" } },
		.evidence = { "mark" },
		.summary = "a tunnel device does not know what to do with the packet",
		.explain =
			"The header is wrong, no device has that VNI, or there is no remote end for the "
			"destination.",
		.remedy =
			"Compare VNI and port on both nodes: 'ip -d link show type vxlan', 'bridge fdb "
			"show'.",
		.docs = "vxlan_rcv(), vxlan_xmit() drivers/net/vxlan/vxlan_core.c",
	},
	{
		.name = "bridge-port-blocked",
		.match = { { .reason = "BRIDGE_INGRESS_STP_STATE BRIDGE_NON_FORWARDING_STATE "
				       "NO_TX_TARGET MAC_INVALID_SOURCE MAC_IEEE_MAC_CONTROL "
				       "ARP_PVLAN_DISABLE VLAN_FILTER" } },
		.evidence = { "input_ifindex" },
		.summary = "the bridge does not forward this frame",
		.explain =
			"The port is blocked by spanning tree or still learning, VLAN filtering refuses "
			"the tag, or no port wants the frame.",
		.remedy =
			"'bridge -d link show' and 'bridge vlan show' tell state and VLANs of each port.",
		.docs = "br_handle_frame() net/bridge/br_input.c",
	},

	/* Packets that are wrong. */
	{
		.name = "checksum-bad",
		.match = { { .reason =
				     "IP_CSUM TCP_CSUM UDP_CSUM ICMP_CSUM SKB_CSUM SKB_BAD_CHECKSUM" },
			   { .reason = "-", .where = UDP_LOOKUP } },
		.evidence = { "length", "input_ifindex" },
		.summary = "a checksum of the packet is wrong",
		.explain =
			"The packet was damaged, or was sent with its checksum left to hardware that "
			"never filled it in: typical of a broken offload on the sender's or a tunnel's "
			"device. Kernels before 5.17 free too short UDP packets at the same place.",
		.remedy =
			"Find the device that damages: 'ethtool -k DEV' on the way, and try 'ethtool -K DEV "
			"tx off' on the sender's (or, for VXLAN, tx-checksum-ip-generic off).",
		.docs = "tcp_v4_rcv() net/ipv4/tcp_ipv4.c, __udp4_lib_rcv() net/ipv4/udp.c",
	},
	{
		.name = "ip-header-bad",
		.match = { { .reason =
				     "IP_INHDR HDR_TRUNC PKT_TOO_SMALL UDP_HDR_TRUNC SKB_UCOPY_FAULT "
				     "DEV_HDR IPV6_BAD_EXTHDR IPV6_NDISC_BAD_OPTIONS" } },
		.evidence = { "length", "input_ifindex" },
		.summary = "the packet is too short or a header contradicts itself",
		.explain = "Lengths or versions in the headers do not fit the packet.",
		.remedy = "Capture it on the device it came from and find the sender.",
		.docs = "ip_rcv_core() net/ipv4/ip_input.c, ip6_rcv_core() net/ipv6/ip6_input.c",
	},
	{
		.name = "unknown-transport-protocol",
		.match = { { .reason = "IP_NOPROTO" },
			   { .reason = "-",
			     .where = "ip_local_deliver_finish ip6_protocol_deliver_rcu" } },
		.evidence = { "input_ifindex" },
		.summary = "nothing here handles the packet's transport protocol",
		.explain =
			"The packet is for this host, but no module handles its protocol number (SCTP, GRE, "
			"ESP without their modules).",
		.remedy = "Load the module (modprobe sctp, ip_gre, ...), or stop the sender.",
		.docs = "ip_protocol_deliver_rcu() net/ipv4/ip_input.c",
	},
	{
		.name = "fragments-incomplete",
		.match = { { .reason = "FRAG_REASM_TIMEOUT FRAG_TOO_FAR" },
			   { .when = is_answered_reassembly_timeout } },
		.evidence = { "length" },
		.summary = "a fragmented packet never became whole",
		.explain =
			"Some fragments did not arrive in time (30 s), or the memory for fragments was "
			"full. One lost fragment loses the whole packet.",
		.remedy =
			"Avoid fragmentation (smaller datagrams, equal MTUs). Otherwise compare 'nstat -az "
			"Ip\\*Reasm\\*' with net.ipv4.ipfrag_high_thresh.",
		.docs = "ip_expire() net/ipv4/ip_fragment.c",
	},
	{
		.name = "syn-ack-repeated",
		.severity = SEV_SYMPTOM,
		.match = { { .reason = "TCP_INVALID_SYN", .when = is_syn_ack } },
		.evidence = { "socket_port", "process" },
		.summary = "the server answered a connection again that is open here already",
		.explain =
			"The server repeats its SYN-ACK because it did not take the last ACK of the "
			"handshake: it was lost, or the listener's accept queue was full. Here the "
			"connection is open, so the copy is freed; nothing is lost with it.",
		.remedy =
			"Look at the server: its accept queue ('ss -lnt' there, or whydrop on its node: "
			"accept-queue-full), and loss on the way to it.",
		.docs = "tcp_validate_incoming() net/ipv4/tcp_input.c, tcp_check_req() "
			"net/ipv4/tcp_minisocks.c",
	},
	{
		.name = "tcp-invalid-segment",
		.match = { { .reason =
				     "TCP_INVALID_SEQUENCE TCP_INVALID_END_SEQUENCE TCP_RFC7323_PAWS "
				     "TCP_RFC7323_TSECR TCP_INVALID_SYN TCP_INVALID_ACK_SEQUENCE "
				     "TCP_ACK_UNSENT_DATA TCP_FLAGS TCP_MINTTL TCP_MD5NOTFOUND "
				     "TCP_MD5UNEXPECTED TCP_MD5FAILURE TCP_AONOTFOUND TCP_AOUNEXPECTED "
				     "TCP_AOKEYNOTFOUND TCP_AOFAILURE TCP_AUTH_HDR TCP_FASTOPEN" } },
		.evidence = { "socket_port" },
		.summary = "a TCP segment does not fit its connection",
		.explain =
			"Sequence number, timestamp, flags or signature are not what the connection "
			"expects: a second user of the same ports behind NAT, a middlebox, or a "
			"connection that one end has forgotten.",
		.remedy =
			"If it repeats for one pair of hosts, capture both ends and compare; behind SNAT "
			"with timestamps look at conntrack reusing ports too early.",
		.docs = "tcp_validate_incoming() net/ipv4/tcp_input.c",
	},

	/* Frees that are no losses. */
	{
		.name = "syn-retransmitted",
		.severity = SEV_NORMAL,
		.match = { { .reason = NO_REASON, .where = TCP_RECEIVE, .when = is_listener_syn },
			   { .reason = NO_REASON, .where = TCP_RECEIVE, .when = is_syn_ack } },
		.summary = "a SYN of a handshake that is under way already",
		.explain =
			"The client repeated its SYN because the answer is late; the listener knows the "
			"handshake and answers again.",
		.remedy = "None is needed here; see why answers are late or lost.",
		.docs = "tcp_check_req() net/ipv4/tcp_minisocks.c",
	},
	{
		.name = "defer-accept",
		.severity = SEV_NORMAL,
		.match = { { .reason = NO_REASON,
			     .where = TCP_RECEIVE,
			     .when = is_listener_bare_ack } },
		.summary = "an empty ACK to a listener that waits for data (TCP_DEFER_ACCEPT)",
		.explain =
			"With TCP_DEFER_ACCEPT the connection is made only when data arrives; the empty "
			"ACK before it is freed on purpose.",
		.remedy = "None is needed.",
		.docs = "tcp_check_req() net/ipv4/tcp_minisocks.c, tcp(7) TCP_DEFER_ACCEPT",
	},
	{
		.name = "tcp-discarded",
		.severity = SEV_NORMAL,
		.match = { { .reason = NO_REASON, .where = TCP_RECEIVE } },
		.summary =
			"a TCP packet that the kernel freed without saying why, nearly always harmless",
		.explain =
			"At this place end packets for TIME_WAIT sockets, repeated SYNs and deferred "
			"accepts, which are normal. Kernels before 6.11 do not tell whose socket it was, "
			"and those before 5.17 give no reason: a full socket backlog, a bad checksum or a "
			"socket filter looks the same there.",
		.remedy =
			"Compare 'nstat -az TcpExtTCPBacklogDrop TcpExtListenOverflows TcpInCsumErrors' "
			"before and after.",
		.docs = "tcp_v4_rcv() net/ipv4/tcp_ipv4.c",
	},
	{
		.name = "icmp-handled",
		.severity = SEV_NORMAL,
		.match = { { .reason = NO_REASON,
			     .where = "icmpv6_rcv ndisc_rcv icmp_rcv igmp_rcv mld_process_v1",
			     .when = always },
			   { .reason = "IPV6_NDISC_FRAG IPV6_NDISC_HOP_LIMIT IPV6_NDISC_BAD_CODE "
				       "IPV6_NDISC_NS_OTHERHOST" } },
		.summary = "an ICMPv6 message that was handled and then freed",
		.explain =
			"Older kernels free ICMPv6 errors and neighbour discovery as dropped after they "
			"have been handled.",
		.remedy = "None is needed.",
		.docs = "icmpv6_rcv() net/ipv6/icmp.c",
	},
	{
		.name = "unhandled-protocol",
		.severity = SEV_NORMAL,
		.match = { { .reason = "UNHANDLED_PROTO" },
			   { .reason = "-", .where = "__netif_receive_skb_core" } },
		.summary = "a frame of a protocol that this host does not speak (LLDP, STP, ...)",
		.explain =
			"Link-layer protocols of switches reach every host; without a program that "
			"listens to them they are freed.",
		.remedy = "None is needed.",
		.docs = "__netif_receive_skb_core() net/core/dev.c",
	},

	{
		.name = "unknown",
		.match = { { .when = always } },
		.summary = "a loss that no row of the catalogue knows",
		.explain =
			"The kernel freed the packet at the place and with the reason shown; whydrop does "
			"not know what that means.",
		.remedy =
			"Run again with --stack, look the function up in the kernel source, and report it: a "
			"cause is one row of the catalogue.",
		.docs = "Documentation/networking/ and the function shown",
	},
};

const size_t causes_count = sizeof(causes) / sizeof(causes[0]);
