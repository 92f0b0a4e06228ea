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
#include "classify/classify.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "cmd/ways.h"
#include "filters.h"
#include "host.h"
#include "kernel/modules.h"
#include "kernel/reasons.h"
#include "kernel/terminal.h"
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
#define WAKEUP_MASK	   255 /* and a storm's losses every 256 per CPU */

struct trace_options {
	const char *output;
	uint64_t count;
	uint64_t duration_ns;
	struct option_list causes, pods, namespaces, containers;
	const char *netns, *host, *proto, *device;
	uint16_t port;
	bool all, stack, count_only, numeric, schema;
	int quiet, verbose;
	struct option_list ways;
	const char *root, *rules;
};

static const struct trace_options defaults = { .output = "text", .root = "/", .rules = "cheap" };

#define AT(member) offsetof(struct trace_options, member)

static const struct option_def options[] = {
	{ "output", 'o', OPT_CHOICE, AT(output), "FORMAT", "text|json|key",
	  "how losses are shown; key is for tests and bug reports" },
	{ "count", 'c', OPT_U64, AT(count), "N", NULL, "stop after N losses" },
	{ "duration", 0, OPT_DURATION, AT(duration_ns), "TIME", NULL, "stop after e.g. 30s, 5m" },
	{ "cause", 0, OPT_LIST, AT(causes), "NAME", NULL,
	  "only this cause (see 'whydrop explain')" },
	{ "pod", 0, OPT_LIST, AT(pods), "NAME", NULL, "only losses of this pod" },
	{ "namespace", 0, OPT_LIST, AT(namespaces), "NAME", NULL,
	  "only losses in this Kubernetes namespace" },
	{ "container", 0, OPT_LIST, AT(containers), "NAME", NULL,
	  "only losses of containers of this name" },
	{ "netns", 0, OPT_STRING, AT(netns), "NETNS", NULL,
	  "only this network namespace: name, path, host, self, pid:N or inode" },
	{ "host", 0, OPT_STRING, AT(host), "ADDR", NULL, "only packets from or to this address" },
	{ "port", 0, OPT_PORT, AT(port), "PORT", NULL, "only packets from or to this port" },
	{ "proto", 0, OPT_STRING, AT(proto), "PROTO", NULL,
	  "only tcp, udp, icmp, ... or a number" },
	{ "interface", 'i', OPT_STRING, AT(device), "DEV", NULL, "only losses on this device" },
	{ "all", 0, OPT_FLAG, AT(all), NULL, NULL, "also show the frees that are no losses" },
	{ "stack", 0, OPT_FLAG, AT(stack), NULL, NULL, "with the kernel stack of each loss" },
	{ "count-only", 0, OPT_FLAG, AT(count_only), NULL, NULL,
	  "count in the kernel, show only the summary" },
	{ "numeric", 'n', OPT_FLAG, AT(numeric), NULL, NULL,
	  "numbers instead of the names of pods, units and namespaces" },
	{ "quiet", 'q', OPT_COUNT, AT(quiet), NULL, NULL,
	  "no summary at the end; twice: no 'ready' either" },
	{ "verbose", 'v', OPT_COUNT, AT(verbose), NULL, NULL, "say what is tried and refused" },
	{ "schema", 0, OPT_FLAG, AT(schema), NULL, NULL,
	  "print the JSON schema of -o json and exit" },
	{ "attach", 0, OPT_LIST, AT(ways), "HOW", NULL,
	  "attach only by tp_btf, raw_tp, fentry or kprobe; tracepoint: to no functions" },
	{ "rules", 0, OPT_CHOICE, AT(rules), "HOW", "cheap|exact",
	  "exact: also name rules that drop by a verdict map (costs per look into a set)" },
	{ "root", 0, OPT_STRING, AT(root), "DIR", NULL, "where the host's / is mounted" },
	{ 0 },
};

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

static int make_knobs(const struct trace_options *o, struct knobs *k)
{
	int err = 0;

	*k = (struct knobs){ .events = !o->count_only,
			     .stack = o->stack,
			     .wakeup_mask = WAKEUP_MASK };
	if (o->netns) {
		err = filters_netns(o->netns, &k->filter_netns);
		k->filter = 1;
	}
	if (!err && o->host)
		err = filters_address(k, o->host);
	if (!err && o->proto)
		err = filters_protocol(k, o->proto);
	if (!err && o->device)
		err = filters_device(k, o->device, o->netns);
	if (o->port) {
		k->filter_port = o->port;
		k->filter = 1;
	}
	k->filter_owner = o->pods.count || o->namespaces.count || o->containers.count;
	if (!err && terminal_find(k))
		log_debug("leaving out the connection of this terminal");
	return err;
}

static int check_options(const struct trace_options *o)
{
	if (o->count_only && (o->count || o->stack || o->quiet || !strcmp(o->output, "json")))
		return log_err(-EINVAL,
			       "--count-only shows the summary and nothing else: leave out "
			       "--count, --stack, --quiet and -o json");
	return 0;
}

static int check_causes(const struct option_list *list)
{
	for (int i = 0; i < list->count; i++)
		if (!cause_find(list->items[i]))
			return log_err(-EINVAL,
				       "--cause %s: no such cause; 'whydrop explain' lists "
				       "them",
				       list->items[i]);
	return 0;
}

static struct wanted wanted(const struct trace_options *o)
{
	return (struct wanted){
		.normal = o->all,
		.causes = { o->causes.items, o->causes.count },
		.pods = { o->pods.items, o->pods.count },
		.namespaces = { o->namespaces.items, o->namespaces.count },
		.containers = { o->containers.items, o->containers.count },
	};
}

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
	loader_module(t->loader, module);
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
	int err = on_records(t);

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
					.exact = !strcmp(t->o->rules, "exact"),
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
	config.btf = t->live_host->btf;
	config.ksyms = t->live_host->ksyms;
	by_reason(&config.knobs, t->live_host->reasons, t->o->all || t->o->causes.count);
	config.knobs.host_netns = t->live_host->host.netns;
	err = loader_new(&t->loader, &config);
	if (err)
		return err;
	t->pipeline.host = &t->live_host->host;
	t->pipeline.wanted = wanted(t->o);
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
	if (check_options(o) || check_causes(&o->causes) || ways_check(&o->ways) ||
	    make_knobs(o, &knobs))
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
	.options = options,
	.options_size = sizeof(struct trace_options),
	.defaults = &defaults,
	.passes_command = true,
	.run = run,
};
