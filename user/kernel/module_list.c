/* SPDX-License-Identifier: GPL-2.0-only */
/* How a line of /proc/modules reads: "veth 45056 0 - Live 0xffffffffc0650000". */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/module_list.h"

static bool parse(struct module_range *m, const char *line)
{
	return sscanf(line, "%55s %" SCNu64 " %*s %*s %*s %" SCNx64, m->name, &m->size,
		      &m->start) == 3 &&
	       m->start;
}

static bool add(struct module_list *list, const struct module_range *m)
{
	struct module_range *grown =
		realloc(list->modules, (list->count + 1) * sizeof(*list->modules));

	if (!grown)
		return false;
	list->modules = grown;
	list->modules[list->count++] = *m;
	return true;
}

void module_list_read(struct module_list *list, const char *path)
{
	struct module_range m;
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	list->modules = NULL;
	list->count = 0;
	if (!f)
		return;
	while (getline(&line, &size, f) > 0)
		if (parse(&m, line) && !add(list, &m))
			break;
	free(line);
	fclose(f);
}

void module_list_free(struct module_list *list)
{
	free(list->modules);
	list->modules = NULL;
	list->count = 0;
}

const struct module_range *module_list_find(const struct module_list *list, const char *name,
					    size_t len)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strncmp(list->modules[i].name, name, len) && !list->modules[i].name[len])
			return &list->modules[i];
	return NULL;
}
