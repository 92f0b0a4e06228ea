/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel has counted since the last look: judged, and added to the series. */
#ifndef AGENT_COUNTS_H
#define AGENT_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/series.h"
#include "verdicts.h"

struct counts;
struct ledger;

/* All three stay the caller's. 0 or -ENOMEM; free with counts_free, which takes NULL. */
int counts_new(struct counts **out, struct verdicts *verdicts, struct series_set *series);
void counts_free(struct counts *c);

/* What is counted from now on is also for this ledger, which stays the caller's. */
void counts_audit(struct counts *c, struct ledger *ledger);

/*
 * One part of the kernel's counters; a key may come more than once in a round, NULL is what was counted
 * without key. Its arguments are those of loader_losses().
 */
void counts_add(void *arg, const struct loss_key *key, const struct loss_count *sum);

/*
 * The end of a round: what is more than in the rounds before goes to the series of the key's verdict as it
 * is now, and stays there, so that no series ever falls. Where the owner may soon be known better, it waits
 * for a later round. 0 or -ENOMEM.
 */
int counts_settle(struct counts *c, uint64_t now_ns);

/* Whether something waits for a later round. */
bool counts_wait(const struct counts *c);

/* Losses that the kernel counted without key, its map being full. */
uint64_t counts_other(const struct counts *c);
/* Keys that are known. */
size_t counts_keys(const struct counts *c);

/*
 * Keys that have not changed for idle_ns, and that `fn` then takes out of the kernel's counters (true), are
 * forgotten: at most `max` at one time. `sum` is what was counted with the key.
 */
typedef bool (*counts_forget_fn)(void *arg, const struct loss_key *key,
				 const struct loss_count *sum);
void counts_forget(struct counts *c, uint64_t now_ns, uint64_t idle_ns, size_t max,
		   counts_forget_fn fn, void *arg);

#endif
