/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of the kernel's counters and of the pipeline's fates make up each line of the account. */
#include <errno.h>
#include <stdlib.h>

#include "account.h"
#include "audit/ledger.h"

struct collect {
	struct summary *s;
	const struct pipeline *p;
	uint64_t fates[FATE_COUNT]; /* of the counted buffers */
	int err;
};

/* The counts of what was wanted or is hidden as normal, whether the details arrived or not. */
static void collect(void *arg, const struct loss_key *key, const struct loss_count *sum)
{
	struct collect *c = arg;
	struct summary *s = c->s;
	const struct verdict *v;
	struct summary_row *grown;
	enum fate fate;

	if (!key) {
		s->account.other = sum->buffers;
		return;
	}
	v = verdicts_get(c->p->verdicts, key);
	grown = v ? realloc(s->rows, (s->count + 1) * sizeof(*grown)) : NULL;
	if (!grown) {
		c->err = -ENOMEM;
		return;
	}
	s->rows = grown;
	fate = pipeline_fate(c->p, v);
	c->fates[fate] += sum->buffers;
	if (fate != FATE_UNWANTED)
		s->rows[s->count++] = (struct summary_row){ v, *sum, fate == FATE_HIDDEN };
}

int account_collect(struct summary *s, const struct loader *l, const struct pipeline *p)
{
	struct collect c = { .s = s, .p = p };
	const uint64_t *fates = p->count_only ? c.fates : p->fates;
	uint64_t counters[CNT_MAX];
	int err = loader_counters(l, counters);

	if (!err)
		err = loader_losses(l, collect, &c);
	if (err || c.err)
		return err ? err : c.err;
	s->account.seen = counters[CNT_SEEN];
	s->account.shown = p->fates[FATE_SHOWN];
	s->account.counted = p->count_only ? fates[FATE_SHOWN] : 0;
	s->account.hidden = fates[FATE_HIDDEN] + counters[CNT_MUTED];
	s->account.filtered = counters[CNT_FILTERED] + fates[FATE_UNWANTED];
	s->account.own = counters[CNT_OWN];
	s->account.lost = counters[CNT_LOST];
	s->account.bad = fates[FATE_BAD];
	s->account.left = counters[CNT_SENT];
	for (int i = 0; i < FATE_COUNT; i++)
		s->account.left -= p->fates[i];
	s->account.missed = loader_missed(l);
	s->account.waited = counters[CNT_SAMPLED];
	return 0;
}

struct audited {
	struct ledger *audit;
	const struct pipeline *p;
	int err;
};

static void audit_one(void *arg, const struct loss_key *key, const struct loss_count *sum)
{
	struct audited *c = arg;
	const struct verdict *v = key ? verdicts_get(c->p->verdicts, key) : NULL;

	if (v)
		ledger_count(c->audit, v, sum->buffers);
	else if (key)
		c->err = -ENOMEM;
}

int account_audit(struct ledger *audit, const struct loader *l, const struct pipeline *p)
{
	struct audited c = { .audit = audit, .p = p };
	int err;

	ledger_reset(audit);
	err = loader_losses(l, audit_one, &c);
	return err ? err : c.err;
}
