/* SPDX-License-Identifier: GPL-2.0-only */
/* A recording read again: its losses go through the pipeline, in the light of what was known where it was made. */
#ifndef SOURCE_REPLAY_H
#define SOURCE_REPLAY_H

#include <stdbool.h>

#include "environment.h"
#include "pipeline.h"
#include "summary.h"

struct replay;

/*
 * Open a recording, "-" for standard input. 0, or -errno after a message that tells the byte where it is wrong:
 * -EBADMSG what is damaged or no recording, -EPROTO what this version or machine cannot read. Free with
 * replay_close, which takes NULL.
 */
int replay_open(struct replay **out, const char *path);
void replay_close(struct replay *r);

/* The recording machine: its limits, and its names as far as the recording has been read. */
struct host *replay_host(struct replay *r);
/* What surrounded it, as far as it has been read; belongs to the replay. */
const struct environment *replay_environment(const struct replay *r);

/*
 * Feed everything to the pipeline, whose host is the replay's. 0 at the end, or 1 when the pipeline's limit was
 * reached; else -errno after a message: as above, where the losses before that byte have been fed, -EPIPE, or
 * what the sink said.
 */
int replay_run(struct replay *r, struct pipeline *p);
/* Whether the account has been read: without it the recording ended before its time. */
bool replay_is_whole(const struct replay *r);

/*
 * What the recorded run saw, of it what passes the filters of the pipeline; of a recording that is not whole, or
 * was not read to its end, the losses that were fed. s->rows is the caller's to free. 0 or -ENOMEM.
 */
int replay_summary(struct replay *r, const struct pipeline *p, struct summary *s);

#endif
