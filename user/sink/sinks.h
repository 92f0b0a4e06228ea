/* SPDX-License-Identifier: GPL-2.0-only */
/* The sinks by address: what each file of this folder ends in. */
#ifndef SINK_SINKS_H
#define SINK_SINKS_H

#include "sink/sink.h"

extern const struct sink_ops sink_text;
extern const struct sink_ops sink_json;
extern const struct sink_ops sink_key;
extern const struct sink_ops sink_pcapng;
extern const struct sink_ops sink_folded;
extern const struct sink_ops sink_svg;
extern const struct sink_ops sink_report;

/* For commands only. */
extern const struct sink_ops sink_record;
extern const struct sink_ops sink_tee;
extern const struct sink_ops sink_otel;
extern const struct sink_ops sink_journal;
extern const struct sink_ops sink_hold;

#endif
