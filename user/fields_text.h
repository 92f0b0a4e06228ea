/* SPDX-License-Identifier: GPL-2.0-only */
/* Evidence that is written or computed from more than one number of the record. */
#ifndef FIELDS_TEXT_H
#define FIELDS_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "drop.h"
#include "host.h"

/* Members `text` of fields: false where there is nothing to say. */
bool text_dont_fragment(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_icmp_answer(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_receiver(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_next_hop(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_neighbour_state(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_policy_direction(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_qdisc_parent(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_port_range(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_port_holder(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_port_holder_process(struct strbuf *out, const struct drop *d, const struct host *h);
bool text_port_holder_pod(struct strbuf *out, const struct drop *d, const struct host *h);

/* Members `number`: bytes that the tunnel put before the inner packet. */
bool number_tunnel_overhead(uint64_t *out, const struct drop *d);

#endif
