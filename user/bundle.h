/* SPDX-License-Identifier: GPL-2.0-only */
/* The files of a capture, all of them made from its recording. */
#ifndef BUNDLE_H
#define BUNDLE_H

#include "wanted.h"

#define BUNDLE_RECORDING "events.wd"

struct bundle {
	char *dir;     /* where the files are */
	char *archive; /* what becomes of them: FILE.tar.gz; NULL: they stay where they are */
	int fd;	       /* of the recording */
};

/*
 * Make the directory `path`, or for a path that ends in .tar.gz the directory path.partial, and the recording in
 * it, for its owner only. 0 or -errno after a message. bundle_close() also after an error.
 */
int bundle_open(struct bundle *b, const char *path);

/*
 * Replay the recording, which has been written, into the other files; `wanted` is what it was made with. Then
 * pack the archive and remove the directory. 0 or -errno after a message: the recording is left then.
 */
int bundle_finish(struct bundle *b, const struct wanted *wanted);
/* Remove what bundle_open() made: nothing was recorded. */
void bundle_discard(struct bundle *b);
void bundle_close(struct bundle *b);

#endif
