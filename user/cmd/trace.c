/* SPDX-License-Identifier: GPL-2.0-only */
/* `whydrop trace`: live losses in an incident, one line each. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "account.h"
#include "audit/ledger.h"
#include "base/log.h"
#include "cmd/audited.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "cmd/trace_options.h"
#include "cmd/ways.h"
#include "schema.h"
#include "session.h"
#include "sink/audit_text.h"
#include "sink/sink.h"
#include "sink/sinks.h"
#include "summary.h"
#include "tracer.h"

/* What a run shows with: one sink, or that one and a recording beside it. */
struct showing {
	struct utsname machine;
	struct sink parts[2];
	int fd;	   /* of the recording; -1: none */
	bool made; /* its file was not there before */
};

static struct sink_config show_config(const struct trace_options *o, const struct showing *show)
{
	const char *no_color = getenv("NO_COLOR");
	bool terminal = isatty(STDOUT_FILENO);

	return (struct sink_config){
		.fd = STDOUT_FILENO,
		.node = show->machine.nodename,
		.color = terminal && !(no_color && *no_color),
		.fold = terminal,
		.stack = o->stack,
	};
}

static const struct sink_ops *output(const struct trace_options *o)
{
	return trace_otel(o) ? &sink_otel : sink_find(o->output);
}

static int open_recording(struct showing *show, const struct trace_options *o)
{
	*show = (struct showing){ .fd = -1 };
	uname(&show->machine);
	if (!o->write)
		return 0;
	/* not cut off before the hooks are attached: record_open() does that, when there is something to write */
	show->fd = open(o->write, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	show->made = show->fd >= 0;
	if (show->fd < 0)
		show->fd = open(o->write, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (show->fd < 0)
		return log_err(-errno, "--write %s: cannot be made", o->write);
	show->parts[0] = (struct sink){ .ops = output(o), .config = show_config(o, show) };
	show->parts[1] = (struct sink){ .ops = &sink_record, .config = { .fd = show->fd } };
	return 0;
}

static struct tracer_config configure(const struct trace_options *o, const struct knobs *knobs,
				      struct showing *show)
{
	struct sink_config tee = { .parts = show->parts, .part_count = 2 };

	return (struct tracer_config){
		.root = o->root,
		.cri = o->cri,
		.numeric = o->numeric,
		.ways = ways_mask(&o->ways),
		.rules = trace_rules(o),
		.hooks_always = trace_hooks_always(o),
		.knobs = *knobs,
		.all_reasons = o->all || o->causes.count,
		.wanted = trace_wanted(o),
		.limit = o->count,
		.sink = show->fd >= 0 ? &sink_tee : output(o),
		.sink_config = show->fd >= 0 ? tee : show_config(o, show),
	};
}

/* How much of what the kernel's counters say was seen. */
static void summarise_audit(struct audited *a, uint64_t own)
{
	const struct ledger *l = audited_ledger(a);

	if (!l)
		return;
	audit_sentence(stderr, l, &a->tracer.live_host->host);
	if (own && ledger_total(l).findings)
		fputs("(this terminal's own connection was left out, and may be among it)\n",
		      stderr);
}

static int summarise(struct audited *a, bool print)
{
	struct tracer *t = &a->tracer;
	struct summary s = { 0 };
	int err;

	/* what is only counted may be a new module's, too */
	host_know_address(t->live_host, UINT64_MAX);
	err = account_collect(&s, t->loader, &t->pipeline);
	if (err)
		log_err(err, "the counts cannot be read");
	else
		err = sink_end(&t->sink, &s);
	if (!err && print) {
		summary_print(stderr, &s, &t->live_host->host);
		summarise_audit(a, s.account.own);
	}
	free(s.rows);
	return err;
}

static int trace(struct audited *a, const struct trace_options *o, char **command, int *status)
{
	struct session_config session = {
		.duration_ns = o->duration_ns,
		.command = command,
		.begun = o->quiet < 2 ? "ready" : NULL,
	};
	struct session_result result = { .status = -1 };
	int err, summary_err;

	audited_watch(a, &session);
	err = session_run(&session, &result);
	if (!err) {
		err = audited_finish(a);
		summary_err = summarise(a, !o->quiet);
		if (!err)
			err = summary_err;
	}
	if (err < 0 && err != -EPIPE)
		log_err(err, "tracing ended");
	*status = result.status;
	return err < 0 ? err : 0;
}

static int run(const void *option_values, int argc, char **argv)
{
	const struct trace_options *o = option_values;
	struct tracer_config config;
	struct audited a = { .audit = NULL };
	struct knobs knobs;
	struct showing show;
	int err, status = -1;

	if (o->schema) {
		(trace_otel(o) ? schema_print_otel : schema_print)(stdout);
		return EXIT_DONE;
	}
	if (o->verbose)
		log_set_level(LOG_DEBUG);
	if (trace_check(o) || trace_knobs(o, &knobs))
		return EXIT_USAGE;
	if (open_recording(&show, o))
		return EXIT_FAILED;
	config = configure(o, &knobs, &show);
	err = tracer_open(&a.tracer, &config);
	if (err && show.made)
		unlink(o->write); /* nothing is in it */
	if (!err && !o->quiet)
		audited_begin(&a, o, &knobs);
	if (!err)
		err = trace(&a, o, argc ? argv : NULL, &status);
	audited_close(&a);
	if (show.fd >= 0)
		close(show.fd);
	return status >= 0 && !err ? status : exit_code(err);
}

const struct command command_trace = {
	.name = "trace",
	.args = "[-- COMMAND ARGS]",
	.summary = "show each loss as it happens: what, whose, why, and what to do",
	.description =
		"Prints one line per lost packet: time, cause, whose it was, the flow, the device and "
		"the evidence. Ends with Ctrl-C, --count, --duration, or when COMMAND ends, and then "
		"prints a summary per cause and owner with the remedy, and how many of the losses that "
		"the kernel's own counters counted meanwhile it has seen (see 'whydrop audit').\n\n"
		"Losses are counted in the kernel, exactly; the lines are details that can be lost in "
		"a storm, which the account at the end then says.\n\n"
		"Frees that are no losses (a socket closed with data in it, a duplicate segment) are "
		"counted but not shown unless --all is given.\n\n"
		"With --count-only no details leave the kernel, which costs a loaded node least: the "
		"summary at the end is as exact, and filters and --pod, --namespace and --cause "
		"hold for it too.\n\n"
		"Losses are written to standard output, everything else to standard error.",
	.options = trace_option_defs,
	.options_size = sizeof(struct trace_options),
	.defaults = &trace_defaults,
	.passes_command = true,
	.run = run,
};
