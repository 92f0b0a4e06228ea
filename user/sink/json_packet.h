/* SPDX-License-Identifier: GPL-2.0-only */
/* The members of a JSON line that differ from loss to loss: what packet it was. */
#ifndef SINK_JSON_PACKET_H
#define SINK_JSON_PACKET_H

#include "base/jsonw.h"
#include "drop.h"

/* "proto" to "inner". */
void json_packet(struct jsonw *w, const struct drop *d);

#endif
