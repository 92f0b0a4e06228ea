/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a line of text is broken. */
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/wrap.h"

#define WIDTH_MAX     100
#define WIDTH_DEFAULT 80

int wrap_width(FILE *to)
{
	struct winsize size;
	int width = WIDTH_DEFAULT;

	if (isatty(fileno(to)) && !ioctl(fileno(to), TIOCGWINSZ, &size) && size.ws_col >= 40)
		width = size.ws_col;
	return width > WIDTH_MAX ? WIDTH_MAX : width;
}

static int new_line(FILE *to, int indent)
{
	fputc('\n', to);
	fprintf(to, "%*s", indent, "");
	return indent;
}

void wrap_text(FILE *to, const char *text, int indent, int at, int width)
{
	int column = at;

	if (at < indent) {
		fprintf(to, "%*s", indent - at, "");
		column = indent;
	}
	while (*text) {
		int word = strcspn(text, " \n");

		if (column > indent && column + 1 + word > width)
			column = new_line(to, indent);
		else if (column > indent && word)
			column += fprintf(to, " ");
		column += fprintf(to, "%.*s", word, text);
		text += word;
		for (; *text == ' ' || *text == '\n'; text++)
			if (*text == '\n')
				column = new_line(to, indent);
	}
	fputc('\n', to);
}
