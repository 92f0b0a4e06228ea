/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells when kernel modules are loaded, so that probes can follow. */
#ifndef KERNEL_MODULES_H
#define KERNEL_MODULES_H

/* A descriptor that becomes readable when something was loaded, or -errno. Close it with close(). */
int modules_open(void);

/* Call fn for each module that was loaded since the last call. Does not wait. */
void modules_read(int fd, void (*fn)(void *arg, const char *module), void *arg);

#endif
