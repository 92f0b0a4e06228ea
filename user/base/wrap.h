/* SPDX-License-Identifier: GPL-2.0-only */
/* Text for people, broken into lines. */
#ifndef BASE_WRAP_H
#define BASE_WRAP_H

#include <stdio.h>

/* Width of the terminal behind `to`, 80 if it is none, at most 100. */
int wrap_width(FILE *to);

/* Print text in lines of at most `width` columns, each after `indent` spaces. A newline in the text
 * ends a line, an empty line a paragraph. The first line continues at column `at`. */
void wrap_text(FILE *to, const char *text, int indent, int at, int width);

#endif
