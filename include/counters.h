/* SPDX-License-Identifier: GPL-2.0-only */
/* The account of events: what happened to each drop that was not shown, so that no loss is silent. */
#ifndef COUNTERS_H
#define COUNTERS_H

/* Indexes of the per-CPU array `counters`, incremented by the BPF side only. */
enum counter {
	CNT_SEEN,     /* buffers freed as dropped that the programs looked at */
	CNT_FILTERED, /* refused by a kernel-side filter */
	CNT_OWN,      /* part of the tracer's own terminal connection */
	CNT_COUNTED,  /* added to the loss counters */
	CNT_OTHER,    /* counted in the overflow entry because the loss map was full */
	CNT_SENT,     /* delivered to the ring buffer */
	CNT_LOST,     /* not delivered: the ring buffer was full */
	CNT_MUTED,    /* counted but not sent: normal frees that nobody asked for */
	CNT_SAMPLED,  /* counted but not sent: of these enough were described of late */
	CNT_NOTES,    /* notes left by deeper hooks */
	CNT_MAX,
};

#endif
