/* SPDX-License-Identifier: GPL-2.0-only */
/* `whydrop probes`: what can be attached on this machine, and what is lost where it cannot. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "agent/caps.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "cmd/ways.h"
#include "host.h"
#include "probe/loader.h"

struct probes_options {
	bool facts;
	bool cost;
	uint64_t duration_ns;
	struct option_list ways;
	int verbose;
};

static const struct probes_options defaults = { .duration_ns = 5000000000 };

static const struct option_def options[] = {
	{ "facts", 0, OPT_FLAG, offsetof(struct probes_options, facts), NULL, NULL,
	  "print what is known of this kernel's functions and tracepoints" },
	{ "cost", 0, OPT_FLAG, offsetof(struct probes_options, cost), NULL, NULL,
	  "stay attached for a while and print how often each hook ran, and how long" },
	{ "duration", 0, OPT_DURATION, offsetof(struct probes_options, duration_ns), "TIME", NULL,
	  "how long a while is with --cost: 5s unless given" },
	{ "attach", 0, OPT_LIST, offsetof(struct probes_options, ways), "HOW", NULL,
	  "attach only by tp_btf, raw_tp, fentry or kprobe; tracepoint: to no functions" },
	{ "verbose", 'v', OPT_COUNT, offsetof(struct probes_options, verbose), NULL, NULL,
	  "say what is tried and refused" },
	{ 0 },
};

static void print_probe(const struct probe *p, const struct choice *c, bool on_demand)
{
	char how[64];

	if (c->way >= 0)
		snprintf(how, sizeof(how), "%s:%s", attach_how_names[p->attach[c->way].how],
			 p->attach[c->way].target);
	else
		snprintf(how, sizeof(how), c->needless ? "not needed" : "missing");
	printf("%-16s %-26s %-24s %s\n", p->name, how, p->cost, p->help);
	if (c->why[0] && !c->needless)
		printf("%-16s   why: %s\n", "", c->why);
	if (on_demand)
		printf("%-16s   when: with the first loss that it can tell more of, or with "
		       "--hooks=always\n",
		       "");
	if (c->way < 0 && !c->needless)
		printf("%-16s   lost: %s\n", "", p->causes);
}

static void print_cap(void *arg, const char *name, const char *lost)
{
	(void)arg;
	printf("%-19s missing\n%-16s   lost: %s\n", name, "", lost);
}

static void print_all(const struct loader *l)
{
	printf("%-16s %-26s %-24s %s\n", "PROBE", "ATTACHED", "RUNS", "SEES");
	for (size_t i = 0; i < probes_count; i++)
		print_probe(&probes[i], loader_choice(l, i), loader_on_demand(l, i));
	caps_each_missing(print_cap, NULL);
}

static void print_cost(const char *name, struct run_cost c, double seconds)
{
	printf("%-18s %12llu %14.1f %10llu %12.3f\n", name, (unsigned long long)c.runs,
	       c.runs / seconds, (unsigned long long)(c.runs ? c.time_ns / c.runs : 0),
	       c.time_ns / seconds / 1e7);
}

/* Ends early on a signal that ends it. */
static int cost(const struct loader *l, uint64_t duration_ns)
{
	struct timespec wait = { duration_ns / 1000000000, duration_ns % 1000000000 };
	struct run_cost sum = {}, c;
	int stats = loader_count_runs();

	if (stats < 0)
		return stats;
	fprintf(stderr, "counting for %.1f s\n", duration_ns / 1e9);
	nanosleep(&wait, NULL);
	close(stats);
	printf("%-18s %12s %14s %10s %12s\n", "PROBE", "RUNS", "RUNS/s", "ns/RUN", "% OF A CPU");
	for (size_t i = 0; i < probes_count; i++) {
		if (loader_choice(l, i)->way < 0)
			continue;
		c = loader_run_cost(l, i);
		sum.runs += c.runs;
		sum.time_ns += c.time_ns;
		print_cost(probes[i].name, c, duration_ns / 1e9);
	}
	print_cost("all", sum, duration_ns / 1e9);
	return 0;
}

static int run(const void *option_values, int argc, char **argv)
{
	const struct probes_options *o = option_values;
	struct loader_config config = { .allowed = ways_mask(&o->ways),
					.rules = RULES_CHEAP,
					.always = true };
	struct live_host *host = NULL;
	struct loader *loader = NULL;
	int err;

	(void)argc;
	(void)argv;
	if (ways_check(&o->ways))
		return EXIT_USAGE;
	if (o->verbose)
		log_set_level(LOG_DEBUG);
	err = host_open(&host, "/");
	if (!err) {
		config.btf = host_btf(host);
		err = loader_new(&loader, &config);
	}
	if (!err)
		err = loader_load(loader, host_symbols(host));
	if (!err && o->facts) {
		facts_print(loader_facts(loader), stdout);
	} else if (!err && o->cost) {
		err = cost(loader, o->duration_ns);
	} else if (!err) {
		print_all(loader);
	}
	loader_free(loader);
	host_close(host);
	if (!err)
		return EXIT_DONE;
	return err == -EPERM || err == -EACCES || err == -ENOTSUP ? EXIT_NOT_ALLOWED : EXIT_FAILED;
}

const struct command command_probes = {
	.name = "probes",
	.args = "",
	.summary = "list every hook: how it is attached here, or why not and what that loses",
	.description =
		"Loads and attaches all probes for a moment and prints, for each, the way it "
		"was attached on this machine, when it runs, and what it sees. For a probe that "
		"could not be attached, or not in the best way, the reason and the causes that "
		"are not told apart without it; for a capability that is missing, what that loses. "
		"Hooks that trace attaches with the first loss that needs them are marked. With "
		"--cost all stay attached for some seconds, and what the kernel counted is printed: "
		"how often each hook ran, and how long. Nothing is recorded meanwhile.",
	.options = options,
	.options_size = sizeof(struct probes_options),
	.defaults = &defaults,
	.run = run,
};
