/* SPDX-License-Identifier: GPL-2.0-only */
/* When the kernel's counters are read in the life of a tracer. */
#include "account.h"
#include "audit/audit.h"
#include "base/log.h"
#include "cmd/audited.h"

void audited_begin(struct audited *a, const struct trace_options *o, const struct knobs *knobs)
{
	const struct audit_config config = {
		.host = &a->tracer.live_host->host,
		.root = o->root,
		.netns = knobs->filter_netns,
	};

	if (o->host || o->proto || o->device || o->port || knobs->filter_owner)
		return;
	if (audit_new(&a->audit, &config))
		log_warn(0, "the end will not say how much of what the kernel counted was seen");
}

static int on_tick(void *arg)
{
	struct audited *a = arg;
	int err = tracer_tick(&a->tracer);

	if (!err && a->audit)
		err = audit_tick(a->audit);
	return err;
}

void audited_watch(struct audited *a, struct session_config *session)
{
	tracer_watch(&a->tracer, session);
	session->tick = on_tick;
}

static void give_up(struct audited *a)
{
	audit_free(a->audit);
	a->audit = NULL;
}

/* The counters are read before the hooks are detached: see audit.h. */
int audited_finish(struct audited *a)
{
	if (a->audit && audit_refresh(a->audit))
		give_up(a);
	return tracer_finish(&a->tracer);
}

const struct ledger *audited_ledger(struct audited *a)
{
	const struct tracer *t = &a->tracer;

	if (a->audit && account_audit(audit_ledger(a->audit), t->loader, &t->pipeline)) {
		log_warn(0, "the kernel's counters were not compared: out of memory");
		give_up(a);
	}
	return a->audit ? audit_ledger(a->audit) : NULL;
}

void audited_close(struct audited *a)
{
	tracer_close(&a->tracer);
	give_up(a);
}
