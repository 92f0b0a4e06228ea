/* SPDX-License-Identifier: GPL-2.0-only */
/* `whydrop probes`: what can be attached on this machine, and what is lost where it cannot. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "cmd/ways.h"
#include "host.h"
#include "probe/loader.h"

struct probes_options {
	bool facts;
	struct option_list ways;
	int verbose;
};

static const struct probes_options defaults = { 0 };

static const struct option_def options[] = {
	{ "facts", 0, OPT_FLAG, offsetof(struct probes_options, facts), NULL, NULL,
	  "print what is known of this kernel's functions and tracepoints" },
	{ "attach", 0, OPT_LIST, offsetof(struct probes_options, ways), "HOW", NULL,
	  "attach only by tp_btf, raw_tp, fentry or kprobe" },
	{ "verbose", 'v', OPT_COUNT, offsetof(struct probes_options, verbose), NULL, NULL,
	  "say what is tried and refused" },
	{ 0 },
};

static void print_probe(const struct probe *p, const struct choice *c)
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
	if (c->way < 0 && !c->needless)
		printf("%-16s   lost: %s\n", "", p->causes);
}

static int run(const void *option_values, int argc, char **argv)
{
	const struct probes_options *o = option_values;
	struct loader_config config = { .allowed = ways_mask(&o->ways) };
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
		config.btf = host->btf;
		config.ksyms = host->ksyms;
		err = loader_new(&loader, &config);
	}
	if (!err && o->facts) {
		facts_print(loader_facts(loader), stdout);
	} else if (!err) {
		printf("%-16s %-26s %-24s %s\n", "PROBE", "ATTACHED", "RUNS", "SEES");
		for (size_t i = 0; i < probes_count; i++)
			print_probe(&probes[i], loader_choice(loader, i));
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
		"are not told apart without it.",
	.options = options,
	.options_size = sizeof(struct probes_options),
	.defaults = &defaults,
	.run = run,
};
