/* SPDX-License-Identifier: GPL-2.0-only */
/* What the entries of a recording have told so far, and how each of them is read. */
#ifndef SOURCE_ENTRIES_H
#define SOURCE_ENTRIES_H

#include "attribute/who.h"
#include "base/hash.h"
#include "environment.h"
#include "extra.h"
#include "host.h"
#include "pipeline.h"
#include "source/recording.h"
#include "summary.h"

/* Things by id. */
struct told_list {
	void **items;
	size_t count, size;
};

struct told_count {
	struct loss_key key;
	const struct owner *victim;
	struct loss_count count;
	bool hidden;
};

struct entries {
	struct oracle oracle; /* first: evidence asks it */
	struct host host;
	struct reasons *reasons;
	struct ksyms *ksyms;
	struct intern texts;
	struct told_list owners, rules, stacks;
	struct told_list counts; /* exact ones, from the end of the recording */
	struct told_list fed;	 /* those of the events so far, for want of the exact ones */
	struct hash fed_by_key;
	uint64_t events;
	struct hash answers; /* struct owner by struct question: of `nobody` where nobody knew */
	struct owner nobody;
	struct environment environment;
	struct extra extra; /* of the next event; its packet is in the chunk */
	bool has_extra;
	struct summary_account account;
	uint64_t time_ns; /* CLOCK_MONOTONIC of the last event */
	bool ended;	  /* the account has been read */
};

/* Room for a thing of this size at the end of the list, all 0; NULL without memory. */
void *told_list_add(struct told_list *l, size_t size);

/* 0 or -ENOMEM; entries_free() also after an error. */
int entries_init(struct entries *e);
void entries_free(struct entries *e);

/*
 * Read a chunk; its events go to the pipeline, NULL: there may be none. 0, -EBADMSG for bytes that make no
 * sense, -ENOMEM, or what the pipeline returned that is not 0.
 */
int entries_read(struct entries *e, const uint8_t *data, size_t size, struct pipeline *p);
/* An event has been fed. 0 or -ENOMEM. */
int entries_count(struct entries *e, const struct event *ev, const struct owner *victim);
/* As replay_summary(). */
int entries_summary(struct entries *e, const struct pipeline *p, struct summary *s);

#endif
