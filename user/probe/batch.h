/* SPDX-License-Identifier: GPL-2.0-only */
/* All of a hash map in few system calls. */
#ifndef PROBE_BATCH_H
#define PROBE_BATCH_H

#include <stddef.h>

/*
 * Call `each` for every element, by BPF_MAP_LOOKUP_BATCH (hashes have it from 5.6 on). value_size is that of all
 * CPUs together. What is added or deleted meanwhile may be missing. 0 or -errno.
 */
int batch_each(int map_fd, size_t key_size, size_t value_size,
	       void (*each)(void *arg, const void *key, const void *value), void *arg);

#endif
