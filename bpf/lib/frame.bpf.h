/* SPDX-License-Identifier: GPL-2.0-only */
/* Arguments of a function kept from its kprobe for its kretprobe; fexit programs get them by themselves. */
#ifndef FRAME_BPF_H
#define FRAME_BPF_H

static __always_inline void frame_save(struct pt_regs *ctx)
{
	struct frame f = { .args = { PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx), PT_REGS_PARM3(ctx),
				     PT_REGS_PARM4(ctx), PT_REGS_PARM5(ctx) } };
	__u64 key = frame_key(ctx, false);

	bpf_map_update_elem(&frames, &key, &f, BPF_ANY);
}

/* False if the entry was not seen: the hook came while the function was running. */
static __always_inline bool frame_take(struct pt_regs *ctx, struct frame *out)
{
	__u64 key = frame_key(ctx, true);
	struct frame *f = bpf_map_lookup_elem(&frames, &key);

	if (!f)
		return false;
	*out = *f;
	bpf_map_delete_elem(&frames, &key);
	return true;
}

#endif
