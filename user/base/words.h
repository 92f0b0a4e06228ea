/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists that the tables hold as one text: words separated by spaces. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the `size` bytes at `word` are one of the words of list; NULL is a list without words. */
bool words_have(const char *list, const char *word, size_t size);

/* The first word of list, its length in *size, and list behind it; NULL when there is none. */
const char *words_next(const char **list, size_t *size);

#endif
