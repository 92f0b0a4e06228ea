/* SPDX-License-Identifier: GPL-2.0-only */
/* How a flow, its protocol and its TCP flags are written, in text and in JSON. */
#ifndef SINK_FLOW_TEXT_H
#define SINK_FLOW_TEXT_H

#include "base/strbuf.h"
#include "decode/packet.h"

/* "tcp", "udp", "icmp", ... or NULL where the number has no usual name. */
const char *proto_name(uint8_t family, uint8_t proto);
/* As tcpdump has them, in its order: F, S, R, P, . for ACK, U, E, W; nothing without flags. */
char *put_tcp_flags(char *p, uint8_t flags); /* at most 8 bytes; see base/put.h */
/* "10.0.0.1:80 > [fd00::1]:4000 tcp Flags [S.]", "10.0.0.1 > 10.0.0.2 icmp 8/0". */
void flow_text(struct strbuf *b, const struct flow *f);

#endif
