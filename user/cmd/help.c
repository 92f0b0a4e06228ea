/* SPDX-License-Identifier: GPL-2.0-only */
/* `whydrop help`: the help of a command, and the documents made from the same tables. */
#include <stddef.h>
#include <stdio.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "cmd/options.h"

struct help_options {
	bool man, completion;
};

static const struct help_options defaults = { 0 };

static const struct option_def options[] = {
	{ "man", 0, OPT_FLAG, offsetof(struct help_options, man), NULL, NULL,
	  "print the manual page, for man(1)" },
	{ "completion", 0, OPT_FLAG, offsetof(struct help_options, completion), NULL, NULL,
	  "print the completion, for bash" },
	{ 0 },
};

static int run(const void *option_values, int argc, char **argv)
{
	const struct help_options *o = option_values;
	const struct command *c;

	if (o->man) {
		options_man(stdout);
	} else if (o->completion) {
		options_completion(stdout);
	} else if (!argc) {
		options_overview(stdout);
	} else {
		c = command_find(argv[0]);
		if (!c) {
			log_err(0, "no command '%s'; 'whydrop --help' lists them", argv[0]);
			return EXIT_USAGE;
		}
		options_usage(c, stdout);
	}
	return EXIT_DONE;
}

const struct command command_help = {
	.name = "help",
	.args = "[COMMAND]",
	.summary = "print the help of a command, the manual page or the shell completion",
	.description = "Without COMMAND, lists all commands.",
	.options = options,
	.options_size = sizeof(struct help_options),
	.defaults = &defaults,
	.run = run,
};
