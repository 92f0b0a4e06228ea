/* SPDX-License-Identifier: GPL-2.0-only */
/* An owner as a JSON object. */
#ifndef SINK_JSON_OWNER_H
#define SINK_JSON_OWNER_H

#include <stdint.h>

#include "attribute/owner.h"
#include "base/jsonw.h"

/* at_ns: when the loss happened, by which the age of an ended pod is told. */
void json_owner(struct jsonw *w, const char *key, const struct owner *o, uint64_t at_ns);

#endif
