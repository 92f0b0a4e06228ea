/* SPDX-License-Identifier: GPL-2.0-only */
/* `whydrop trace`: live losses in an incident, one line each. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "attribute/process.h"
#include "attribute/watch.h"
#include "base/log.h"
#include "by_reason.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "cmd/trace_options.h"
#include "cmd/ways.h"
#include "host.h"
#include "kernel/modules.h"
#include "kernel/reasons.h"
#include "owners.h"
#include "pipeline.h"
#include "probe/loader.h"
#include "rules/rules.h"
#include "schema.h"
#include "session.h"
#include "sink/sink.h"
#include "source/live.h"
#include "summary.h"

#define TICK_NS	    50000000  /* a lone loss is shown within this ... */
#define DEADLINE_NS 100000000 /* ... or this, if its owner is not known yet */
/* Where a filter asks for owners, a young pod's losses wait for its name as long as this. */
#define FILTER_PATIENCE_NS 2000000000

struct trace {
	const struct trace_options *o;
	struct live_host *live_host;
	struct loader *loader;
	struct live *live;
	struct owners *owners;
	struct sink sink;
	struct pipeline pipeline;
	int modules; /* descriptor that tells of loaded modules, or -1 */
};

static int feed(void *arg, void *data, size_t size)
{
	struct trace *t = arg;
	const struct event *ev = data;

	if (size >= sizeof(*ev) && host_know_address(t->live_host, ev->key.location))
		log_debug("the symbols of modules that were loaded cannot be read");
	return pipeline_feed(&t->pipeline, data, size);
}

static int drain(struct trace *t)
{
	int n = pipeline_resume(&t->pipeline);

	if (!n)
		n = live_drain(t->live);
	/* the rest of the ring waits behind a record that waits for its owner */
	if (n == -EAGAIN && t->pipeline.held)
		n = 0;

	if (t->o->count && t->pipeline.fates[FATE_SHOWN] >= t->o->count)
		return 1;
	return n < 0 ? n : 0;
}

/* Its functions are new symbols: the loader looks for them, and losses will name them. */
static void on_module(void *arg, const char *module)
{
	struct trace *t = arg;
	int err;

	log_debug("module %s was loaded", module);
	t->live_host->symbols_stale = true;
	if (!probes_in_module(module))
		return;
	err = host_refresh_symbols(t->live_host);
	if (err)
		log_warn(err, "the symbols of module %s cannot be read", module);
	loader_module(t->loader, module, host_btf(t->live_host));
	host_give_back_btf(t->live_host);
}

static int on_news(void *arg)
{
	struct trace *t = arg;

	return owners_refresh(t->owners);
}

static int on_records(void *arg)
{
	struct trace *t = arg;
	int err = on_news(t);

	/* before the losses of a module's functions are named */
	if (t->modules >= 0)
		modules_read(t->modules, on_module, t);
	return err ? err : drain(t);
}

static int on_tick(void *arg)
{
	struct trace *t = arg;
	int err;

	rules_tick(t->live_host->host.rules);
	err = on_records(t);
	return err ? err : pipeline_tick(&t->pipeline);
}

static int open_sink(struct trace *t)
{
	const char *no_color = getenv("NO_COLOR");
	bool terminal = isatty(STDOUT_FILENO);

	t->sink.ops = sink_find(t->o->output);
	t->sink.config = (struct sink_config){
		.fd = STDOUT_FILENO,
		.color = terminal && !(no_color && *no_color),
		.fold = terminal,
		.stack = t->o->stack,
		.host = &t->live_host->host,
	};
	return t->sink.ops->open(&t->sink);
}

static int start(struct trace *t, const struct knobs *knobs)
{
	struct loader_config config = { .allowed = ways_mask(&t->o->ways),
					.rules = trace_rules(t->o),
					.knobs = *knobs };
	int err;

	/* before the look at what is there, so that nothing falls between */
	t->modules = modules_open();
	err = host_open(&t->live_host, t->o->root);
	if (err)
		return err;
	t->live_host->host.numeric = t->o->numeric;
	err = rules_new(&t->live_host->host.rules, t->o->root);
	if (err)
		log_warn(err, "no helper thread: rules of firewalls are shown without their text");
	config.btf = host_btf(t->live_host);
	config.ksyms = t->live_host->ksyms;
	by_reason(&config.knobs, t->live_host->reasons, t->o->all || t->o->causes.count);
	config.knobs.host_netns = t->live_host->host.netns;
	err = loader_new(&t->loader, &config);
	host_give_back_btf(t->live_host);
	if (!err)
		err = loader_load(t->loader);
	if (err)
		return err;
	t->pipeline.host = &t->live_host->host;
	t->pipeline.wanted = trace_wanted(t->o);
	t->pipeline.limit = t->o->count;
	t->pipeline.count_only = t->o->count_only;
	t->pipeline.patience_ns = knobs->filter_owner ? FILTER_PATIENCE_NS : DEADLINE_NS - TICK_NS;
	t->pipeline.sink = &t->sink;
	err = verdicts_new(&t->pipeline.verdicts, &t->live_host->host, t->live_host->watch);
	if (!err)
		err = processes_new(&t->pipeline.processes, t->o->root);
	if (!err)
		err = owners_new(&t->owners, t->loader, t->live_host->host.pods,
				 t->live_host->watch, &t->pipeline.wanted);
	if (!err)
		err = open_sink(t);
	if (!err)
		err = pipeline_tick(&t->pipeline);
	if (!err)
		err = live_new(&t->live, loader_events_fd(t->loader), feed, t);
	return err ? log_err(err, "cannot start") : 0;
}

static void stop(struct trace *t)
{
	pipeline_close(&t->pipeline);
	live_free(t->live);
	owners_free(t->owners);
	loader_free(t->loader);
	if (t->sink.state)
		t->sink.ops->close(&t->sink);
	processes_free(t->pipeline.processes);
	verdicts_free(t->pipeline.verdicts);
	host_close(t->live_host);
	if (t->modules >= 0)
		close(t->modules);
}

static void summarise(struct trace *t)
{
	struct summary s = { 0 };
	int err;

	/* what is only counted may be a new module's, too */
	host_know_address(t->live_host, UINT64_MAX);
	err = account_collect(&s, t->loader, &t->pipeline);
	if (err)
		log_err(err, "the counts cannot be read");
	else
		summary_print(stderr, &s, &t->live_host->host);
	free(s.rows);
}

/* What waited in the ring when the session ended still belongs to it. */
static int finish(struct trace *t)
{
	int err;

	loader_detach(t->loader);
	t->pipeline.patience_ns = 0;
	err = on_records(t);
	if (err >= 0)
		err = pipeline_tick(&t->pipeline);
	if (!t->o->quiet)
		summarise(t);
	return err;
}

static int exit_code(int err)
{
	if (!err || err == -EPIPE) /* the reader has seen enough */
		return EXIT_DONE;
	if (err == -EPERM || err == -EACCES || err == -ENOTSUP)
		return EXIT_NOT_ALLOWED;
	return EXIT_FAILED;
}

static int run(const void *option_values, int argc, char **argv)
{
	const struct trace_options *o = option_values;
	struct trace t = { .o = o, .modules = -1 };
	struct session_config config = {
		.duration_ns = o->duration_ns,
		.tick_ns = TICK_NS,
		.command = argc ? argv : NULL,
		.begun = o->quiet < 2 ? "ready" : NULL,
		.tick = on_tick,
		.arg = &t,
	};
	struct session_result result = { .status = -1 };
	struct knobs knobs;
	int err;

	if (o->schema) {
		schema_print(stdout);
		return EXIT_DONE;
	}
	if (o->verbose)
		log_set_level(LOG_DEBUG);
	if (trace_check(o) || trace_knobs(o, &knobs))
		return EXIT_USAGE;
	err = start(&t, &knobs);
	if (err) {
		stop(&t);
		return exit_code(err);
	}
	config.sources[0] = (struct session_source){ owners_fd(t.owners), on_news };
	config.sources[1] = (struct session_source){ watch_fd(t.live_host->watch), on_news };
	config.sources[2] = (struct session_source){ live_fd(t.live), on_records };
	err = session_run(&config, &result);
	if (!err)
		err = finish(&t);
	if (err < 0 && err != -EPIPE)
		log_err(err, "tracing ended");
	stop(&t);
	return result.status >= 0 && err >= 0 ? result.status : exit_code(err < 0 ? err : 0);
}

const struct command command_trace = {
	.name = "trace",
	.args = "[-- COMMAND ARGS]",
	.summary = "show each loss as it happens: what, whose, why, and what to do",
	.description =
		"Prints one line per lost packet: time, cause, whose it was, the flow, the device and "
		"the evidence. Ends with Ctrl-C, --count, --duration, or when COMMAND ends, and then "
		"prints a summary per cause and owner with the remedy.\n\n"
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
