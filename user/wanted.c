/* SPDX-License-Identifier: GPL-2.0-only */
/* How an owner is compared with what was asked for, also while its names are not all known. */
#include <stddef.h>
#include <string.h>

#include "attribute/pods.h"
#include "wanted.h"

bool wanted_lists(const struct wanted_list *list, const char *name)
{
	if (!list->count)
		return true;
	for (int i = 0; i < list->count && name; i++)
		if (!strcmp(list->names[i], name))
			return true;
	return false;
}

bool wanted_owner(const struct wanted *w, const struct owner *o)
{
	return wanted_lists(&w->pods, o->pod) && wanted_lists(&w->namespaces, o->ns) &&
	       wanted_lists(&w->containers, o->container);
}

bool wanted_pod(const struct wanted *w, const struct pod *pod)
{
	if (!pod->name)
		return true;
	return wanted_lists(&w->pods, pod->name) && wanted_lists(&w->namespaces, pod->ns);
}

bool wanted_filters_owners(const struct wanted *w)
{
	return w->pods.count || w->namespaces.count || w->containers.count;
}
