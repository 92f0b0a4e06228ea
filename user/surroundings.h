/* SPDX-License-Identifier: GPL-2.0-only */
/* Of which network namespaces the settings bear on what was lost, and how they are called in a capture. */
#ifndef SURROUNDINGS_H
#define SURROUNDINGS_H

#include <stddef.h>
#include <stdint.h>

#include "environment.h"

#define SURROUNDINGS_MAX  4 /* namespaces of one capture: those that lost most */
#define SURROUNDINGS_NAME 64

struct host;
struct summary;

/*
 * Add sysctls, rules, routes and queues of the namespaces in which shown losses happened, and of the sockets that
 * lost, but for this process's own. One that is gone is left out. 0 or -errno.
 */
int surroundings_describe(struct environment *e, const struct summary *s, const struct host *h,
			  const char *root);

/* The name in the environment of what is called `name` on the node: "netns-4026532000/nft". */
void surroundings_name(char out[SURROUNDINGS_NAME], uint32_t netns, const char *name);

#endif
