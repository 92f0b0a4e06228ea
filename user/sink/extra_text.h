/* SPDX-License-Identifier: GPL-2.0-only */
/* What was asked for beyond the usual, as lines and as JSON. */
#ifndef SINK_EXTRA_TEXT_H
#define SINK_EXTRA_TEXT_H

#include "base/jsonw.h"
#include "extra.h"

/* A line for each frame of the program's stack and for each structure, behind `indent`. */
void extra_lines(struct strbuf *b, const struct extra *x, const char *indent);

/* The members "user_stack" and "structures", where there is something in them. */
void extra_json(struct jsonw *w, const struct extra *x);

#endif
