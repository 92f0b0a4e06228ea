/* SPDX-License-Identifier: GPL-2.0-only */
/* `whydrop capture`: a bounded run, kept as a bundle of files for somebody else. */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "account.h"
#include "base/log.h"
#include "bundle.h"
#include "cmd/armed.h"
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
#include "surroundings.h"
#include "tracer.h"

struct capture_options {
	struct trace_options trace; /* first: its rows are shared */
	bool redact, skb, user_stack;
	const char *trigger;
	uint64_t before, snaplen;
};

static const struct capture_options defaults = {
	/* what is looked at later cannot be looked at again: the first loss too shall tell all it can */
	.trace = { .output = "text",
		   .root = "/",
		   .rules = "cheap",
		   .hooks = "always",
		   .stack = true },
	.before = 100,
};

#define AT(member) offsetof(struct capture_options, member)

static const struct option_def option_defs[] = {
	{ "write", 'w', OPT_STRING, TRACE_AT(write), "DIR|FILE.tar.gz", NULL,
	  "where the files go; it must not be there yet" },
	TRACE_LIMITS_AND_FILTERS,
	{ "trigger", 0, OPT_STRING, AT(trigger), "CONDITION", NULL,
	  "wait at the cost of the agent until this is met, e.g. 'cause=accept-queue-full "
	  "rate>100/s', and record then" },
	{ "before", 0, OPT_U64, AT(before), "N", NULL,
	  "with --trigger: also the last N losses described before that (default 100)" },
	{ "snaplen", 0, OPT_U64, AT(snaplen), "BYTES", NULL,
	  "of each packet, up to 2048, as far as it is in one piece (default 144)" },
	{ "skb", 0, OPT_FLAG, AT(skb), NULL, NULL,
	  "with fields of struct sk_buff and struct sock as they were at the loss" },
	{ "user-stack", 0, OPT_FLAG, AT(user_stack), NULL, NULL,
	  "with the stack of the program, where the loss happened in its own call" },
	{ "redact", 0, OPT_FLAG, AT(redact), NULL, NULL,
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
	struct sink recorder; /* with a trigger: what is behind the sink that waits */
	struct armed armed;
	struct audited audited;
};

/* A stack is read at once, while the program lives. */
static void ask_for_more(const struct capture_options *o, struct knobs *k)
{
	if (o->skb)
		k->more |= MORE_SKB;
	if (o->user_stack) {
		k->more |= MORE_USER_STACK;
		k->wakeup_mask = 0;
	}
	if (o->snaplen > EVENT_SNAP) {
		k->more |= MORE_SNAP;
		k->snap_size = o->snaplen;
	}
}

static int open_tracer(struct capture *c, const struct knobs *knobs)
{
	const struct trace_options *o = &c->o->trace;
	struct tracer_config config = {
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

	ask_for_more(c->o, &config.knobs);
	if (c->o->trigger) {
		c->recorder.ops = config.sink;
		c->recorder.config = config.sink_config;
		config.limit = 0;
		config.sink = &sink_hold;
		config.sink_config =
			(struct sink_config){ .parts = &c->recorder, .keep = c->o->before };
		armed_knobs(&config.knobs);
	}
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

/* How the recording came to begin. */
static int add_trigger(struct capture *c)
{
	const struct armed *a = &c->armed;
	char text[512];
	int len = snprintf(text, sizeof(text),
			   "%s\nmet after %.1f s, by %" PRIu64 " losses; %" PRIu64
			   " of those before it are described\n",
			   a->text, a->waited_ns / 1e9, a->recent, a->before);

	return environment_add(&c->environment, "trigger", text, len);
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
	if (!counted && c->o->trigger)
		counted = add_trigger(c);
	if (!counted)
		counted = add_audit(c);
	if (!counted)
		counted = account_collect(&s, t->loader, &t->pipeline);
	if (!counted && !c->o->redact)
		counted = surroundings_describe(&c->environment, &s, &t->live_host->host,
						c->o->trace.root);
	if (!counted && c->o->trigger)
		armed_account(&c->armed, &s.account);
	if (!counted)
		counted = sink_end(&t->sink, &s);
	if (!counted && !c->o->trace.quiet)
		summary_print(stderr, &s, &t->live_host->host);
	free(s.rows);
	return err < 0 ? err : counted;
}

static bool is_recording(const struct capture *c)
{
	return !c->o->trigger || c->armed.met;
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
	if (c->o->trigger)
		armed_watch(&c->armed, &c->audited.tracer, &session, c->o->trace.count);
	err = session_run(&session, &result);
	*status = result.status;
	if (!err && c->o->trigger)
		err = armed_finish(&c->armed);
	if (!err && is_recording(c))
		err = end_recording(c);
	return err ? log_err(err, "recording ended; 'whydrop replay %s/%s' shows what there is",
			     c->bundle.dir, BUNDLE_RECORDING)
		   : 0;
}

static int give_up(struct capture *c)
{
	const struct armed *a = &c->armed;

	bundle_discard(&c->bundle);
	log_err(0,
		"--trigger '%s' was not met within %.1f s, with %" PRIu64
		" such losses in all: nothing is recorded",
		a->text, a->waited_ns / 1e9, a->total);
	return -ENODATA;
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
		if (!err && !is_recording(c))
			err = give_up(c);
	}
	audited_close(&c->audited);
	if (!err)
		err = bundle_finish(&c->bundle, &wanted);
	if (!err && o->quiet < 2)
		log_info("%s has been written", o->write);
	return err;
}

static int check(const struct capture_options *o)
{
	if (o->snaplen > MORE_SNAP_MAX || (o->snaplen && o->snaplen < EVENT_SNAP))
		return log_err(-EINVAL, "--snaplen: from %d to %d bytes", EVENT_SNAP,
			       MORE_SNAP_MAX);
	if (o->redact && o->snaplen > EVENT_SNAP)
		return log_err(-EINVAL, "--redact leaves out payloads: leave out --snaplen");
	return 0;
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
	if (check(c.o))
		return EXIT_USAGE;
	c.armed.text = c.o->trigger;
	if (c.o->trigger && trigger_parse(&c.armed.trigger, c.o->trigger))
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
		"'trace -o json' prints it. drops.pcapng: the first 144 bytes (--snaplen) of each lost "
		"packet for Wireshark, with cause, place, owner and evidence as its comment. "
		"stacks.svg: a flame graph of kernel stacks and causes; stacks.folded: the same for "
		"other tools. environment.json: kernel, settings, devices and tables of the node. "
		"netns-INODE/: settings and tables of the network namespaces that lost most. before/ and "
		"after/: the kernel's counters. events.wd: the recording, from which 'whydrop replay' "
		"makes all of this again on any machine.\n\n"
		"If it is killed or the disk is full, the recording is good up to that moment. Of "
		"FILE.tar.gz the files are in FILE.tar.gz.partial until then.\n\n"
		"--trigger waits, for the cost of the agent, until more than N losses of the causes it "
		"names (without names: of any that would be shown) came within a second, minute or "
		"hour: 'cause=accept-queue-full rate>100/s'. Then everything is described, for "
		"--duration and up to --count, and the bundle also holds the last of the losses that "
		"were described before: of each kind the first, and ten a second. Counts are of all "
		"the time. If it is not met until Ctrl-C or the end of COMMAND, nothing is written and "
		"the exit status is 1.\n\n"
		"--skb shows the fields that a kernel maintainer asks for, by the types of the running "
		"kernel, and no addresses. --user-stack shows files and offsets in them (for addr2line "
		"or gdb), of the program whose own system call lost the packet or was refused; of "
		"losses in an interrupt, whoever it interrupted, it shows none. A program that ended "
		"at once leaves bare addresses, and one built without frame pointers its first frame alone.\n\n"
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
