/* SPDX-License-Identifier: GPL-2.0-only */
/* Labels of a pod as a member of its owner. */
#ifndef SINK_JSON_LABELS_H
#define SINK_JSON_LABELS_H

#include "base/jsonw.h"

/* Write "labels": {...}; labels as in cri/sandboxes.h, or from a recording, which may hold anything. */
void json_labels(struct jsonw *w, const char *labels);

#endif
