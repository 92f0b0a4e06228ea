// SPDX-License-Identifier: GPL-2.0-only
/* Routing and forwarding: the ICMP error that says why a packet is about to be freed. */
#include "lib/common.bpf.h"

static __always_inline int icmp_error(bool direct, struct sk_buff *skb, __u32 kind, __u8 type,
				      __u8 code)
{
	/* a rule that rejects has said who it is before it sends the error */
	if (note_is(direct, skb, NOTE_NF_RULE))
		return 0;
	note_leave(direct, skb, NULL, NOTE(kind, type << 8 | code), DETAIL_NONE, NULL);
	return 0;
}

SEC("?fentry/__icmp_send")
int icmp_error4__fentry(__u64 *ctx)
{
	return icmp_error(true, (void *)ctx[0], NOTE_ICMP, ctx[1], ctx[2]);
}

SEC("?kprobe/__icmp_send")
int icmp_error4__kprobe(struct pt_regs *ctx)
{
	return icmp_error(false, (void *)PT_REGS_PARM1(ctx), NOTE_ICMP, PT_REGS_PARM2(ctx),
			  PT_REGS_PARM3(ctx));
}

/* Since 6.0 (db3efdcf70c7); fires only for errors that the rate limit lets through. */
SEC("?tp_btf/icmp_send")
int icmp_error4__tp_btf(__u64 *ctx)
{
	return icmp_error(true, (void *)ctx[0], NOTE_ICMP, ctx[1], ctx[2]);
}

SEC("?fentry/icmp6_send")
int icmp_error6__fentry(__u64 *ctx)
{
	return icmp_error(true, (void *)ctx[0], NOTE_ICMP6, ctx[1], ctx[2]);
}

SEC("?kprobe/icmp6_send")
int icmp_error6__kprobe(struct pt_regs *ctx)
{
	return icmp_error(false, (void *)PT_REGS_PARM1(ctx), NOTE_ICMP6, PT_REGS_PARM2(ctx),
			  PT_REGS_PARM3(ctx));
}
