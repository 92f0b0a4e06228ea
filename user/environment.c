/* SPDX-License-Identifier: GPL-2.0-only */
/* How the named texts of a capture are kept. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "environment.h"

#define CUT "\n[cut here]\n"

int environment_add(struct environment *e, const char *name, const char *text, size_t len)
{
	size_t size = strnlen(text, len), kept = size;
	struct environment_item *grown, item;

	if (kept > ENVIRONMENT_TEXT)
		kept = ENVIRONMENT_TEXT - strlen(CUT);
	item.name = strdup(name);
	item.text = malloc(ENVIRONMENT_TEXT < size ? ENVIRONMENT_TEXT + 1 : size + 1);
	grown = realloc(e->items, (e->count + 1) * sizeof(*grown));
	if (grown)
		e->items = grown;
	if (!grown || !item.name || !item.text) {
		free(item.name);
		free(item.text);
		return -ENOMEM;
	}
	memcpy(item.text, text, kept);
	strcpy(item.text + kept, kept < size ? CUT : "");
	e->items[e->count++] = item;
	return 0;
}

const char *environment_get(const struct environment *e, const char *name)
{
	for (size_t i = 0; i < e->count; i++)
		if (!strcmp(e->items[i].name, name))
			return e->items[i].text;
	return "";
}

void environment_free(struct environment *e)
{
	for (size_t i = 0; i < e->count; i++) {
		free(e->items[i].name);
		free(e->items[i].text);
	}
	free(e->items);
	*e = (struct environment){ 0 };
}
