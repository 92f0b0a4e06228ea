/* SPDX-License-Identifier: GPL-2.0-only */
/* `whydrop audit`: the kernel's counters of losses beside whydrop's own, and what is left. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "account.h"
#include "audit/audit.h"
#include "audit/ledger.h"
#include "base/clock.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "cmd/ways.h"
#include "filters.h"
#include "schema.h"
#include "session.h"
#include "sink/audit_text.h"
#include "tracer.h"

/* A namespace that goes away is judged as far as it was read last. */
#define REFRESH_NS 5000000000

struct audit_options {
	const char *output, *since, *netns, *root;
	uint64_t duration_ns, watch_ns;
	struct option_list ways;
	bool all, numeric, schema;
	int verbose;
};

static const struct audit_options defaults = { .output = "text", .since = "start", .root = "/" };

#define AT(member) offsetof(struct audit_options, member)

static const struct option_def options[] = {
	{ "output", 'o', OPT_CHOICE, AT(output), "FORMAT", "text|json", "how counters are shown" },
	{ "duration", 0, OPT_DURATION, AT(duration_ns), "TIME", NULL, "stop after e.g. 30s, 5m" },
	{ "watch", 0, OPT_DURATION, AT(watch_ns), "TIME", NULL,
	  "show the counters so far every TIME, e.g. 5s, too" },
	{ "since", 0, OPT_CHOICE, AT(since), "WHEN", "start|boot",
	  "boot: show what the counters are now and exit, with nothing to hold against them" },
	{ "all", 'a', OPT_FLAG, AT(all), NULL, NULL, "also counters that did not move" },
	{ "netns", 0, OPT_STRING, AT(netns), "NETNS", NULL,
	  "only this network namespace: name, path, host, self, pid:N or inode" },
	{ "numeric", 'n', OPT_FLAG, AT(numeric), NULL, NULL,
	  "numbers instead of the names of pods and namespaces" },
	{ "verbose", 'v', OPT_COUNT, AT(verbose), NULL, NULL, "say what is tried and refused" },
	{ "schema", 0, OPT_FLAG, AT(schema), NULL, NULL,
	  "print the JSON schema of -o json and exit" },
	{ "attach", 0, OPT_LIST, AT(ways), "HOW", NULL,
	  "attach only by tp_btf, raw_tp, fentry or kprobe; tracepoint: to no functions" },
	{ "root", 0, OPT_STRING, AT(root), "DIR", NULL, "where the host's / is mounted" },
	{ 0 },
};

struct audit_run {
	struct tracer tracer; /* first: what a session's functions get */
	const struct audit_options *options;
	uint32_t netns; /* 0: all */
	struct audit *audit;
	uint64_t refresh_ns, shown_ns; /* when that was done last */
	bool findings;
};

static bool is_absolute(const struct audit_options *o)
{
	return !strcmp(o->since, "boot");
}

static int show(const struct audit_run *r, const struct host *h)
{
	const struct audit_options *o = r->options;
	const struct audit_view view = { .host = h, .all = o->all, .absolute = is_absolute(o) };

	if (!strcmp(o->output, "json"))
		return audit_json(stdout, audit_ledger(r->audit), &view, time(NULL));
	audit_text(stdout, audit_ledger(r->audit), &view);
	return fflush(stdout) ? -errno : 0;
}

static int begin(struct audit_run *r, const struct host *h)
{
	const struct audit_config config = {
		.host = h,
		.root = r->options->root,
		.netns = r->netns,
		.absolute = is_absolute(r->options),
	};

	return audit_new(&r->audit, &config);
}

static int count(struct audit_run *r)
{
	struct tracer *t = &r->tracer;

	/* what is counted may be a new module's */
	host_know_address(t->live_host, UINT64_MAX);
	return account_audit(audit_ledger(r->audit), t->loader, &t->pipeline);
}

static int show_so_far(struct audit_run *r)
{
	int err = count(r);

	if (!err && !strcmp(r->options->output, "text"))
		printf("after %.0f s\n", (now_ns() - r->shown_ns) / 1e9);
	return err ? err : show(r, &r->tracer.live_host->host);
}

static int on_tick(void *arg)
{
	struct audit_run *r = arg;
	uint64_t watch = r->options->watch_ns, every = watch ? watch : REFRESH_NS;
	int err = tracer_tick(&r->tracer);

	if (err)
		return err;
	if (now_ns() < r->refresh_ns + every)
		return audit_tick(r->audit);
	r->refresh_ns += every;
	err = audit_refresh(r->audit);
	return !err && watch ? show_so_far(r) : err;
}

/* The counters are read before the hooks are detached: see audit.h. */
static int end(struct audit_run *r)
{
	int err = audit_refresh(r->audit);

	if (!err)
		err = tracer_finish(&r->tracer);
	if (!err)
		err = count(r);
	if (!err)
		err = show(r, &r->tracer.live_host->host);
	r->findings = ledger_total(audit_ledger(r->audit)).findings;
	return err;
}

static int run_session(struct audit_run *r)
{
	struct session_config session = { .duration_ns = r->options->duration_ns,
					  .begun = "ready" };
	struct session_result result;
	int err = begin(r, &r->tracer.live_host->host);

	if (err)
		return err;
	tracer_watch(&r->tracer, &session);
	session.tick = on_tick;
	r->refresh_ns = r->shown_ns = now_ns();
	err = session_run(&session, &result);
	if (!err)
		err = end(r);
	return err < 0 && err != -EPIPE ? log_err(err, "the audit ended") : err;
}

static int audit_from_now(struct audit_run *r)
{
	const struct audit_options *o = r->options;
	const struct tracer_config config = {
		.root = o->root,
		.numeric = o->numeric,
		.ways = ways_mask(&o->ways),
		.rules = RULES_OFF,
		.knobs = { .filter = r->netns != 0, .filter_netns = r->netns },
		.sink = sink_find("text"),
		.sink_config = { .fd = STDOUT_FILENO },
	};
	int err = tracer_open(&r->tracer, &config);

	if (!err)
		err = run_session(r);
	tracer_close(&r->tracer);
	return err;
}

static int audit_from_boot(struct audit_run *r)
{
	struct live_host *host = NULL;
	int err = host_open(&host, r->options->root);

	if (!err) {
		host->host.numeric = r->options->numeric;
		err = begin(r, &host->host);
	}
	if (!err)
		err = show(r, &host->host);
	host_close(host);
	return err;
}

static int run(const void *option_values, int argc, char **argv)
{
	const struct audit_options *o = option_values;
	struct audit_run r = { .options = o };
	int err;

	(void)argc;
	(void)argv;
	if (o->schema) {
		schema_print_audit(stdout);
		return EXIT_DONE;
	}
	if (o->verbose)
		log_set_level(LOG_DEBUG);
	if (ways_check(&o->ways) || (o->netns && filters_netns(o->netns, &r.netns)))
		return EXIT_USAGE;
	err = is_absolute(o) ? audit_from_boot(&r) : audit_from_now(&r);
	audit_free(r.audit);
	if (!err && r.findings)
		return EXIT_FINDINGS;
	return exit_code(err);
}

const struct command command_audit = {
	.name = "audit",
	.args = "",
	.summary = "hold the kernel's counters of losses against what whydrop sees",
	.description =
		"For the host, each pod and each named network namespace: how much each of the "
		"kernel's counters of losses grew, how many losses whydrop saw that the counter counts, "
		"and what remains, with what that can mean. Ends with Ctrl-C or --duration.\n\n"
		"All numbers count buffers: what GRO or GSO keeps together is one, for the kernel and "
		"here. A remainder above 0 was counted while all hooks were attached and not seen. "
		"Below 0, whydrop saw more than the counter counts. Counters that also count what is "
		"no loss have no remainder, and the total counts no loss twice.\n\n"
		"A namespace that comes later is judged from the moment it was first read. With "
		"--since boot nothing is attached: the counters are shown as they are, since the "
		"namespace was made, and nothing is held against them.\n\n"
		"Exits with 4 when a remainder above 0 is left.",
	.options = options,
	.options_size = sizeof(struct audit_options),
	.defaults = &defaults,
	.run = run,
};
