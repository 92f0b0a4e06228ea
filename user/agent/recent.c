// SPDX-License-Identifier: GPL-2.0-only
/* A ring of lines: the newest takes the place of the oldest. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/recent.h"

struct line {
	char *text;
	size_t size;
};

struct recent {
	size_t max, next; /* the place of the oldest, once all are taken */
	struct line lines[];
};

int recent_new(struct recent **out, size_t max)
{
	struct recent *r;

	if (max > (size_t)-1 / sizeof(struct line) / 2)
		return -ENOMEM;
	r = calloc(1, sizeof(*r) + max * sizeof(struct line));
	if (!r)
		return -ENOMEM;
	r->max = max;
	*out = r;
	return 0;
}

void recent_free(struct recent *r)
{
	for (size_t i = 0; r && i < r->max; i++)
		free(r->lines[i].text);
	free(r);
}

void recent_add(struct recent *r, const char *lines, size_t size)
{
	const char *end, *from = lines;

	for (; (end = memchr(from, '\n', lines + size - from)); from = end + 1) {
		struct line *l = &r->lines[r->next];
		size_t len = end + 1 - from;
		char *text = malloc(len);

		if (!text)
			continue;
		free(l->text);
		*l = (struct line){ memcpy(text, from, len), len };
		r->next = (r->next + 1) % r->max;
	}
}

char *recent_text(const struct recent *r, size_t *size)
{
	size_t total = 0;
	char *text;

	for (size_t i = 0; i < r->max; i++)
		total += r->lines[i].size;
	text = malloc(total + 1);
	*size = 0;
	for (size_t i = 0; text && i < r->max; i++) {
		const struct line *l = &r->lines[(r->next + i) % r->max];

		if (l->size)
			memcpy(text + *size, l->text, l->size);
		*size += l->size;
	}
	return text;
}
