/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of commands, in the order of the help. */
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/commands.h"

const struct command *const commands[] = {
	&command_trace,	  &command_agent,  &command_audit,     &command_capture, &command_replay,
	&command_explain, &command_probes, &command_conntrack, &command_help,	 NULL,
};

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}
