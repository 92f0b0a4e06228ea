/* SPDX-License-Identifier: GPL-2.0-only */
/* How the parts of a loss read in a line for people. */
#ifndef SINK_DROP_TEXT_H
#define SINK_DROP_TEXT_H

#include "base/strbuf.h"
#include "drop.h"
#include "host.h"

/* The packet's flow, and the one in its tunnel. */
void drop_flow_text(struct strbuf *b, const struct drop *d);
/* " name=value/limit ..." of the cause's evidence that is known; of a cause that has none, where it was lost. */
void drop_evidence_text(struct strbuf *b, const struct drop *d, const struct host *h);

/* Room for it, however long its names are. */
#define DROP_SENTENCE 6144
/* Cause, owner, flow, device and evidence in one line without its end. */
void drop_sentence(struct strbuf *b, const struct drop *d, const struct host *h);

#endif
