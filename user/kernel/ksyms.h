/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses turned into functions of the kernel and its modules, from /proc/kallsyms. */
#ifndef KERNEL_KSYMS_H
#define KERNEL_KSYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ksyms;

struct ksym {
	const char *name;   /* with its suffix */
	const char *module; /* "" for the kernel itself */
	uint64_t start;
	uint64_t size; /* up to the next symbol; 0 for the last one */
};

/*
 * Read all text symbols of `path` (/proc/kallsyms) but those that a module only had while it started, whose
 * memory belongs to others now: `modules` (/proc/modules) tells where each is. Returns 0, -EPERM when the kernel hides the
 * addresses (kptr_restrict, missing CAP_SYSLOG), or another -errno. Free with ksyms_free.
 */
int ksyms_new(struct ksyms **out, const char *path, const char *modules);
void ksyms_free(struct ksyms *k);
/* Read again, since modules come and go. Names given out before stay valid. 0 or -errno, then nothing
 * has changed. */
int ksyms_refresh(struct ksyms *k, const char *path, const char *modules);

/* Without a kernel, knowing nothing but what is told. 0 or -ENOMEM. */
int ksyms_told(struct ksyms **out);
/* The function that contains this address and no other; the strings must stay. 0 or -ENOMEM. */
int ksyms_tell(struct ksyms *k, uint64_t addr, const struct ksym *sym);

/* The function that contains addr; false if there is none. *out is valid until ksyms_free. */
bool ksyms_find(const struct ksyms *k, uint64_t addr, struct ksym *out);
/* The function of that exact name; false if there is none. */
bool ksyms_by_name(const struct ksyms *k, const char *name, struct ksym *out);

/* Copy name up to its first '.', as far as size allows. */
void ksyms_strip(char *out, size_t size, const char *name);

#endif
