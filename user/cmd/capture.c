/* SPDX-License-Identifier: GPL-2.0-only */
/* `whydrop capture`: a bounded run, kept as a bundle of files for somebody else. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "account.h"
#include "base/log.h"
#include "bundle.h"
#include "cmd/audited.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "cmd/trace_options.h"
#include "cmd/ways.h"
#include "environment.h"
#include "machine.h"
#include "redact.h"
#include "session.h"
#include "sink/audit_text.h"
#include "sink/sinks.h"
#include "tracer.h"

struct capture_options {
	struct trace_options trace; /* first: its rows are shared */
	bool redact;
};

static const struct capture_options defaults = {
	/* what is looked at later cannot be looked at again: the first loss too shall tell all it can */
	.trace = { .output = "text",
		   .root = "/",
		   .rules = "cheap",
		   .hooks = "always",
		   .stack = true },
};

static const struct option_def option_defs[] = {
	{ "write", 'w', OPT_STRING, TRACE_AT(write), "DIR|FILE.tar.gz", NULL,
	  "where the files go; it must not be there yet" },
	TRACE_LIMITS_AND_FILTERS,
	{ "redact", 0, OPT_FLAG, offsetof(struct capture_options, redact), NULL, NULL,
	  "replace addresses and names of pods, leave out payloads, rules and routes" },
	{ "quiet", 'q', OPT_COUNT, TRACE_AT(quiet), NULL, NULL,
	  "no summary at the end; twice: no 'ready' either" },
	{ "verbose", 'v', OPT_COUNT, TRACE_AT(verbose), NULL, NULL,
	  "say what is tried and refused" },
	TRACE_WAYS,
	{ 0 },
};

struct capture {
	const struct capture_options *o;
	struct bundle bundle;
	struct environment environment;
	struct redact *redact;
	struct audited audited;
};

static int open_tracer(struct capture *c, const struct knobs *knobs)
{
	const struct trace_options *o = &c->o->trace;
	const struct tracer_config config = {
		.root = o->root,
		.cri = o->cri,
		.ways = ways_mask(&o->ways),
		.rules = trace_rules(o),
		.hooks_always = trace_hooks_always(o),
		.knobs = *knobs,
		.all_reasons = o->all || o->causes.count,
		.wanted = trace_wanted(o),
		.limit = o->count,
		.sink = &sink_record,
		.sink_config = { .fd = c->bundle.fd,
				 .environment = &c->environment,
				 .redact = c->redact },
	};

	return tracer_open(&c->audited.tracer, &config);
}

/* The table of an audit; none where names are not to be told. */
static int add_audit(struct capture *c)
{
	const struct audit_view view = { .host = &c->audited.tracer.live_host->host,
					 .narrow = true };
	const struct ledger *l = c->o->redact ? NULL : audited_ledger(&c->audited);
	char *text = NULL;
	size_t size;
	FILE *to;
	int err;

	if (!l)
		return 0;
	to = open_memstream(&text, &size);
	if (!to)
		return -ENOMEM;
	audit_text(to, l, &view);
	err = fclose(to) ? -ENOMEM : environment_add(&c->environment, "audit", text, size);
	free(text);
	return err;
}

/* The counts are the end of the recording. */
static int end_recording(struct capture *c)
{
	struct tracer *t = &c->audited.tracer;
	struct summary s = { 0 };
	int err = audited_finish(&c->audited), counted;

	counted = machine_describe(&c->environment, c->o->trace.root, MACHINE_AFTER, c->o->redact);
	/* what is only counted may be a new module's, too */
	host_know_address(t->live_host, UINT64_MAX);
	if (!counted)
		counted = add_audit(c);
	if (!counted)
		counted = account_collect(&s, t->loader, &t->pipeline);
	if (!counted)
		counted = sink_end(&t->sink, &s);
	if (!counted && !c->o->trace.quiet)
		summary_print(stderr, &s, &t->live_host->host);
	free(s.rows);
	return err < 0 ? err : counted;
}

static int record(struct capture *c, char **command, int *status)
{
	struct session_config session = {
		.duration_ns = c->o->trace.duration_ns,
		.command = command,
		.begun = c->o->trace.quiet < 2 ? "ready" : NULL,
	};
	struct session_result result = { .status = -1 };
	int err;

	audited_watch(&c->audited, &session);
	err = session_run(&session, &result);
	if (!err)
		err = end_recording(c);
	*status = result.status;
	return err ? log_err(err, "recording ended; 'whydrop replay %s/%s' shows what there is",
			     c->bundle.dir, BUNDLE_RECORDING)
		   : 0;
}

static int capture(struct capture *c, const struct knobs *knobs, char **command, int *status)
{
	const struct trace_options *o = &c->o->trace;
	const struct wanted wanted = trace_wanted(o);
	int err = bundle_open(&c->bundle, o->write);

	if (!err && c->o->redact)
		err = redact_new(&c->redact);
	if (!err)
		err = machine_describe(&c->environment, o->root, MACHINE_BEFORE, c->o->redact);
	if (!err)
		err = open_tracer(c, knobs);
	if (err) {
		bundle_discard(&c->bundle);
	} else {
		audited_begin(&c->audited, o, knobs);
		err = record(c, command, status);
	}
	audited_close(&c->audited);
	if (!err)
		err = bundle_finish(&c->bundle, &wanted);
	if (!err && o->quiet < 2)
		log_info("%s has been written", o->write);
	return err;
}

static int run(const void *option_values, int argc, char **argv)
{
	struct capture c = { .o = option_values, .bundle = { .fd = -1 } };
	struct knobs knobs;
	int err, status = -1;

	c.audited.tracer.modules = -1;
	if (!c.o->trace.write) {
		log_err(0, "capture: say with -w where to put it: a directory or FILE.tar.gz");
		return EXIT_USAGE;
	}
	if (c.o->trace.verbose)
		log_set_level(LOG_DEBUG);
	if (trace_check(&c.o->trace) || trace_knobs(&c.o->trace, &knobs))
		return EXIT_USAGE;
	err = capture(&c, &knobs, argc ? argv : NULL, &status);
	redact_free(c.redact);
	environment_free(&c.environment);
	bundle_close(&c.bundle);
	return status >= 0 && !err ? status : exit_code(err);
}

const struct command command_capture = {
	.name = "capture",
	.args = "[-- COMMAND ARGS]",
	.summary = "record losses into a bundle that somebody else can work with",
	.description =
		"Records until Ctrl-C, --count, --duration, or the end of COMMAND, and then writes:\n\n"
		"report.md: a report in plain text for a mail to a kernel list. events.jsonl: as "
		"'trace -o json' prints it. drops.pcapng: the first 144 bytes of each lost packet for "
		"Wireshark, with cause, place, owner and evidence as its comment. stacks.svg: a flame "
		"graph of kernel stacks and causes; stacks.folded: the same for other tools. "
		"environment.json: kernel, settings, devices and tables of the node. before/ and "
		"after/: the kernel's counters. events.wd: the recording, from which 'whydrop replay' "
		"makes all of this again on any machine.\n\n"
		"If it is killed or the disk is full, the recording is good up to that moment. Of "
		"FILE.tar.gz the files are in FILE.tar.gz.partial until then.\n\n"
		"--redact replaces each address by another one (of the same network if they are of the "
		"same), numbers pods, namespaces, containers and units, and leaves out what is behind "
		"transport headers, firewall rules, routes and the command line. Names of devices, "
		"chains and programs stay.",
	.options = option_defs,
	.options_size = sizeof(struct capture_options),
	.defaults = &defaults,
	.passes_command = true,
	.run = run,
};
