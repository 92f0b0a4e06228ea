/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether the kernel is locked down against the reading of its memory. */
#ifndef KERNEL_LOCKDOWN_H
#define KERNEL_LOCKDOWN_H

#include <stdbool.h>

/* False also where it cannot be told: the file is in securityfs, which may not be mounted. */
bool lockdown_hides_memory(const char *path);

#endif
