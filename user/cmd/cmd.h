/* SPDX-License-Identifier: GPL-2.0-only */
/* What a subcommand is; each lives in its own file and ends in one const struct command. */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_ALLOWED = 3, /* the kernel or the privileges do not allow it */
	EXIT_FINDINGS = 4,
};

/* What a command that failed with this error, or with 0, exits with. */
int exit_code(int err);

enum option_type {
	OPT_FLAG,     /* bool */
	OPT_COUNT,    /* int, incremented each time */
	OPT_STRING,   /* const char * */
	OPT_U64,      /* uint64_t */
	OPT_PORT,     /* uint16_t, 1..65535 */
	OPT_DURATION, /* uint64_t ns; argument like 500ms, 30s, 5m, 1h; a bare number is seconds */
	OPT_CHOICE,   /* const char *, one of .choices */
	OPT_LIST,     /* struct option_list: may be given several times, and with commas */
};

#define OPTION_LIST_MAX 16

struct option_list {
	const char *items[OPTION_LIST_MAX];
	int count;
};

struct option_def {
	const char *name; /* without the dashes */
	char letter;	  /* short form, 0: none */
	enum option_type type;
	size_t offset;	     /* of its value in the command's option struct */
	const char *arg;     /* what the argument is called in the help: "ADDR"; NULL for flags */
	const char *choices; /* OPT_CHOICE: "text|json" */
	const char *help;    /* one line */
};

struct command {
	const char *name;
	const char
		*args; /* what follows the options in the usage line: "[CAUSE]", "[-- CMD ARGS]" */
	const char *summary;		  /* one line */
	const char *description;	  /* paragraphs for --help and the man page */
	const struct option_def *options; /* ends with a row without a name */
	size_t options_size;		  /* of the option struct */
	const void *defaults;
	bool passes_command; /* arguments after -- are a command to run */
	/* argv holds what is left after the options. Returns an enum exit_code, or the status of CMD. */
	int (*run)(const void *options, int argc, char **argv);
};

/* All commands, NULL-terminated, in the order of the help. */
extern const struct command *const commands[];

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

#endif
