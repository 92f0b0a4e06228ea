/* SPDX-License-Identifier: GPL-2.0-only */
/* How an owner reads in one word. */
#ifndef SINK_OWNER_TEXT_H
#define SINK_OWNER_TEXT_H

#include "attribute/owner.h"
#include "base/strbuf.h"
#include "host.h"

/* namespace/pod[/container], else the host's unit, else "host", else the name or inode of the
 * namespace; with doubts behind it: " (terminated 12s ago)", " (ambiguous)". at_ns is the time of the
 * loss, by CLOCK_MONOTONIC, or 0 for many losses: then it is just " (terminated)". */
void owner_text(struct strbuf *b, const struct owner *o, const struct host *h, uint64_t at_ns);

#endif
