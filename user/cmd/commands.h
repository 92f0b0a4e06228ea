/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands by address: what each file of this folder ends in. */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "cmd/cmd.h"

extern const struct command command_trace;
extern const struct command command_agent;
extern const struct command command_explain;
extern const struct command command_probes;
extern const struct command command_conntrack;
extern const struct command command_audit;
extern const struct command command_replay;
extern const struct command command_capture;
extern const struct command command_help;

#endif
