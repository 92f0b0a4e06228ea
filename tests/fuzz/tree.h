/* SPDX-License-Identifier: GPL-2.0-only */
/* A directory that lasts as long as the fuzzer and in which every file holds the present input. */
#ifndef TREE_H
#define TREE_H

#include <stddef.h>

struct tree {
	int fd;		/* the directory */
	char path[32];	/* of it */
	char input[32]; /* of a file that holds the input */
	int input_fd;
};

/* Make it, with files of these paths, NULL behind the last; ends the program if that fails. */
void tree_make(struct tree *t, const char *const *paths);
void tree_fill(const struct tree *t, const void *data, size_t size);

#endif
