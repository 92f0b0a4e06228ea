/* SPDX-License-Identifier: GPL-2.0-only */
/* Questions about a loss that a name of a reason or of a function cannot answer. */
#ifndef CLASSIFY_PREDICATES_H
#define CLASSIFY_PREDICATES_H

#include <stdbool.h>

#include "loss.h"

/* All look at l->key only. Named after what they ask; see predicates.c for why each is needed. */
bool always(const struct loss *l);
bool is_tcp(const struct loss *l);
bool is_icmp(const struct loss *l);
bool is_datagram(const struct loss *l);
bool is_ip_or_arp(const struct loss *l);
bool is_group_destination(const struct loss *l);
bool is_unwanted_group(const struct loss *l);
bool is_ipv6_off(const struct loss *l);
bool is_other_host(const struct loss *l);

bool is_non_ip_socket(const struct loss *l);
bool is_never_on_a_device(const struct loss *l);
bool is_from_local_socket(const struct loss *l);
bool is_leaving_device(const struct loss *l);

bool is_no_socket_syn(const struct loss *l);
bool is_no_socket_late(const struct loss *l);
bool is_no_socket_tcp(const struct loss *l);
bool is_noted_no_socket_syn(const struct loss *l);
bool is_noted_no_socket_late(const struct loss *l);
bool is_noted_no_socket_tcp(const struct loss *l);

bool is_engines_watched(const struct loss *l);

bool is_accept_full_ack(const struct loss *l);
bool is_accept_full(const struct loss *l);
bool is_listener_syn(const struct loss *l);
bool is_listener_bare_ack(const struct loss *l);
bool is_listener_reset(const struct loss *l);
bool is_listener_tail(const struct loss *l);
bool is_empty_segment(const struct loss *l);
bool is_receive_buffer_full(const struct loss *l);
bool is_window_closed(const struct loss *l);
bool is_window_open(const struct loss *l);
bool is_time_wait(const struct loss *l);
bool is_syn(const struct loss *l);
bool is_syn_ack(const struct loss *l);

bool is_device_down(const struct loss *l);
bool is_peer_down(const struct loss *l);
bool is_over_peer_mtu(const struct loss *l);
bool is_over_route_mtu(const struct loss *l);
bool is_ttl_expired(const struct loss *l);
bool is_martian(const struct loss *l);
bool is_icmp_unwatched(const struct loss *l);

/* ICMP errors of the kernel about this packet */
bool is_answered_ttl_expired(const struct loss *l);
bool is_answered_too_big(const struct loss *l);
bool is_answered_too_big_here(const struct loss *l);
bool is_answered_port_unreachable(const struct loss *l);
bool is_answered_route_blocked(const struct loss *l);
bool is_answered_source_route(const struct loss *l);
bool is_answered_reassembly_timeout(const struct loss *l);

#endif
