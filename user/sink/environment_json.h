/* SPDX-License-Identifier: GPL-2.0-only */
/* The environment of a capture as one JSON object of texts. */
#ifndef SINK_ENVIRONMENT_JSON_H
#define SINK_ENVIRONMENT_JSON_H

#include "environment.h"

/* Write {"uname":"...", ...} and a newline to fd. 0 or -errno. */
int environment_json(int fd, const struct environment *e);

#endif
