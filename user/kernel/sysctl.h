/* SPDX-License-Identifier: GPL-2.0-only */
/* Limits that live in /proc/sys, read once into struct host. */
#ifndef KERNEL_SYSCTL_H
#define KERNEL_SYSCTL_H

#include "host.h"

/* Fill the limits and the inode of the host's network namespace from the files below `root` ("/" or a
 * directory where the host's / is mounted). What cannot be read stays 0. */
void sysctl_read(struct host *h, const char *root);

#endif
