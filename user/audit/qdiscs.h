/* SPDX-License-Identifier: GPL-2.0-only */
/* What the queueing disciplines of one network namespace have dropped. */
#ifndef AUDIT_QDISCS_H
#define AUDIT_QDISCS_H

#include <stddef.h>

#include "audit/counters.h"

/* Ask over a routing socket of that namespace (NETLINK_ROUTE). 0 or -errno. */
int qdiscs_read(struct readings *c, int fd);

/* One datagram of the answer: 0 to go on, 1 if it was the last, -errno if the kernel refused. */
int qdiscs_parse(struct readings *c, const void *data, size_t size);

#endif
