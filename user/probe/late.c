/* SPDX-License-Identifier: GPL-2.0-only */
/* Hooks in modules that are loaded while the others are attached, perhaps again. */
#include <errno.h>
#include <linux/types.h>
#include <string.h>

#include "base/log.h"
#include "kernel/layout.h"
#include "probe/loader_impl.h"

static bool is_in(size_t i, const char *module)
{
	return probes[i].module && !strcmp(probes[i].module, module);
}

/* Of all objects. What waits would be attached beside the hooks of when the module comes again, or in vain. */
static void drop_module(struct loader *l, const char *module)
{
	size_t kept = 0;

	for (size_t i = 0; i < probes_count; i++)
		if (is_in(i, module))
			object_drop(&l->base, i);
	for (size_t k = 0; k < l->late_count; k++) {
		struct late_object *late = &l->late[k];

		if (strcmp(late->module, module)) {
			l->late[kept++] = *late;
			continue;
		}
		l->missed_before += loader_missed_in(&late->object);
		object_close(&late->object);
	}
	l->late_count = kept;
}

void loader_module_gone(struct loader *l, const char *module)
{
	if (l->detached)
		return;
	drop_module(l, module);
	facts_forget_module(&l->facts, module);
	loader_choose(l);
	loader_tell_layout(l);
}

/* Which probes an object for that module has; the table's name of it, NULL if there are none. */
static const char *pick(const struct loader *l, struct object *o, const char *module)
{
	const char *name = NULL;

	for (size_t i = 0; i < probes_count; i++) {
		o->has[i] = l->choices[i].way >= 0 && is_in(i, module);
		if (o->has[i])
			name = probes[i].module;
	}
	return name;
}

int loader_module(struct loader *l, const char *module, const struct btf *btf)
{
	struct late_object *late;
	int err;

	if (l->detached)
		return 0;
	/* that it went before may not have been told */
	drop_module(l, module);
	facts_collect_module(&l->facts, module, btf);
	layout_collect(&l->layout, btf);
	loader_ask_symbols(l);
	loader_tell_layout(l);
	late = &l->late[l->late_count];
	memset(late, 0, sizeof(*late));
	late->module = pick(l, &late->object, module);
	if (!late->module)
		return 0;
	err = loader_add(l, &late->object, btf);
	if (err)
		return log_err(err, "module %s was loaded, but its hooks cannot be attached",
			       module);
	l->late_count++;
	return 0;
}
