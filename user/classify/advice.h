/* SPDX-License-Identifier: GPL-2.0-only */
/* What to do about a loss, computed from its evidence: the values to set and where. */
#ifndef CLASSIFY_ADVICE_H
#define CLASSIFY_ADVICE_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "drop.h"
#include "host.h"

#define ADVICE_SIZE 1024

/* Members `advise` of causes. Each returns false when the evidence is missing. */
bool advise_accept_queue(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_netfilter_rule(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_netfilter_hook(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_syn_queue(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_mtu_forward(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_mtu_veth(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_mtu_local(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_pmtu(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_neighbour_failed(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_neighbour_queue(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_neighbour_table(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_qdisc(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_rpfilter(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_tx_ring(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_cpu_backlog(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_syn_refused(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_tcp_receive_buffer(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_tcp_backlog(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_tcp_pruned(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_tcp_window(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_ipvs_first_syn(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_ipvs_gone(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_ipvs_rescheduled(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_ipvs_reuse(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_ct_full(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_ct_chain(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_ct_resolved(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_ct_insert(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_nat_full(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_receive_buffer(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_memory(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_send_buffer(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_send_too_big(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_no_port(struct strbuf *out, const struct drop *d, const struct host *h);
bool advise_port_held(struct strbuf *out, const struct drop *d, const struct host *h);

/* What to do about this loss: the cause's advice, else its remedy. */
void advice(struct strbuf *out, const struct drop *d, const struct host *h);

#endif
