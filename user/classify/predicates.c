/* SPDX-License-Identifier: GPL-2.0-only */
/* How facts and notes of a loss key tell apart fates that share a reason or a function. */
#include <linux/icmp.h>
#include <linux/if_ether.h>
#include <netinet/in.h>

#include "classify/predicates.h"

/* include/net/tcp_states.h; <netinet/tcp.h> has the same numbers but clashes with <linux/tcp.h> */
enum tcp_state {
	STATE_TIME_WAIT = 6,
	STATE_LISTEN = 10,
	STATE_NEW_SYN_RECV = 12
};

/* include/uapi/linux/icmpv6.h, which cannot be included beside <netinet/in.h> */
enum icmp6_error {
	ICMP6_UNREACH = 1,
	ICMP6_TOO_BIG = 2,
	ICMP6_TIME_EXCEEDED = 3,
};

enum icmp6_unreach_code {
	ICMP6_ADM_PROHIBITED = 1,
	ICMP6_PORT_UNREACH = 4
};

static bool has(const struct loss *l, __u32 fact)
{
	return l->key->facts & fact;
}

static bool has_note(const struct loss *l, enum note_kind kind)
{
	return NOTE_KIND(l->key->note) == kind;
}

static bool is_note(const struct loss *l, enum note_kind kind, unsigned int type, unsigned int code)
{
	return l->key->note == NOTE(kind, type << 8 | code);
}

bool always(const struct loss *l)
{
	(void)l;
	return true;
}

/* Firewall tables would have left a note of their own. */
bool is_engines_watched(const struct loss *l)
{
	return NOTE_DATA(l->key->note) == NF_HOOK_ENGINES_WATCHED;
}

bool is_tcp(const struct loss *l)
{
	return l->key->proto == IPPROTO_TCP;
}

bool is_icmp(const struct loss *l)
{
	return l->key->proto == IPPROTO_ICMP || l->key->proto == IPPROTO_ICMPV6;
}

bool is_datagram(const struct loss *l)
{
	return l->key->proto == IPPROTO_UDP || l->key->proto == IPPROTO_UDPLITE;
}

/* Protocols that every host handles: __netif_receive_skb_core() finds a handler for them. */
bool is_ip_or_arp(const struct loss *l)
{
	return l->key->l3 == ETH_P_IP || l->key->l3 == ETH_P_IPV6 || l->key->l3 == ETH_P_ARP;
}

bool is_group_destination(const struct loss *l)
{
	return has(l, FACT_MULTICAST | FACT_BROADCAST);
}

/* ip_route_input_rcu() has no route for a group that nobody joined; a wrong source is another matter. */
bool is_unwanted_group(const struct loss *l)
{
	return is_group_destination(l) && !has(l, FACT_MARTIAN);
}

bool is_ipv6_off(const struct loss *l)
{
	return has(l, FACT_IPV6_OFF);
}

bool is_other_host(const struct loss *l)
{
	return has(l, FACT_OTHERHOST);
}

/*
 * Netlink and unix messages are sk_buffs too. A packet socket's frames are not meant: they have a
 * protocol, and losing one in a qdisc is a loss.
 */
bool is_non_ip_socket(const struct loss *l)
{
	return has(l, FACT_NETLINK) && !l->key->l3;
}

/* nlmsg_free() of a message that was never sent, and the like: no device, protocol or socket. */
bool is_never_on_a_device(const struct loss *l)
{
	return !l->key->l3 && !l->key->proto && !l->key->ifindex &&
	       !has(l, FACT_SK_RX | FACT_SK_TX);
}

bool is_from_local_socket(const struct loss *l)
{
	return has(l, FACT_SK_TX);
}

/*
 * Kernels before 5.17 free a qdisc's rejects and the parts of a received or reassembled buffer in
 * the same loop. What waits for a qdisc has a device, and a sending socket unless it was forwarded.
 */
bool is_leaving_device(const struct loss *l)
{
	return l->key->ifindex && has(l, FACT_SK_TX);
}

static bool is_plain_syn(const struct loss *l)
{
	return is_tcp(l) && has(l, FACT_TCP_SYN) && !has(l, FACT_TCP_ACK | FACT_TCP_RST);
}

/* A reset, or a segment that carries nothing: the end of a connection, nothing is lost with it. */
static bool is_tail_segment(const struct loss *l)
{
	if (!is_tcp(l) || has(l, FACT_TCP_SYN))
		return is_tcp(l) && has(l, FACT_TCP_RST);
	return has(l, FACT_TCP_RST | FACT_NO_PAYLOAD);
}

/* Keep-alives and window probes: tcp_xmit_probe_skb() net/ipv4/tcp_output.c. */
bool is_empty_segment(const struct loss *l)
{
	return FACT_TCP_FLAGS(l->key->facts) == FACT_TCP_ACK && has(l, FACT_NO_PAYLOAD);
}

bool is_no_socket_syn(const struct loss *l)
{
	return is_plain_syn(l);
}

bool is_no_socket_late(const struct loss *l)
{
	return is_tail_segment(l);
}

bool is_no_socket_tcp(const struct loss *l)
{
	return is_tcp(l) && !is_plain_syn(l);
}

bool is_noted_no_socket_syn(const struct loss *l)
{
	return has_note(l, NOTE_NO_SOCKET) && is_plain_syn(l);
}

bool is_noted_no_socket_late(const struct loss *l)
{
	return has_note(l, NOTE_NO_SOCKET) && is_tail_segment(l);
}

bool is_noted_no_socket_tcp(const struct loss *l)
{
	return has_note(l, NOTE_NO_SOCKET) && is_no_socket_tcp(l);
}

/* Kernels that tell the receiver's socket (6.11): a request's packet is freed for its listener. */
static bool is_for_listener(const struct loss *l)
{
	unsigned int state = FACT_STATE(l->key->facts);

	return has(l, FACT_SK_RX) && (state == STATE_LISTEN || state == STATE_NEW_SYN_RECV);
}

/* tcp_check_req() gives up a handshake's last ACK for more than one reason: look at the queue. */
bool is_accept_full_ack(const struct loss *l)
{
	return is_for_listener(l) && has(l, FACT_ACCEPT_FULL) && has(l, FACT_TCP_ACK) &&
	       !has(l, FACT_TCP_SYN | FACT_TCP_RST);
}

bool is_accept_full(const struct loss *l)
{
	return has(l, FACT_ACCEPT_FULL);
}

bool is_listener_syn(const struct loss *l)
{
	return is_for_listener(l) && is_plain_syn(l);
}

bool is_listener_bare_ack(const struct loss *l)
{
	return is_for_listener(l) && FACT_TCP_FLAGS(l->key->facts) == FACT_TCP_ACK &&
	       has(l, FACT_NO_PAYLOAD);
}

bool is_listener_reset(const struct loss *l)
{
	return is_for_listener(l) && has(l, FACT_TCP_RST);
}

bool is_listener_tail(const struct loss *l)
{
	return is_for_listener(l) && is_tail_segment(l);
}

/* Without the socket it cannot be told from a lack of memory, which is far rarer. */
bool is_receive_buffer_full(const struct loss *l)
{
	return is_tcp(l) && (has(l, FACT_RECEIVE_FULL) || !has(l, FACT_SK_RX));
}

bool is_window_closed(const struct loss *l)
{
	return has(l, FACT_WINDOW_CLOSED);
}

bool is_window_open(const struct loss *l)
{
	return !is_window_closed(l);
}

bool is_time_wait(const struct loss *l)
{
	return has(l, FACT_SK_RX) && FACT_STATE(l->key->facts) == STATE_TIME_WAIT;
}

bool is_syn(const struct loss *l)
{
	return is_plain_syn(l);
}

bool is_syn_ack(const struct loss *l)
{
	return has(l, FACT_TCP_SYN) && has(l, FACT_TCP_ACK);
}

bool is_device_down(const struct loss *l)
{
	return has(l, FACT_DEV_DOWN);
}

bool is_peer_down(const struct loss *l)
{
	return has(l, FACT_PEER_DOWN);
}

bool is_over_peer_mtu(const struct loss *l)
{
	return has(l, FACT_OVER_PEER_MTU);
}

bool is_over_route_mtu(const struct loss *l)
{
	return has(l, FACT_OVER_DST_MTU);
}

bool is_ttl_expired(const struct loss *l)
{
	return has(l, FACT_TTL_EXPIRED);
}

bool is_martian(const struct loss *l)
{
	return has(l, FACT_MARTIAN);
}

/* Without the hook on ICMP errors, a missing note says nothing. */
bool is_icmp_unwatched(const struct loss *l)
{
	return !has(l, FACT_ICMP_WATCHED);
}

bool is_answered_ttl_expired(const struct loss *l)
{
	return is_note(l, NOTE_ICMP, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL) ||
	       is_note(l, NOTE_ICMP6, ICMP6_TIME_EXCEEDED, 0);
}

bool is_answered_too_big(const struct loss *l)
{
	return is_note(l, NOTE_ICMP, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED) ||
	       is_note(l, NOTE_ICMP6, ICMP6_TOO_BIG, 0);
}

/* By this host's own routes: the socket that sent it is still with it. */
bool is_answered_too_big_here(const struct loss *l)
{
	return is_answered_too_big(l) && is_from_local_socket(l);
}

bool is_answered_port_unreachable(const struct loss *l)
{
	return is_note(l, NOTE_ICMP, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH) ||
	       is_note(l, NOTE_ICMP6, ICMP6_UNREACH, ICMP6_PORT_UNREACH);
}

/* ip_error() and ip6_pkt_prohibit() answer so for routes of type prohibit and unreachable. */
bool is_answered_route_blocked(const struct loss *l)
{
	return is_note(l, NOTE_ICMP, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED) ||
	       is_note(l, NOTE_ICMP, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH) ||
	       is_note(l, NOTE_ICMP6, ICMP6_UNREACH, ICMP6_ADM_PROHIBITED);
}

bool is_answered_source_route(const struct loss *l)
{
	return is_note(l, NOTE_ICMP, ICMP_DEST_UNREACH, ICMP_SR_FAILED);
}

bool is_answered_reassembly_timeout(const struct loss *l)
{
	return is_note(l, NOTE_ICMP, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME) ||
	       is_note(l, NOTE_ICMP6, ICMP6_TIME_EXCEEDED, 1);
}
