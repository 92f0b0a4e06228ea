/* SPDX-License-Identifier: GPL-2.0-only */
/* The few of the kernel's types that its programs are fitted to, apart from the many others. */
#ifndef KERNEL_CORE_TYPES_H
#define KERNEL_CORE_TYPES_H

struct btf;

/*
 * Write into an empty file, for bpf_object_open_opts.btf_custom_path, the types of the running kernel and its
 * modules that a relocation (CO-RE) of `own`, the types of a BPF object, may look at. libbpf would search all of
 * `kernel` for each of them. 0 or -errno.
 */
int core_types(int fd, const struct btf *own, const struct btf *kernel);

#endif
