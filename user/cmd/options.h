/* SPDX-License-Identifier: GPL-2.0-only */
/* Option rows turned into parsing, usage text, man page and shell completion. */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stdio.h>

#include "cmd/cmd.h"

/*
 * Parse argv[1..] of command c into `out` (c->options_size bytes, filled with the defaults first).
 * *first is the index of the first argument that is not an option. Returns 0, -EINVAL after a
 * message on stderr that says what was wrong and what is accepted, or 1 when --help was printed.
 */
int options_parse(const struct command *c, void *out, int argc, char **argv, int *first);

/* Parse "500ms", "30s", "5m", "1h", "10" (seconds) into ns. Returns 0 or -EINVAL. */
int options_duration(const char *text, uint64_t *ns);

void options_usage(const struct command *c, FILE *to);
void options_overview(FILE *to);   /* all commands, one line each */
void options_man(FILE *to);	   /* the whole man page, man(7) */
void options_completion(FILE *to); /* bash completion */

#endif
