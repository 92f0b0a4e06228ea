/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes of a record turned into a struct drop; what is not a record is refused. */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include "drop.h"

/*
 * Check version, size and internal offsets of the record and fill d->ev, d->more and d->pkt. d->ev points into
 * data, which must be 8-aligned. Returns 0, -EPROTO for another version, -EBADMSG for a record whose
 * sizes contradict each other or that is too short.
 */
int decode(struct drop *d, const void *data, size_t size);

#endif
