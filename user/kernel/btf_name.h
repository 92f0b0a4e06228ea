/* SPDX-License-Identifier: GPL-2.0-only */
/* A name in BTF that nothing has checked: one beyond the strings is none, for which libbpf has no text. */
#ifndef KERNEL_BTF_NAME_H
#define KERNEL_BTF_NAME_H

#include <bpf/btf.h>

/* Valid as long as the BTF; "" for what has no name. */
static inline const char *btf_name(const struct btf *btf, __u32 offset)
{
	const char *name = btf__name_by_offset(btf, offset);

	return name ? name : "";
}

#endif
