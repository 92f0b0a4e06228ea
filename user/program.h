/* SPDX-License-Identifier: GPL-2.0-only */
/* What another program prints, asked for in passing. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stddef.h>
#include <sys/types.h>

/*
 * The beginning of the standard output of argv[0], looked for in PATH and the system's directories. It is ended
 * after a second, or when it has printed `size` bytes. Returns the number of bytes, or -errno; nobody is told of
 * a program that is not there or fails.
 */
ssize_t program_read(char *out, size_t size, const char *const argv[]);

#endif
