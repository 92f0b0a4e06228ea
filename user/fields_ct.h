/* SPDX-License-Identifier: GPL-2.0-only */
/* Evidence that conntrack and NAT leave, as text; members `text` of fields. */
#ifndef FIELDS_CT_H
#define FIELDS_CT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "drop.h"
#include "host.h"

/* detail_nat.flags: include/uapi/linux/netfilter/nf_nat.h */
#define NAT_RANGE_ADDRESSES 0x1
#define NAT_RANGE_PORTS	    0x2
#define NAT_RANGE_RANDOM    (0x4 | 0x10)

bool text_loser_original(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_loser_reply(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_winner_original(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_winner_reply(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_clash_direction(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_nat_done(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_loser_pod(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_winner_pod(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_nat_address(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_nat_destination(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_nat_range(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_invalid(struct strbuf *out, const struct drop *d, const struct host *h);

/* Ports of the rule's own range, 0 if it names none. */
uint32_t nat_range_ports(const struct drop *d);
/* Both connections are the same flow: the packets came from one socket. */
bool clash_is_one_socket(const struct drop *d);

#endif
