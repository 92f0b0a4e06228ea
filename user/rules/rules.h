/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts of firewall rules, fetched once per rule from the namespace they are in, beside the event loop. */
#ifndef RULES_H
#define RULES_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/types.h>

#include "event.h"

struct rules;

/* What is known of one rule; texts are empty where it is not. */
struct rule_info {
	char chain[80];
	uint32_t number; /* iptables: its place in the chain, from 1 */
	char text
		[320]; /* as the tool that made it would list it, shortened to what is understood */
	char comment[256];
	char named[160]; /* the Service, NetworkPolicy ... that the comment or the chain names */
};

/* Start the helper thread; `root` is where the host's / is. Returns 0 or -errno. */
int rules_new(struct rules **out, const char *root);
void rules_free(struct rules *r); /* takes NULL */

/*
 * The rule of this evidence, NULL if it cannot be had, or not yet. The first question about a rule waits a
 * little for the answer; the pointer is valid until the next call.
 */
const struct rule_info *rules_get(struct rules *r, const struct detail_nf_rule *d);
/* All rules together may be waited for this long until the next call of this. */
void rules_tick(struct rules *r); /* takes NULL */

#endif
