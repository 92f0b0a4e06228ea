/* SPDX-License-Identifier: GPL-2.0-only */
/* How CO-RE finds the kernel's type for one of ours, and what else of it it looks at. */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "kernel/core_types.h"

#define MODULES "/sys/kernel/btf"

struct cut {
	struct intern asked; /* names of types that are looked for */
	struct intern found; /* in the kernel itself: modules are not asked for these */
	struct btf *out;
	__u32 *ids; /* in `out`, by the id where they come from; 0: not taken yet */
	int err;
};

/* `struct sock___old` is fitted to the kernel's struct sock (bpf_core_essential_name_len of libbpf). */
static size_t essential_len(const char *name)
{
	const char *flavour = strstr(name, "___");

	return flavour && flavour != name ? (size_t)(flavour - name) : strlen(name);
}

static bool has_own_name(const struct btf_type *t)
{
	return t->name_off && (btf_is_composite(t) || btf_is_any_enum(t) || btf_is_typedef(t));
}

static void ask(struct cut *c, const struct btf *own)
{
	for (__u32 id = 1; id < btf__type_cnt(own); id++) {
		const struct btf_type *t = btf__type_by_id(own, id);
		const char *name = btf__name_by_offset(own, t->name_off);

		if (has_own_name(t) && !intern_add(&c->asked, name, essential_len(name)))
			c->err = -ENOMEM;
	}
}

static __u32 take(struct cut *c, const struct btf *from, __u32 id);

/* Where a type refers to the i-th other one; NULL: to no more. */
static __u32 *part(struct btf *btf, __u32 id, int i)
{
	struct btf_type *t = (struct btf_type *)btf__type_by_id(btf, id);

	if (btf_is_composite(t))
		return i < btf_vlen(t) ? &btf_members(t)[i].type : NULL;
	if (btf_is_array(t))
		return i == 0 ? &btf_array(t)->type : i == 1 ? &btf_array(t)->index_type : NULL;
	if (btf_is_mod(t) || btf_is_typedef(t) || btf_is_type_tag(t) || btf_is_ptr(t))
		return i == 0 ? &t->type : NULL;
	return NULL;
}

/* What a pointer leads to is looked at under its own name: here it leads nowhere. The parts are asked for anew
 * each time, since what is added moves what is there. */
static void take_parts(struct cut *c, const struct btf *from, __u32 id)
{
	__u32 *at, taken;

	for (int i = 0; (at = part(c->out, id, i)); i++) {
		taken = btf_is_ptr(btf__type_by_id(c->out, id)) ? 0 : take(c, from, *at);
		*part(c->out, id, i) = taken;
	}
}

/* The id in the cut; 0 for void, and for functions, which no value is. */
static __u32 take(struct cut *c, const struct btf *from, __u32 id)
{
	const struct btf_type *t = btf__type_by_id(from, id);
	int taken;

	if (!id || !t || btf_is_func_proto(t) || c->err)
		return 0;
	if (c->ids[id])
		return c->ids[id];
	taken = btf__add_type(c->out, from, t);
	if (taken < 0) {
		c->err = taken;
		return 0;
	}
	c->ids[id] = taken;
	take_parts(c, from, taken);
	return taken;
}

/* Of the types from `first` on, where a module's own begin. What the kernel has is not looked for in modules, as
 * libbpf does it. */
static void take_types(struct cut *c, const struct btf *from, __u32 first)
{
	for (__u32 id = first; id < btf__type_cnt(from) && !c->err; id++) {
		const struct btf_type *t = btf__type_by_id(from, id);
		const char *name = btf__name_by_offset(from, t->name_off);
		size_t len = has_own_name(t) ? essential_len(name) : 0;

		if (!len || !intern_find(&c->asked, name, len))
			continue;
		if (first == 1 && !intern_add(&c->found, name, len))
			c->err = -ENOMEM;
		else if (first == 1 || !intern_find(&c->found, name, len))
			take(c, from, id);
	}
}

/* Modules count their own types from the same id on: what was noted of one is forgotten for the next. */
static int make_room(struct cut *c, __u32 kept, __u32 count)
{
	__u32 *grown = realloc(c->ids, count * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	c->ids = grown;
	memset(grown + kept, 0, (count - kept) * sizeof(*grown));
	return 0;
}

static void take_module(struct cut *c, const struct btf *kernel, const char *name)
{
	char path[sizeof(MODULES) + NAME_MAX + 1];
	__u32 first = btf__type_cnt(kernel);
	struct btf *module;

	snprintf(path, sizeof(path), MODULES "/%s", name);
	module = btf__parse_split(path, (struct btf *)kernel);
	if (!module) /* it may just have been unloaded */
		return;
	c->err = make_room(c, first, btf__type_cnt(module));
	if (!c->err)
		take_types(c, module, first);
	btf__free(module);
}

/* Each module's file; vmlinux is the kernel itself. */
static void take_modules(struct cut *c, const struct btf *kernel)
{
	DIR *dir = opendir(MODULES);
	struct dirent *e;

	while (dir && !c->err && (e = readdir(dir)))
		if (e->d_name[0] != '.' && strcmp(e->d_name, "vmlinux"))
			take_module(c, kernel, e->d_name);
	if (dir)
		closedir(dir);
}

static int write_out(int fd, const struct btf *btf)
{
	__u32 size, done = 0;
	const char *data = btf__raw_data(btf, &size);
	ssize_t n = 1;

	if (!data)
		return -ENOMEM;
	while (done < size && (n = write(fd, data + done, size - done)) > 0)
		done += n;
	return n > 0 ? 0 : -errno;
}

int core_types(int fd, const struct btf *own, const struct btf *kernel)
{
	struct cut c = { .out = btf__new_empty() };
	int err;

	intern_init(&c.asked);
	intern_init(&c.found);
	c.err = c.out ? make_room(&c, 0, btf__type_cnt(kernel)) : -ENOMEM;
	ask(&c, own);
	if (!c.err)
		take_types(&c, kernel, 1);
	if (!c.err && c.found.count < c.asked.count)
		take_modules(&c, kernel);
	err = c.err ? c.err : write_out(fd, c.out);
	intern_free(&c.asked);
	intern_free(&c.found);
	btf__free(c.out);
	free(c.ids);
	return err;
}
