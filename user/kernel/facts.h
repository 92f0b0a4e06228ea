/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of a kernel before anything is loaded: plain data, recorded for tests as text. */
#ifndef KERNEL_FACTS_H
#define KERNEL_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct btf;
struct ksyms;

/* Ways to attach a program; the names are the endings of program names. */
enum attach_how {
	ATTACH_TP_BTF,
	ATTACH_RAW_TP,
	ATTACH_FENTRY,
	ATTACH_FEXIT, /* with the fentry program of the same probe, if there is one */
	ATTACH_KPROBE,
	ATTACH_KRETPROBE, /* with the kprobe program of the same probe, if there is one */
	ATTACH_COUNT
};

extern const char *const attach_how_names[ATTACH_COUNT];

enum kernel_fact {
	KF_TP,	   /* tracepoint in BTF: value is its number of arguments */
	KF_FUNC,   /* function in BTF: value is its number of parameters */
	KF_SYM,	   /* function in kallsyms under its plain name: value is 1 */
	KF_HOW,	   /* way to attach: value is 0 if this kernel allows it, else -errno of the try */
	KF_MODULE, /* module is loaded: value is 1, with BTF of its own 2 */
	KF_ENUM,   /* enumerator in BTF: its value */
	KF_KFUNC,  /* kernel function that programs call: the id of its type */
	KF_STRUCT, /* structure that programs name by the id of its type */
	KF_COUNT,
};

/* KF_HOW, too: whether this process may get at the BTF of modules, to attach to their functions by it. */
#define FACT_MODULE_BTF "module_btf"

/* KF_STRUCT: what begins with a number of 64 bits, see read.bpf.h. */
#define FACT_NUMBER "timespec64"

#define FACTS_MAX 512

/* What is absent has no row. */
struct facts {
	size_t count;
	struct {
		enum kernel_fact kind;
		char name[48];
		int value;
	} rows[FACTS_MAX];
};

/* Value of a fact, or `absent` if there is no row. */
int facts_get(const struct facts *f, enum kernel_fact kind, const char *name, int absent);
/* Set or add a row; a full table or a name that is too long is ignored. */
void facts_set(struct facts *f, enum kernel_fact kind, const char *name, int value);

/* The facts that need no symbols: what the types of the kernel and its modules say of all functions and tracepoints
 * that the probe table names, and all ways to attach. btf may be NULL: then nothing is known of functions. */
void facts_collect(struct facts *f, const struct btf *btf);
/* Those alone that the kernel's own types tell, added to what is there. */
void facts_collect_types(struct facts *f, const struct btf *btf);
/* 0, or -EPERM: BTF of modules is for CAP_SYS_ADMIN (BPF_BTF_GET_NEXT_ID, kernel/bpf/syscall.c). */
int facts_module_btf(void);
/* Look again at the types of one module, which has been loaded since. */
void facts_collect_module(struct facts *f, const char *module, const struct btf *btf);
/* It has been unloaded, and its functions with it. */
void facts_forget_module(struct facts *f, const char *module);
/* Which of the functions are there to attach to. syms may be NULL: then it is not known. */
void facts_collect_symbols(struct facts *f, const struct ksyms *syms);

/* One line per row: "func __icmp_send 5". The form in which they are recorded for tests. */
void facts_print(const struct facts *f, FILE *to);
/* Read that form. Returns 0 or -EINVAL with the number of the bad line in *line. */
int facts_parse(struct facts *f, FILE *from, int *line);

#endif
