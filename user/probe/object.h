/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs that are loaded together: which of the table's they are, how they attach, what they share. */
#ifndef PROBE_OBJECT_H
#define PROBE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

#include "kfeat.h"
#include "knobs.h"
#include "probe/choose.h"

#define OBJECT_PROBES_MAX 96

struct bpf_link;
struct btf;
struct whydrop_bpf;

struct object {
	struct whydrop_bpf *skel;
	bool has[OBJECT_PROBES_MAX];		      /* by index in probes */
	struct bpf_link *links[OBJECT_PROBES_MAX][2]; /* [1]: of the program at the entry */
};

struct bpf_program;

/* The program of probes[i] that attaches this way, NULL if there is none. */
struct bpf_program *object_program(const struct object *o, size_t i, enum attach_how how);

/* Read the programs. `types` is the descriptor of what they are fitted to, which may still be empty, or negative:
 * all types of the kernel; kf tells the ids of the kernel's that kfunc.h asks for. 0 or -errno. */
int object_open(struct object *o, int types, const struct kfeat *kf);
/* See core_types(). */
int object_types(const struct object *o, const struct btf *kernel, int fd);
/* Let libbpf read the kernel's types, which object_load() would do else. */
void object_prepare(struct object *o);

/*
 * Switch the programs of o->has on, as the choices say. The maps are those of `share`, or
 * new ones if that is NULL. 0 or -errno; object_load gives -EMFILE, and tries nothing, if this process may not
 * have as many descriptors as that takes (RLIMIT_NOFILE).
 */
int object_choose(struct object *o, const struct choice *choices, const struct kfeat *kf,
		  const struct knobs *knobs, const struct object *share);
int object_load(struct object *o);
/* Attach what is not yet, but for probes[i] with waits[i]. 0, or 1 + the index of the probe that could not be
 * attached, with errno set. */
int object_attach(struct object *o, const struct choice *choices, const bool *waits);
void object_detach(struct object *o);
/* Detach probes[i], which the object has no more then. */
void object_drop(struct object *o, size_t i);
/* Detach and unload; o->has stays. */
void object_close(struct object *o);

#endif
