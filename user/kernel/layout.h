/* SPDX-License-Identifier: GPL-2.0-only */
/* Offsets in the structures of netfilter's modules, from BTF or, where there is none, as 5.10 has them. */
#ifndef KERNEL_LAYOUT_H
#define KERNEL_LAYOUT_H

#include <linux/types.h>

#include "nf_layout.h"

struct btf;
struct ksyms;

/* Fill in what types tell now; call both again when a module has been loaded. btf may be NULL. */
void layout_collect(struct nf_layout *l, const struct btf *btf);
/* The rest, behind that. syms may be NULL: then the places are not known. */
void layout_locate(struct nf_layout *l, const struct ksyms *syms);

#endif
