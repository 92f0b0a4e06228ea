/* SPDX-License-Identifier: GPL-2.0-only */
/* How metrics are written: Prometheus' text format 0.0.4, and OpenMetrics 1.0 where that is asked for. */
#ifndef AGENT_EXPOSITION_H
#define AGENT_EXPOSITION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/strbuf.h"

enum metric_type {
	METRIC_COUNTER, /* its samples are called <name>_total */
	METRIC_GAUGE
};

struct exposition {
	FILE *to;
	bool openmetrics;
	const char *name; /* of the family that is being written */
	enum metric_type type;
};

/* Media types for Content-Type. */
const char *expo_media_type(bool openmetrics);

/* Whether what a client accepts (its Accept header) names OpenMetrics. */
bool expo_wants_openmetrics(const char *accept);

/* Begin a family; `name` without _total, and `help` of one line without backslashes. */
void expo_family(struct exposition *e, const char *name, enum metric_type type, const char *help);
/* A sample of it; labels as expo_label() wrote them, "" for none. */
void expo_u64(struct exposition *e, const char *labels, uint64_t value);
void expo_double(struct exposition *e, const char *labels, double value);
/* Nothing may follow. */
void expo_end(struct exposition *e);

/* Append name="value", behind a comma if there is one before. The value may be any bytes, NULL is empty:
 * what is no UTF-8 becomes U+FFFD, as both formats must be UTF-8. */
void expo_label(struct strbuf *out, const char *name, const char *value);

#endif
