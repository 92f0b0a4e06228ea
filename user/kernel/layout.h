/* SPDX-License-Identifier: GPL-2.0-only */
/* Offsets in the structures of netfilter's modules, from BTF or, where there is none, as 5.10 has them. */
#ifndef KERNEL_LAYOUT_H
#define KERNEL_LAYOUT_H

#include <linux/types.h>

#include "nf_layout.h"

struct btf;
struct ksyms;

/* Fill in what can be known now; call it again when a module has been loaded. btf and syms may be NULL. */
void layout_collect(struct nf_layout *l, const struct btf *btf, const struct ksyms *syms);

#endif
