/* SPDX-License-Identifier: GPL-2.0-only */
/* Which process holds a socket: found by the inode of the socket's file, seldom, and remembered. */
#ifndef ATTRIBUTE_PROCESS_H
#define ATTRIBUTE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Only what was found with certainty: pid 0 means unknown. */
struct process {
	uint32_t pid;
	uint32_t holders; /* processes that have the socket open; 0: the one that made the call */
	char comm[16];	  /* of the first of them, not necessarily 0-terminated */
};

struct processes;

/* `root` is "/" or where the host's / is mounted. 0 or -errno. */
int processes_new(struct processes **out, const char *root);
void processes_free(struct processes *p);

/*
 * The process in this cgroup (v2 id) that has the socket with this inode open; out->pid is 0 if there
 * is none, or if it was not looked for: a few look-ups per second are made at most, each of bounded
 * cost. Times are CLOCK_MONOTONIC.
 */
void processes_find(struct processes *p, uint64_t cgroup, uint64_t inode, uint64_t now_ns,
		    struct process *out);

/*
 * One look-up: among the pids listed in `list`, by the files of proc_fd ("/proc"). 0; -ENOENT if none
 * holds it; -E2BIG if there was too much to look at.
 */
int process_scan(struct process *out, int proc_fd, FILE *list, uint64_t inode);

#endif
