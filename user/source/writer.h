/* SPDX-License-Identifier: GPL-2.0-only */
/* A recording's header and chunks on their way into a file. */
#ifndef SOURCE_WRITER_H
#define SOURCE_WRITER_H

#include "base/pack.h"
#include "source/recording.h"

struct writer {
	int fd;
	int error;	     /* -errno of the first failure: nothing is written any more */
	struct packer batch; /* the entries that wait */
	struct packer chunk; /* as they are written */
	size_t start;	     /* of the content of the entry in hand */
};

/* Write the header to fd, which stays the caller's. 0 or -errno. */
int writer_open(struct writer *w, int fd);
/* Between the two an entry's content is packed into w->batch; entries are not nested. */
void writer_begin(struct writer *w, enum recording_entry type);
void writer_end(struct writer *w);
/* Write all that waits as one chunk, or do so if it is enough for one. 0 or -errno. */
int writer_flush(struct writer *w);
int writer_flush_full(struct writer *w);
/* Frees what waits; flush before. */
void writer_close(struct writer *w);

#endif
