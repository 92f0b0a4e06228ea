/* SPDX-License-Identifier: GPL-2.0-only */
/* One look at the counters of a network namespace, from within. */
#ifndef AUDIT_READER_H
#define AUDIT_READER_H

#include "audit/counters.h"

struct reader {
	int home;   /* the namespace of this process */
	char *text; /* room for a file of /proc */
	size_t size;
};

/* 0 or -errno. reader_close() also after an error. */
int reader_open(struct reader *r);
void reader_close(struct reader *r);

/*
 * All counters of the open namespace: this thread enters it for a moment and comes back. *cookie tells the
 * namespace from others that have had its inode, 0 where the kernel gives none (before 5.14). Needs
 * CAP_SYS_ADMIN. 0 or -errno; what cannot be read is not among out->known.
 */
int reader_read(struct reader *r, int netns_fd, struct readings *out, uint64_t *cookie);

/* Those of the whole machine. */
void reader_machine(struct reader *r, struct readings *out);

#endif
