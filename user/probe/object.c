/* SPDX-License-Identifier: GPL-2.0-only */
/* How a set of programs becomes a libbpf object, alone or on top of another one's maps. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <linux/types.h>

#include "base/log.h"
#include "event.h"
#include "kfunc.h"
#include "kernel/core_types.h"
#include "kernel/facts.h"
#include "nf_layout.h"
#include "probe/object.h"
#include "whydrop.skel.h"

struct bpf_program *object_program(const struct object *o, size_t i, enum attach_how how)
{
	char name[64];

	snprintf(name, sizeof(name), "%s__%s", probes[i].name, attach_how_names[how]);
	return bpf_object__find_program_by_name(o->skel->obj, name);
}

/* The program that runs at the entry of a function, for one that runs when it returns. */
static struct bpf_program *entry_program(const struct object *o, size_t i, enum attach_how how)
{
	if (how == ATTACH_FEXIT)
		return object_program(o, i, ATTACH_FENTRY);
	return how == ATTACH_KRETPROBE ? object_program(o, i, ATTACH_KPROBE) : NULL;
}

static enum attach_how how_of(size_t i, const struct choice *choices)
{
	return probes[i].attach[choices[i].way].how;
}

static int share_maps(struct object *o, const struct object *share)
{
	struct bpf_map *map, *same;
	int err;

	bpf_object__for_each_map (map, o->skel->obj) {
		/* what is told before the load is each object's own, and frozen there */
		if (strstr(bpf_map__name(map), ".rodata"))
			continue;
		same = bpf_object__find_map_by_name(share->skel->obj, bpf_map__name(map));
		err = same ? bpf_map__reuse_fd(map, bpf_map__fd(same)) : -ENOENT;
		if (err)
			return err;
	}
	return 0;
}

/* libbpf has copied what it needs of the programs: two megabytes that need not stay in memory. */
static void forget_file(void)
{
	uintptr_t page = getpagesize(), from, to;
	size_t size;

	from = (uintptr_t)whydrop_bpf__elf_bytes(&size);
	to = (from + size) & -page;
	from = (from + page - 1) & -page;
	if (from < to)
		madvise((void *)from, to - from, MADV_DONTNEED);
}

static void call_kfunc(struct bpf_insn *insn, __u32 id)
{
	insn->src_reg = BPF_PSEUDO_KFUNC_CALL;
	insn->imm = id;
}

/*
 * The four instructions of PEEK() in read.bpf.h, of which `call` is the third: r1 is where to put the word, r3
 * where it is, r0 gets it.
 */
static void patch_peek(struct bpf_insn *call, const struct kfeat *kf)
{
	if (!kf->number_type) {
		call->imm = BPF_FUNC_probe_read_kernel;
		return;
	}
	call[-2] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_X,
				      .dst_reg = BPF_REG_1,
				      .src_reg = BPF_REG_3 };
	call[-1] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K,
				      .dst_reg = BPF_REG_2,
				      .imm = kf->number_type };
	call_kfunc(call, kf->rdonly_cast);
	call[1].src_reg = BPF_REG_0;
	call[1].off = 0;
}

/* What stands for a type id gets it: see kfunc.h. */
static void name_kfunc(struct bpf_insn *insn, const struct kfeat *kf)
{
	bool is_move = insn->code == (BPF_ALU | BPF_MOV | BPF_K) ||
		       insn->code == (BPF_ALU64 | BPF_MOV | BPF_K);

	if (is_move && insn->imm == KFUNC_NUMBER_TYPE)
		insn->imm = kf->number_type;
	if (insn->code != (BPF_JMP | BPF_CALL) || insn->src_reg)
		return;
	if (insn->imm == KFUNC_PEEK)
		patch_peek(insn, kf);
	else if (insn->imm == KFUNC_PREEMPT_DISABLE && kf->preempt_disable)
		call_kfunc(insn, kf->preempt_disable);
	else if (insn->imm == KFUNC_PREEMPT_ENABLE && kf->preempt_enable)
		call_kfunc(insn, kf->preempt_enable);
}

/* In the file, since libbpf gives nobody the functions that programs share. */
static void name_kfuncs(char *file, const struct kfeat *kf)
{
	const Elf64_Ehdr *head = (const void *)file;
	const Elf64_Shdr *section = (const void *)(file + head->e_shoff);

	for (int i = 0; i < head->e_shnum; i++) {
		struct bpf_insn *insns = (void *)(file + section[i].sh_offset);

		if (section[i].sh_type != SHT_PROGBITS || !(section[i].sh_flags & SHF_EXECINSTR))
			continue;
		for (size_t k = 0; k < section[i].sh_size / sizeof(*insns); k++)
			name_kfunc(&insns[k], kf);
	}
}

/* The programs as they are built in, but for type ids. NULL with errno. */
static struct whydrop_bpf *open_programs(const struct bpf_object_open_opts *opts,
					 const struct kfeat *kf)
{
	struct whydrop_bpf *skel = calloc(1, sizeof(*skel));
	char *file = NULL;
	int err = skel ? whydrop_bpf__create_skeleton(skel) : -ENOMEM;

	if (!err) {
		file = malloc(skel->skeleton->data_sz);
		err = file ? 0 : -ENOMEM;
	}
	if (!err) {
		memcpy(file, skel->skeleton->data, skel->skeleton->data_sz);
		name_kfuncs(file, kf);
		skel->skeleton->data = file;
		err = bpf_object__open_skeleton(skel->skeleton, opts);
	}
	free(file);
	if (!err)
		return skel;
	if (skel)
		whydrop_bpf__destroy(skel);
	errno = -err;
	return NULL;
}

/*
 * Without the few types that the programs name libbpf searches all of the kernel's, and where it does not find
 * one walks through those of the modules, which takes CAP_SYS_ADMIN, and fails where it may not; with a file of
 * BTF it is content (bpf_core_find_cands() of libbpf).
 */
int object_open(struct object *o, int types, const struct kfeat *kf)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts);
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", types);
	if (types >= 0)
		opts.btf_custom_path = path;
	else if (facts_module_btf())
		opts.btf_custom_path = "/sys/kernel/btf/vmlinux";
	o->skel = open_programs(&opts, kf);
	if (!o->skel)
		return -errno;
	forget_file();
	return 0;
}

int object_types(const struct object *o, const struct btf *kernel, int fd)
{
	return core_types(fd, bpf_object__btf(o->skel->obj), kernel);
}

void object_prepare(struct object *o)
{
	/* it does so at the first question, whatever the answer is */
	bpf_program__set_attach_target(o->skel->progs.kfree_skb__tp_btf, 0, "kfree_skb");
}

int object_choose(struct object *o, const struct choice *choices, const struct kfeat *kf,
		  const struct knobs *knobs, const struct object *share)
{
	struct bpf_program *entry;

	o->skel->rodata->kf = *kf;
	o->skel->rodata->knobs = *knobs;
	if (!knobs->events)
		bpf_map__set_max_entries(o->skel->maps.events, getpagesize());
	if (!knobs->detail_gap_ns)
		bpf_map__set_max_entries(o->skel->maps.detail_times, 1);
	for (size_t i = 0; i < probes_count; i++) {
		if (!o->has[i])
			continue;
		bpf_program__set_autoload(object_program(o, i, how_of(i, choices)), true);
		entry = entry_program(o, i, how_of(i, choices));
		if (entry)
			bpf_program__set_autoload(entry, true);
	}
	return share ? share_maps(o, share) : 0;
}

#define SPARE_FDS 24 /* what is opened after the programs: timers, sockets, files of /proc */

/* Whether the file descriptors suffice for the maps, and for each program and its link. libbpf would go on
 * without a map it got none for, and the kernel would refuse the first program that wants it. */
static bool has_descriptors(const struct object *o)
{
	int next = open("/", O_PATH | O_CLOEXEC);
	struct bpf_program *prog;
	struct bpf_map *map;
	struct rlimit limit;
	size_t count = SPARE_FDS;

	if (next < 0)
		return false;
	close(next);
	bpf_object__for_each_map (map, o->skel->obj)
		count++;
	bpf_object__for_each_program (prog, o->skel->obj)
		count += bpf_program__autoload(prog) ? 2 : 0;
	return getrlimit(RLIMIT_NOFILE, &limit) || next + count <= limit.rlim_cur;
}

int object_load(struct object *o)
{
	if (!has_descriptors(o))
		return -EMFILE;
	return whydrop_bpf__load(o->skel);
}

/* errno stays. */
static void detach(struct object *o, size_t i)
{
	int why = errno;

	for (int k = 0; k < 2; k++) {
		bpf_link__destroy(o->links[i][k]);
		o->links[i][k] = NULL;
	}
	errno = why;
}

static bool attach(struct object *o, size_t i, const struct choice *choices)
{
	enum attach_how how = how_of(i, choices);
	struct bpf_program *entry = entry_program(o, i, how);

	/* what saves comes before what takes */
	if (entry && !(o->links[i][1] = bpf_program__attach(entry)))
		return false;
	o->links[i][0] = bpf_program__attach(object_program(o, i, how));
	if (!o->links[i][0])
		detach(o, i);
	return o->links[i][0];
}

/* Notes first, kfree_skb last: what it takes along must be there before it looks. */
int object_attach(struct object *o, const struct choice *choices, const bool *waits)
{
	for (size_t i = probes_count; i-- > 0;) {
		if (!o->has[i] || waits[i] || o->links[i][0])
			continue;
		if (!attach(o, i, choices))
			return i + 1;
		log_debug("%s: attached by %s", probes[i].name,
			  attach_how_names[how_of(i, choices)]);
	}
	return 0;
}

void object_detach(struct object *o)
{
	for (size_t i = 0; i < probes_count; i++)
		detach(o, i);
}

void object_drop(struct object *o, size_t i)
{
	detach(o, i);
	o->has[i] = false;
}

void object_close(struct object *o)
{
	object_detach(o);
	whydrop_bpf__destroy(o->skel);
	o->skel = NULL;
}
