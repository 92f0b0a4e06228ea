/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells when kernel modules are loaded and unloaded, so that probes can follow. */
#ifndef KERNEL_MODULES_H
#define KERNEL_MODULES_H

#include <stdbool.h>

/* A descriptor that becomes readable when something was loaded or unloaded, or -errno. Close it with close(). */
int modules_open(void);

/* Call fn for each module that was loaded or unloaded since the last call, in that order. Does not wait. */
void modules_read(int fd, void (*fn)(void *arg, const char *module, bool loaded), void *arg);

#endif
