/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of probes: what each watches, how it can be attached, and what is lost without it. */
#ifndef PROBE_PROBES_H
#define PROBE_PROBES_H

#include <stdbool.h>
#include <stddef.h>

#include "demand.h"
#include "kernel/facts.h"

#define PROBE_WAYS 4

/* One way to attach a probe; its program is called <probe>__<how>. What runs when a function returns
 * (fexit, kretprobe) brings the program that runs at its entry along, if the probe has one. */
struct attachment {
	enum attach_how how;
	const char *target; /* function or tracepoint; NULL ends the list */
};

/* How much is spent on telling which firewall rule dropped a packet: --rules. */
enum rules_watched {
	RULES_OFF,
	RULES_CHEAP,
	RULES_EXACT
};

struct probe {
	const char *name;
	const char *group;	  /* the .bpf.c file it lives in */
	const char *help;	  /* what it sees */
	const char *cost;	  /* when it runs */
	const char *causes;	  /* what is not told apart, or not seen, without it */
	const char *module;	  /* that its functions are in, unless built in; NULL: the kernel */
	bool required;		  /* there is no tracing without it */
	bool notes;		  /* leaves notes for kfree_skb */
	bool engine;		  /* without it netfilter's own hook cannot be told from this one */
	enum rules_watched rules; /* only where at least that is asked for */
	enum demand demand; /* it runs for every packet, and waits until a loss has shown that */
	size_t watched;	    /* member of struct kfeat to set when attached to a function, 0: none */
	/* NULL: always; false: this kernel tells it in another way, the probe is not needed */
	bool (*needed)(const struct facts *f);
	struct attachment attach[PROBE_WAYS + 1]; /* best first */
};

extern const struct probe probes[];
extern const size_t probes_count;

/* Whether the functions of any probe are in that module. */
bool probes_in_module(const char *module);

#endif
