/* SPDX-License-Identifier: GPL-2.0-only */
/* What of the judged losses is wanted: by cause and by owner, the same for counts and events. */
#ifndef WANTED_H
#define WANTED_H

#include <stdbool.h>

#include "attribute/owner.h"

struct pod;

/* Any of these names; an empty list means any at all. */
struct wanted_list {
	const char *const *names;
	int count;
};

struct wanted {
	bool normal; /* also frees that are no losses */
	struct wanted_list causes;
	struct wanted_list pods;
	struct wanted_list namespaces; /* of Kubernetes */
	struct wanted_list containers;
	struct wanted_list labels; /* "key=value"; all of them, and of pods only */
};

/* Whether the list has the name; what has no name is in no list. */
bool wanted_lists(const struct wanted_list *list, const char *name);

/* A pod whose labels are not known may have them: it is wanted. */
bool wanted_owner(const struct wanted *w, const struct owner *o);

/* Whether a loss of this pod may be wanted, as far as its name is known yet; one of its containers may
 * come at any time. */
bool wanted_pod(const struct wanted *w, const struct pod *pod);
/* Whether any owner is not wanted. */
bool wanted_filters_owners(const struct wanted *w);

#endif
