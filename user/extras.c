/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose the stack of the running task is, and how its frames are named while it lives. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute/mappings.h"
#include "base/hash.h"
#include "extras.h"
#include "kernel/dump.h"
#include "kernel/ksyms.h"

struct extras {
	struct dump *dump;
	struct intern names;
	int proc_fd;
	struct extra found;
};

int extras_new(struct extras **out, const char *root, struct dump *dump)
{
	struct extras *e = calloc(1, sizeof(*e));
	char path[PATH_MAX];

	if (!e)
		return -ENOMEM;
	e->dump = dump;
	intern_init(&e->names);
	snprintf(path, sizeof(path), "%s/proc", root);
	e->proc_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*out = e;
	return 0;
}

void extras_free(struct extras *e)
{
	if (!e)
		return;
	dump_free(e->dump);
	intern_free(&e->names);
	if (e->proc_fd >= 0)
		close(e->proc_fd);
	free(e);
}

static bool is_any_of(const char *name, const char *const *words)
{
	for (; *words; words++)
		if (!strncmp(name, *words, strlen(*words)))
			return true;
	return false;
}

/*
 * Whether the task was in a system call, and nothing that interrupts it was at work: arch/x86/entry/entry_64.S and
 * kernel/softirq.c. A stack that was cut off does not show where it began, and proves nothing.
 */
static bool is_in_call(const struct event *ev, const struct host *h)
{
	static const char *const calls[] = { "entry_SYSCALL_64", "entry_SYSENTER_compat",
					     "entry_SYSCALL_compat", "el0_svc", NULL };
	static const char *const interrupts[] = {
		"__do_softirq",
		"handle_softirqs",
		"do_softirq",
		"irq_exit",
		"__irq_exit",
		"common_interrupt",
		"asm_common_interrupt",
		"sysvec_",
		"asm_sysvec_",
		"exc_",
		"asm_exc_",
		"__softirqentry",
		"run_ksoftirqd",
		NULL,
	};
	bool called = false;
	struct ksym sym;

	for (int i = 0; i < ev->stack_size; i++) {
		if (!h->ksyms || !ksyms_find(h->ksyms, ev->stack[i] - 1, &sym))
			continue;
		if (is_any_of(sym.name, interrupts))
			return false;
		called = is_any_of(sym.name, calls);
	}
	return called;
}

static void name_frames(struct extras *e, const struct event_more *m)
{
	char *maps = mappings_read(e->proc_fd, m->pid, m->comm), name[MAPPINGS_NAME];

	/* where a frame has no frame pointer, the walk ends at any number, often 0 */
	for (int i = 0; i < m->user_frames && m->user_stack[i]; i++) {
		mappings_name(name, maps, m->user_stack[i]);
		e->found.frames[i] = intern_add(&e->names, name, strlen(name));
		if (!e->found.frames[i])
			break;
		e->found.frame_count++;
	}
	free(maps);
}

const struct extra *extras_find(struct extras *e, const struct drop *d, const struct host *h)
{
	const struct event_more *m = d->more;
	struct extra *x = &e->found;

	memset(x, 0, sizeof(*x));
	if (e->dump)
		x->value_count = dump_read(e->dump, m, x->values);
	if (m->user_frames && (d->ev->key.kind == EV_CALL || is_in_call(d->ev, h)))
		name_frames(e, m);
	if (m->snap_size > d->ev->snap_size) {
		x->snap = m->snap;
		x->snap_size = m->snap_size;
	}
	return x;
}
