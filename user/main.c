/* SPDX-License-Identifier: GPL-2.0-only */
/* The program: find the command, read its options, run it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/options.h"

/* What a command printed by itself is worth nothing if it did not arrive. */
static int flushed(int code)
{
	int err = fflush(stdout) ? errno : ferror(stdout) ? EIO : 0;

	if (!err || err == EPIPE) /* the reader has seen enough */
		return code;
	log_err(-err, "cannot write to standard output");
	return code ? code : EXIT_FAILED;
}

static int run(const struct command *c, int argc, char **argv)
{
	void *values = calloc(1, c->options_size + 1);
	int first = 0, err, code;

	if (!values)
		return EXIT_FAILED;
	err = options_parse(c, values, argc, argv, &first);
	if (err)
		code = err < 0 ? EXIT_USAGE : EXIT_DONE;
	else
		code = c->run(values, argc - first, argv + first);
	free(values);
	return code;
}

int main(int argc, char **argv)
{
	const struct command *c;

	/* a reader that goes away is an error of write(), not the end of the process */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		options_overview(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("whydrop " WHYDROP_VERSION);
		return EXIT_DONE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		options_overview(stdout);
		return EXIT_DONE;
	}
	c = command_find(argv[1]);
	if (!c) {
		log_err(0, "no command '%s'; 'whydrop --help' lists them", argv[1]);
		return EXIT_USAGE;
	}
	return flushed(run(c, argc - 1, argv + 1));
}
