/* SPDX-License-Identifier: GPL-2.0-only */
/* The network connection that carries the tracer's own output, if there is one. */
#ifndef KERNEL_TERMINAL_H
#define KERNEL_TERMINAL_H

#include <stdbool.h>

#include <linux/types.h>

#include "knobs.h"

/*
 * Fill knobs->own_*: the TCP socket behind stdout or stderr, else the ssh connection this process or
 * one of its ancestors (sudo drops the variable) was started over. False if there is none.
 */
bool terminal_find(struct knobs *knobs);

/* The part that reads SSH_CONNECTION: "client-address client-port server-address server-port". */
bool terminal_parse(struct knobs *knobs, const char *ssh_connection);

#endif
