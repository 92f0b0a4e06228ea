/* SPDX-License-Identifier: GPL-2.0-only */
/* What a sink is: something that shows drops. It reads struct drop and never changes it. */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drop.h"
#include "host.h"

struct environment;
struct redact;
struct sink;
struct sink_ops;
struct summary;

struct sink_config {
	int fd; /* where to write, not closed by the sink; unless there is ... */
	/* ... this, which gets whole lines: 0, or -errno as write(2) would give */
	int (*write)(void *arg, const char *lines, size_t size);
	void *write_arg;
	bool color; /* terminal escapes are welcome */
	bool fold;  /* fold repetitions (text on a terminal) */
	bool stack; /* print stacks */
	const struct host *host;
	const char *node; /* name of this machine, where the format has one; NULL: none */
	const struct environment
		*environment;  /* of a capture, NULL: none; may grow until the end */
	struct redact *redact; /* of recordings: NULL: nothing is */
	struct sink *parts;    /* of a tee or a hold, configured; opened and closed by it */
	size_t part_count;
	size_t keep; /* of a hold: losses kept until it is released */
};

struct sink {
	const struct sink_ops *ops;
	struct sink_config config;
	void *state; /* the sink's own, made by open, freed by close */
};

/* Each returns 0 or -errno; -EPIPE: the reader is gone, stop. */
struct sink_ops {
	const char *name, *help; /* --output name */
	int (*open)(struct sink *s);
	int (*drop)(struct sink *s, const struct drop *d);
	/* At least every 100 ms: write out what is buffered. now_ns is CLOCK_MONOTONIC. */
	int (*tick)(struct sink *s, uint64_t now_ns);
	/* What the run saw, before it is printed (summary_print) and the sink closed. NULL: not wanted */
	int (*end)(struct sink *s, const struct summary *sum);
	void (*close)(struct sink *s);
};

/* Call its end, if it has one. 0 or -errno. */
int sink_end(struct sink *s, const struct summary *sum);

/* All sinks that --output may name, NULL-terminated. */
extern const struct sink_ops *const sinks[];

/* The sink of that name, or NULL. */
const struct sink_ops *sink_find(const char *name);

#endif
