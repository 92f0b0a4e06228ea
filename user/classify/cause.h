/* SPDX-License-Identifier: GPL-2.0-only */
/* What a cause is: a stable name, how a loss is recognised as it, and what to tell about it. */
#ifndef CLASSIFY_CAUSE_H
#define CLASSIFY_CAUSE_H

#include <stdbool.h>
#include <stddef.h>

#include "loss.h"

enum severity {
	SEV_LOSS,     /* a packet is gone */
	SEV_REFUSED,  /* a call failed, there was no packet */
	SEV_PRESSURE, /* a limit is near */
	SEV_SYMPTOM,  /* follows from a loss elsewhere */
	SEV_INFO,
	SEV_NORMAL, /* a free that is no loss: hidden by default */
};

/* "loss", "refused" ... */
const char *severity_name(enum severity severity);

/*
 * One way to recognise a cause; all members that are given must hold. Names, never numbers:
 * numbers of drop reasons differ between kernels.
 */
struct match {
	enum event_kind kind; /* 0: EV_SKB_DROP, or any with a note */
	enum note_kind note;  /* what a deeper hook said; 0: anything */
	const char *reason;   /* drop reasons without SKB_DROP_REASON_, separated by spaces;
			       * "-" stands for a kernel without reasons */
	const char *where;    /* functions, separated by spaces, compared without .constprop etc. */
	bool (*when)(const struct loss *l);
};

#define CAUSE_MATCHES  7
#define CAUSE_EVIDENCE 14

struct drop;
struct host;
struct strbuf;

struct cause {
	const char *name; /* stable for ever: metric label, JSON value, argument of explain */
	enum severity severity;
	struct match match[CAUSE_MATCHES]; /* any one */
	/* names of fields (fields.h) to print with it, most telling first */
	const char *evidence[CAUSE_EVIDENCE];
	const char *summary; /* one line, no full stop */
	const char *explain; /* how it comes about, what the evidence says */
	const char *remedy;  /* what to do, with the exact sysctl or command */
	/* NULL, or writes what to do in the light of this loss's evidence (advice.h); false: nothing
	 * better than `remedy` can be said */
	bool (*advise)(struct strbuf *out, const struct drop *d, const struct host *h);
	const char *docs; /* kernel function, document or RFC behind it */
};

/* The catalogue, in order of priority; the last one is `unknown` and matches everything. */
extern const struct cause causes[];
extern const size_t causes_count;

#endif
