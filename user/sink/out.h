/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines on their way to a file descriptor: gathered, and written whole; many at once to a file in blocks. */
#ifndef SINK_OUT_H
#define SINK_OUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

/* Written at once when full, else at the tick. A file gets blocks then that begin and end where its pages do: the
 * kernel takes one large page for each, and many small ones for what lies across. */
#define OUT_BLOCK (256 * 1024)
#define OUT_LINE  40960 /* longest line: every name as long as it can be, every byte escaped */
#define OUT_SIZE  (OUT_BLOCK + OUT_LINE)

struct out {
	int fd;
	int (*write)(void *arg, const char *lines, size_t size); /* instead, if not NULL */
	void *write_arg;
	int error; /* -errno of the write that failed: nothing is written any more */
	struct strbuf buf;
	char data[OUT_SIZE];
};

struct sink_config;

void out_init(struct out *o, const struct sink_config *config);
/* Room for a line of OUT_LINE bytes in o->buf. Returns 0 or -errno. */
int out_reserve(struct out *o);
/* Write all that is gathered; waits where the reader is slow. Returns 0 or -errno; -EPIPE: the reader
 * is gone. */
int out_flush(struct out *o);
/* Takes a line that began at `start` and did not fit back, since half of one is none. 0 or -EMSGSIZE. */
int out_end_line(struct out *o, size_t start);

/* open, tick and close of struct sink_ops, for a sink that keeps nothing but a struct out. */
struct sink;
int out_sink_open(struct sink *s);
int out_sink_tick(struct sink *s, uint64_t now_ns);
void out_sink_close(struct sink *s);

#endif
