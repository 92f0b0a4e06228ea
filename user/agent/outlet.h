/* SPDX-License-Identifier: GPL-2.0-only */
/* Where lines leave the agent: a file that is rotated, a Unix socket, standard output, systemd's journal. Never
 * waits, and what cannot be written is counted. */
#ifndef AGENT_OUTLET_H
#define AGENT_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outlet;

struct outlet_config {
	const char *target; /* FILE, "unix:PATH" (a stream socket that somebody listens at), "-", or
			    * "journald[:PATH]" (its datagram socket) */
	uint64_t max_size;  /* bytes of a file, then it is rotated */
	uint64_t max_age_ns; /* likewise, since it was opened; 0: of any age */
	uint64_t keep;	     /* rotated files: FILE.1 is the newest */
};

/* The strings stay the caller's. 0, or -errno after a message: the file cannot be opened. A socket that nobody
 * listens at yet is no error. Free with outlet_free, which takes NULL. */
int outlet_new(struct outlet **out, const struct outlet_config *config, uint64_t now_ns);
void outlet_free(struct outlet *o);

/* Whether that is systemd's journal: then outlet_write() takes one entry each time, in its native protocol. */
bool outlet_is_journal(const char *target);

/* Whole lines; times are CLOCK_MONOTONIC. */
void outlet_write(struct outlet *o, const char *lines, size_t size, uint64_t now_ns);

/* At least every second or so: age, and whether somebody listens again. */
void outlet_tick(struct outlet *o, uint64_t now_ns);

/* The file may have been renamed by somebody else: open it by its name again. */
void outlet_reopen(struct outlet *o, uint64_t now_ns);

uint64_t outlet_written(const struct outlet *o); /* lines or entries */
uint64_t outlet_lost(const struct outlet *o);

#endif
