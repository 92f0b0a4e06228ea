/* SPDX-License-Identifier: GPL-2.0-only */
/* `whydrop agent`: what is left running on every node. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "agent/agent.h"
#include "agent/caps.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "cmd/ways.h"

#define WAKEUP_MASK 255 /* a storm wakes the reader every 256 details per CPU */
#define SECOND	    1000000000ULL

struct agent_options {
	struct option_list listen, ways;
	const char *node, *events, *json_style, *root, *rules, *hooks, *cri;
	uint64_t max_series, grace_ns, detail_rate, recent, audit_ns;
	uint64_t events_max_mib, events_max_age_ns, events_keep;
	bool serve_drops, no_audit;
	int quiet, verbose;
};

static const struct agent_options defaults = {
	.root = "/",
	.rules = "cheap",
	.hooks = "demand",
	.json_style = "native",
	.max_series = 10000,
	.grace_ns = 300 * SECOND,
	.audit_ns = 300 * SECOND,
	.detail_rate = 10,
	.recent = 200,
	.events_max_mib = 64,
	.events_keep = 3,
};

#define AT(member) offsetof(struct agent_options, member)

static const struct option_def options[] = {
	{ "listen", 'l', OPT_LIST, AT(listen), "WHERE", NULL,
	  "serve HTTP at ADDR:PORT, [ADDR6]:PORT or unix:PATH (default 127.0.0.1:9435)" },
	{ "serve-drops", 0, OPT_FLAG, AT(serve_drops), NULL, NULL,
	  "serve /drops, which shows addresses, not on Unix sockets only" },
	{ "recent", 0, OPT_U64, AT(recent), "N", NULL, "losses kept for /drops (default 200)" },
	{ "node", 0, OPT_STRING, AT(node), "NAME", NULL,
	  "label of all series (default: NODE_NAME of the environment, or the host's name)" },
	{ "max-series", 0, OPT_U64, AT(max_series), "N", NULL,
	  "series of losses; what is more gets the owner \"other\" (default 10000)" },
	{ "grace", 0, OPT_DURATION, AT(grace_ns), "TIME", NULL,
	  "how long the series of a pod that is gone stay (default 5m)" },
	{ "audit", 0, OPT_DURATION, AT(audit_ns), "TIME", NULL,
	  "compare with the kernel's own counters so often (default 5m)" },
	{ "no-audit", 0, OPT_FLAG, AT(no_audit), NULL, NULL, "do not compare with them" },
	{ "detail-rate", 0, OPT_U64, AT(detail_rate), "N", NULL,
	  "describe at most so many losses of one kind per second (default 10)" },
	{ "events", 0, OPT_STRING, AT(events), "WHERE", NULL,
	  "write what is described as JSON lines to a file, to unix:PATH, or to - (standard "
	  "output), or to journald (journald:PATH: at another socket than the system's)" },
	{ "json-style", 0, OPT_CHOICE, AT(json_style), "NAMES", "native|otel",
	  "names of the members of a JSON line: those of OpenTelemetry; 'whydrop trace --schema' "
	  "with the same lists them" },
	{ "events-max-size", 0, OPT_U64, AT(events_max_mib), "MIB", NULL,
	  "rotate the file of events at this size (default 64)" },
	{ "events-max-age", 0, OPT_DURATION, AT(events_max_age_ns), "TIME", NULL,
	  "rotate it also at this age" },
	{ "events-keep", 0, OPT_U64, AT(events_keep), "N", NULL,
	  "rotated files to keep (default 3)" },
	{ "attach", 0, OPT_LIST, AT(ways), "HOW", NULL,
	  "attach only by tp_btf, raw_tp, fentry or kprobe; tracepoint: to no functions" },
	{ "rules", 0, OPT_CHOICE, AT(rules), "HOW", "off|cheap|exact",
	  "which firewall rules are watched, as for trace" },
	{ "hooks", 0, OPT_CHOICE, AT(hooks), "WHEN", "demand|always",
	  "when hooks that cost per packet are attached, as for trace" },
	{ "root", 0, OPT_STRING, AT(root), "DIR", NULL, "where the host's / is mounted" },
	{ "cri", 0, OPT_STRING, AT(cri), "SOCKET", NULL,
	  "ask the container runtime for the labels of pods, for --events and /drops" },
	{ "quiet", 'q', OPT_COUNT, AT(quiet), NULL, NULL, "no 'ready' when all is attached" },
	{ "verbose", 'v', OPT_COUNT, AT(verbose), NULL, NULL, "say what is tried and refused" },
	{ 0 },
};

static const char *node_name(const struct agent_options *o, const struct utsname *host)
{
	const char *node = o->node ? o->node : getenv("NODE_NAME");

	return node && *node ? node : host->nodename;
}

/* Details cost something: only where somebody may read them. */
static bool wants_events(const struct agent_options *o)
{
	bool local = false;

	for (int i = 0; i < o->listen.count; i++)
		local |= !strncmp(o->listen.items[i], "unix:", 5);
	return o->events || o->serve_drops || local;
}

static enum rules_watched rules(const struct agent_options *o)
{
	if (!strcmp(o->rules, "off"))
		return RULES_OFF;
	return strcmp(o->rules, "exact") ? RULES_CHEAP : RULES_EXACT;
}

static struct knobs knobs(const struct agent_options *o)
{
	uint64_t rate = o->detail_rate < SECOND ? o->detail_rate : SECOND;

	return (struct knobs){
		.events = wants_events(o),
		.wakeup_mask = WAKEUP_MASK,
		.detail_gap_ns = SECOND / rate,
		.detail_burst_ns = SECOND / rate * (rate - 1),
	};
}

static struct agent_config configure(const struct agent_options *o, const struct utsname *host)
{
	static const char *const standard[] = { "127.0.0.1:9435" };

	return (struct agent_config){
		.tracer = { .root = o->root,
			    .cri = o->cri,
			    .ways = ways_mask(&o->ways),
			    .rules = rules(o),
			    .hooks_always = !strcmp(o->hooks, "always"),
			    .knobs = knobs(o) },
		.node = node_name(o, host),
		.audit_ns = o->no_audit ? 0 : o->audit_ns,
		.listen = o->listen.count ? o->listen.items : standard,
		.listen_count = o->listen.count ? o->listen.count : 1,
		.serve_drops = o->serve_drops,
		.otel = !strcmp(o->json_style, "otel"),
		.recent = o->recent,
		.max_series = o->max_series,
		.grace_ns = o->grace_ns,
		.begun = o->quiet ? NULL : "ready",
		.events = { .target = o->events,
			    .max_size = o->events_max_mib << 20,
			    .max_age_ns = o->events_max_age_ns,
			    .keep = o->events_keep },
	};
}

static int run(const void *option_values, int argc, char **argv)
{
	const struct agent_options *o = option_values;
	struct agent_config config;
	struct utsname host;
	int err;

	(void)argc;
	(void)argv;
	if (o->verbose)
		log_set_level(LOG_DEBUG);
	if (ways_check(&o->ways))
		return EXIT_USAGE;
	uname(&host);
	config = configure(o, &host);
	err = caps_reduce();
	if (!err)
		err = agent_run(&config);
	return exit_code(err);
}

const struct command command_agent = {
	.name = "agent",
	.args = "",
	.summary = "count losses all the time, for Prometheus",
	.description =
		"Runs until SIGTERM and serves by HTTP: /metrics (Prometheus' text format, or "
		"OpenMetrics for who accepts it), /healthz, /readyz (with the hooks that are "
		"missing, why, and what that loses) and /drops, the last losses as JSON lines, on "
		"Unix sockets or with --serve-drops.\n\n"
		"Losses are counted in the kernel, exactly. Details are sampled: per kind of loss "
		"--detail-rate per second, and the first of a kind always. None leave the kernel "
		"unless --events, --serve-drops or a Unix socket asks for them.\n\n"
		"SIGHUP opens the file of --events again by its name. A disk that is full or a "
		"reader that is gone costs events, which are counted.",
	.options = options,
	.options_size = sizeof(struct agent_options),
	.defaults = &defaults,
	.run = run,
};
