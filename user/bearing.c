/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of settings by cause. */
#include <string.h>

#include "bearing.h"

const struct bearing bearings[] = {
	{ { "accept-queue", "syn-", "defer-accept", "no-listener" },
	  { "net/core/somaxconn", "net/ipv4/tcp_max_syn_backlog", "net/ipv4/tcp_syncookies",
	    "net/ipv4/tcp_abort_on_overflow", "net/ipv4/tcp_synack_retries" },
	  { NULL },
	  { "CONFIG_SYN_COOKIES" } },
	{ { "tcp-", "socket-memory-limit" },
	  { "net/ipv4/tcp_rmem", "net/ipv4/tcp_mem", "net/core/rmem_max",
	    "net/ipv4/tcp_moderate_rcvbuf", "net/ipv4/tcp_adv_win_scale" },
	  { "before/sockstat", "after/sockstat" },
	  { "CONFIG_MEMCG" } },
	{ { "udp-", "raw-", "send-buffer-full", "socket-memory-limit" },
	  { "net/core/rmem_default", "net/core/rmem_max", "net/core/wmem_default",
	    "net/core/wmem_max", "net/ipv4/udp_mem" },
	  { "before/sockstat", "after/sockstat" },
	  { "CONFIG_MEMCG" } },
	{ { "conntrack-", "nat-" },
	  { "net/netfilter/nf_conntrack_max", "net/netfilter/nf_conntrack_count",
	    "net/netfilter/nf_conntrack_buckets", "net/netfilter/nf_conntrack_tcp_be_liberal",
	    "net/ipv4/ip_local_port_range" },
	  { "before/nf_conntrack", "after/nf_conntrack", "nft", "iptables" },
	  { "CONFIG_NF_CONNTRACK", "CONFIG_NF_NAT" } },
	{ { "netfilter-" },
	  { "net/ipv4/ip_forward", "net/bridge/bridge-nf-call-iptables" },
	  { "nft", "iptables", "ip6tables" },
	  { "CONFIG_NF_TABLES", "CONFIG_BRIDGE_NETFILTER", "CONFIG_IP_NF_IPTABLES" } },
	{ { "ipvs-" },
	  { "net/ipv4/vs/conntrack", "net/ipv4/vs/conn_reuse_mode",
	    "net/ipv4/vs/expire_nodest_conn", "net/ipv4/vs/expire_quiescent_template" },
	  { "ipvs" },
	  { "CONFIG_IP_VS" } },
	{ { "mtu-", "pmtu-" },
	  { "net/ipv4/ip_no_pmtu_disc", "net/ipv4/tcp_mtu_probing", "net/ipv4/route/min_pmtu",
	    "net/ipv4/ip_forward_use_pmtu" },
	  { "links", "routes" },
	  { "CONFIG_VETH" } },
	{ { "reverse-path-filter", "martian-address", "no-route", "forwarding-off", "ttl-expired" },
	  { "net/ipv4/conf/all/rp_filter", "net/ipv4/conf/default/rp_filter", "net/ipv4/ip_forward",
	    "net/ipv6/conf/all/forwarding" },
	  { "rules", "routes", "routes6" },
	  { "CONFIG_IP_MULTIPLE_TABLES" } },
	{ { "neighbour-" },
	  { "net/ipv4/neigh/default/gc_thresh1", "net/ipv4/neigh/default/gc_thresh2",
	    "net/ipv4/neigh/default/gc_thresh3", "net/ipv4/neigh/default/unres_qlen_bytes",
	    "net/ipv6/neigh/default/gc_thresh3" },
	  { "routes" },
	  { NULL } },
	{ { "qdisc-", "tx-ring-full", "cpu-backlog-full", "tc-drop" },
	  { "net/core/default_qdisc", "net/core/netdev_max_backlog", "net/core/netdev_budget",
	    "net/core/netdev_budget_usecs" },
	  { "qdiscs", "before/softnet_stat", "after/softnet_stat" },
	  { "CONFIG_NET_SCH_DEFAULT", "CONFIG_RPS" } },
	{ { "source-port", "port-in" },
	  { "net/ipv4/ip_local_port_range", "net/ipv4/ip_local_reserved_ports",
	    "net/ipv4/tcp_tw_reuse", "net/ipv4/tcp_fin_timeout" },
	  { "before/sockstat", "after/sockstat" },
	  { NULL } },
	{ { "xfrm-" }, { "net/core/xfrm_acq_expires" }, { NULL }, { "CONFIG_XFRM" } },
	{ { "fragments-" },
	  { "net/ipv4/ipfrag_high_thresh", "net/ipv4/ipfrag_time", "net/ipv6/ip6frag_time" },
	  { NULL },
	  { NULL } },
	{ { "device-down", "bridge-", "tunnel-" }, { NULL }, { "links" }, { "CONFIG_BRIDGE=" } },
};

const size_t bearings_count = sizeof(bearings) / sizeof(bearings[0]);

bool bearing_is_for(const struct bearing *b, const char *cause)
{
	for (int i = 0; i < BEARING_WORDS && b->causes[i]; i++)
		if (!strncmp(cause, b->causes[i], strlen(b->causes[i])))
			return true;
	return false;
}
