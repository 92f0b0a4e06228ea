/* SPDX-License-Identifier: GPL-2.0-only */
/* `whydrop replay`: the losses of a recording, shown anywhere as they were where they happened. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "cmd/trace_options.h"
#include "sink/sink.h"
#include "source/replay.h"

struct options {
	const char *output;
	uint64_t count;
	struct option_list causes, pods, namespaces, containers, labels;
	bool all, stack, numeric;
	int quiet;
};

static const struct options defaults = { .output = "text" };

#define AT(member) offsetof(struct options, member)

static const struct option_def option_defs[] = {
	{ "output", 'o', OPT_CHOICE, AT(output), "FORMAT", "text|json|pcapng|folded|svg|report|key",
	  "how losses are shown; report is for a mail, folded for flame graphs, svg is one" },
	{ "count", 'c', OPT_U64, AT(count), "N", NULL, "stop after N losses" },
	{ "cause", 0, OPT_LIST, AT(causes), "NAME", NULL,
	  "only this cause (see 'whydrop explain')" },
	{ "pod", 0, OPT_LIST, AT(pods), "NAME", NULL, "only losses of this pod" },
	{ "namespace", 0, OPT_LIST, AT(namespaces), "NAME", NULL,
	  "only losses in this Kubernetes namespace" },
	{ "container", 0, OPT_LIST, AT(containers), "NAME", NULL,
	  "only losses of containers of this name" },
	{ "label", 0, OPT_LIST, AT(labels), "KEY=VALUE", NULL,
	  "only losses of pods with this label; given more than once: with all" },
	{ "all", 0, OPT_FLAG, AT(all), NULL, NULL,
	  "also show the frees that are no losses, if they were recorded" },
	{ "stack", 0, OPT_FLAG, AT(stack), NULL, NULL,
	  "with the kernel stacks that were recorded; JSON has them anyway" },
	{ "numeric", 'n', OPT_FLAG, AT(numeric), NULL, NULL,
	  "numbers instead of the names of pods, units and namespaces" },
	{ "quiet", 'q', OPT_COUNT, AT(quiet), NULL, NULL, "no summary at the end" },
	{ 0 },
};

static void configure(struct pipeline *p, struct sink *s, const struct options *o, struct replay *r)
{
	const char *no_color = getenv("NO_COLOR");
	bool terminal = isatty(STDOUT_FILENO);

	replay_host(r)->numeric = o->numeric;
	*s = (struct sink){
		.ops = sink_find(o->output),
		.config = {
			.fd = STDOUT_FILENO,
			.color = terminal && !(no_color && *no_color),
			.fold = terminal,
			.stack = o->stack,
			.host = replay_host(r),
			.environment = replay_environment(r),
		},
	};
	*p = (struct pipeline){
		.host = replay_host(r),
		.sink = s,
		.limit = o->count,
		.wanted = {
			.normal = o->all,
			.causes = { o->causes.items, o->causes.count },
			.pods = { o->pods.items, o->pods.count },
			.namespaces = { o->namespaces.items, o->namespaces.count },
			.containers = { o->containers.items, o->containers.count },
			.labels = { o->labels.items, o->labels.count },
		},
	};
}

/* A recording that is damaged has been shown up to there; its summary is of that. */
static int show(struct replay *r, struct pipeline *p, const struct options *o)
{
	struct summary s = { 0 };
	int err = p->sink->ops->open(p->sink), ended;

	if (!err)
		err = replay_run(r, p);
	if (err == -EPIPE || err == -ENOMEM)
		return err;
	ended = replay_summary(r, p, &s);
	if (!ended)
		ended = sink_end(p->sink, &s);
	if (!ended && !o->quiet)
		summary_print(stderr, &s, p->host);
	free(s.rows);
	return err < 0 ? err : ended;
}

static int run(const void *option_values, int argc, char **argv)
{
	const struct options *o = option_values;
	struct pipeline p = { 0 };
	struct sink sink = { 0 };
	struct replay *r = NULL;
	int err;

	if (argc != 1) {
		log_err(0, "replay: give one recording; see 'whydrop replay --help'");
		return EXIT_USAGE;
	}
	if (causes_check(&o->causes) || labels_check(&o->labels))
		return EXIT_USAGE;
	if (replay_open(&r, argv[0]))
		return EXIT_FAILED;
	configure(&p, &sink, o, r);
	err = verdicts_new(&p.verdicts, p.host, NULL);
	if (!err)
		err = show(r, &p, o);
	if (sink.state)
		sink.ops->close(&sink);
	verdicts_free(p.verdicts);
	replay_close(r);
	return exit_code(err);
}

const struct command command_replay = {
	.name = "replay",
	.args = "FILE",
	.summary = "show the losses of a recording again, on any machine",
	.description =
		"Reads what 'whydrop trace --write' or 'whydrop capture' recorded (events.wd in a "
		"capture; - for standard input) and shows it as 'trace' would have, with the names of "
		"the kernel and of the pods it was recorded with. Needs no privileges.\n\n"
		"Filters narrow what was recorded. The summary at the end tells the exact counts of "
		"the recorded run as far as they pass the filters.\n\n"
		"A recording that was cut off or is damaged is shown up to that place; the exit "
		"status is 1 then, and the message names the byte.",
	.options = option_defs,
	.options_size = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
