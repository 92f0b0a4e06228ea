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

/* Labels as in cri/sandboxes.h, or from a recording, where the last line may have no end. */
static bool has_label(const char *labels, const char *label)
{
	size_t len = strlen(label), line;

	for (; *labels; labels += line + (labels[line] != 0)) {
		line = strcspn(labels, "\n");
		if (line == len && !memcmp(labels, label, len))
			return true;
	}
	return false;
}

static bool wanted_labels(const struct wanted_list *list, const char *labels)
{
	for (int i = 0; i < list->count && labels; i++)
		if (!has_label(labels, list->names[i]))
			return false;
	return true;
}

bool wanted_owner(const struct wanted *w, const struct owner *o)
{
	return wanted_lists(&w->pods, o->pod) && wanted_lists(&w->namespaces, o->ns) &&
	       wanted_lists(&w->containers, o->container) && (o->uid || !w->labels.count) &&
	       wanted_labels(&w->labels, o->labels);
}

bool wanted_pod(const struct wanted *w, const struct pod *pod)
{
	if (!wanted_labels(&w->labels, pod->labels))
		return false;
	if (!pod->name)
		return true;
	return wanted_lists(&w->pods, pod->name) && wanted_lists(&w->namespaces, pod->ns);
}

bool wanted_filters_owners(const struct wanted *w)
{
	return w->pods.count || w->namespaces.count || w->containers.count || w->labels.count;
}
