/* SPDX-License-Identifier: GPL-2.0-only */
/* Drop reason numbers of the running kernel turned into names, from its BTF and its modules' BTF. */
#ifndef KERNEL_REASONS_H
#define KERNEL_REASONS_H

#include <stddef.h>
#include <stdint.h>

struct btf;
struct reasons;

/*
 * Read enum skb_drop_reason, enum skb_drop_reason_subsys and the subsystems' enums from btf (may be
 * NULL: a kernel without BTF has no names). Subsystems' enums in modules are looked up in
 * /sys/kernel/btf when first needed. Returns 0 or -ENOMEM; free with reasons_free.
 */
int reasons_new(struct reasons **out, const struct btf *btf);
/* Of another kernel: this number has this name; one that has a name keeps it, since names given out stay valid.
 * 0, -ENOMEM, or -ERANGE for a number that is none. */
int reasons_tell(struct reasons *r, uint32_t reason, const char *name);
void reasons_free(struct reasons *r);

/* Full name as in the enum ("SKB_DROP_REASON_NO_SOCKET", "OVS_DROP_FLOW"), or NULL if unknown. */
const char *reasons_full(const struct reasons *r, uint32_t reason);
/* The same without SKB_DROP_REASON_. */
const char *reasons_short(const struct reasons *r, uint32_t reason);
/* The number of a core reason by its short name, or -ENOENT. */
int reasons_number(const struct reasons *r, const char *short_name);

#endif
