/* SPDX-License-Identifier: GPL-2.0-only */
/* Which file an address of a running process belongs to. */
#ifndef ATTRIBUTE_MAPPINGS_H
#define ATTRIBUTE_MAPPINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define MAPPINGS_NAME 64

/*
 * /proc/PID/maps of the process, if it is still the one of this name (comm, 16 bytes); NULL if it is gone. Free
 * with free(). proc_fd: of "/proc".
 */
char *mappings_read(int proc_fd, uint32_t pid, const char *comm);

/*
 * "libc.so.6+0x10e0b3": the file's last name and the offset in it; "[vdso]+0x5f0". False, and the address alone,
 * if it is in none of the mappings. out has MAPPINGS_NAME bytes.
 */
bool mappings_name(char *out, const char *maps, uint64_t addr);

#endif
