/* SPDX-License-Identifier: GPL-2.0-only */
/* What became of everything that was seen: the kernel's counts and the pipeline's, as one account. */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include "pipeline.h"
#include "probe/loader.h"
#include "summary.h"

struct ledger;

/* Fill the summary of a run. s->rows is the caller's to free, also after an error. 0 or -errno. */
int account_collect(struct summary *s, const struct loader *l, const struct pipeline *p);

/*
 * Give the audit what whydrop has counted so far: exact once the hooks are detached, before that a loss of
 * the last moment may be missing. 0 or -errno.
 */
int account_audit(struct ledger *audit, const struct loader *l, const struct pipeline *p);

#endif
