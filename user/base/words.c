/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a word ends. */
#include <string.h>

#include "base/words.h"

const char *words_next(const char **list, size_t *size)
{
	const char *word;

	if (!*list)
		return NULL;
	word = *list + strspn(*list, " ");
	*size = strcspn(word, " ");
	*list = word + *size;
	return *size ? word : NULL;
}

bool words_have(const char *list, const char *word, size_t size)
{
	const char *next;
	size_t n;

	while ((next = words_next(&list, &n)))
		if (n == size && !memcmp(next, word, n))
			return true;
	return false;
}
