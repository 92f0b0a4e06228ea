/* SPDX-License-Identifier: GPL-2.0-only */
/* A directory as a compressed archive. */
#ifndef TAR_H
#define TAR_H

/*
 * Write the files of `dir`, and of the directories in it, into the new file `path` as POSIX ustar (IEEE Std
 * 1003.1, pax) in gzip. Their names begin with that of the archive without its endings. 0 or -errno; what was
 * written is removed then.
 */
int tar_directory(const char *path, const char *dir);

#endif
