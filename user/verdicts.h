/* SPDX-License-Identifier: GPL-2.0-only */
/* The verdict on each count key, made once and kept: what counts and events have in common. */
#ifndef VERDICTS_H
#define VERDICTS_H

#include "drop.h"
#include "host.h"

struct verdicts;
struct watch;

/* `watch` may be NULL: nothing is looked up that the pod index does not know. Returns 0 or -ENOMEM. */
int verdicts_new(struct verdicts **out, const struct host *host, struct watch *watch);
void verdicts_free(struct verdicts *v);

/*
 * The verdict on this key: resolved names, cause, victim. Made anew when the pod index has changed.
 * Valid until verdicts_free or verdicts_forget; NULL only without memory.
 */
const struct verdict *verdicts_get(struct verdicts *v, const struct loss_key *key);

/* The same, of a recording that tells whose loss it was; the strings must stay. */
const struct verdict *verdicts_told(struct verdicts *v, const struct loss_key *key,
				    const struct owner *victim);

/* There will be no more losses with this key for now: its verdict is freed. */
void verdicts_forget(struct verdicts *v, const struct loss_key *key);

/* Whether the victim may soon be known better: its pod has just been made. */
bool verdicts_may_change(const struct verdicts *v, const struct verdict *verdict);

/* Keep the evidence of this loss for advice at the end, if its cause has any use for it. */
void verdicts_keep(const struct drop *d);

#endif
