// SPDX-License-Identifier: GPL-2.0-only
/* Routing and forwarding: the ICMP error that says why a packet is about to be freed. */
#include "lib/common.bpf.h"

#define ICMP_DEST_UNREACH 3
#define ICMP_FRAG_NEEDED  4
#define ICMP6_TOO_BIG	  2

static __always_inline bool is_too_big(__u32 kind, __u8 type, __u8 code)
{
	return kind == NOTE_ICMP6 ? type == ICMP6_TOO_BIG
				  : type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED;
}

static __always_inline int icmp_error(bool direct, struct sk_buff *skb, __u32 kind, __u8 type,
				      __u8 code, __u32 mtu)
{
	bool too_big = is_too_big(kind, type, code);
	union detail detail = {};

	if (too_big) {
		see_route_mtu(direct, &detail.mtu, skb);
		detail.mtu.told = mtu;
	}
	note_leave(direct, skb, NULL, NOTE(kind, type << 8 | code),
		   too_big ? DETAIL_MTU : DETAIL_NONE, too_big ? &detail : NULL);
	return 0;
}

SEC("?fentry/__icmp_send")
int icmp_error4__fentry(__u64 *ctx)
{
	return icmp_error(true, (void *)ctx[0], NOTE_ICMP, ctx[1], ctx[2], bpf_ntohl(ctx[3]));
}

SEC("?kprobe/__icmp_send")
int icmp_error4__kprobe(struct pt_regs *ctx)
{
	return icmp_error(false, (void *)PT_REGS_PARM1(ctx), NOTE_ICMP, PT_REGS_PARM2(ctx),
			  PT_REGS_PARM3(ctx), bpf_ntohl(PT_REGS_PARM4(ctx)));
}

/* Since 6.0 (db3efdcf70c7); fires only for errors that the rate limit lets through. Does not tell the
 * MTU: that of the route is what ip_forward() puts in. */
SEC("?tp_btf/icmp_send")
int icmp_error4__tp_btf(__u64 *ctx)
{
	struct sk_buff *skb = (void *)ctx[0];

	return icmp_error(true, skb, NOTE_ICMP, ctx[1], ctx[2],
			  dst_device(true, skb) ? dst_mtu(true, skb) : 0);
}

SEC("?fentry/icmp6_send")
int icmp_error6__fentry(__u64 *ctx)
{
	return icmp_error(true, (void *)ctx[0], NOTE_ICMP6, ctx[1], ctx[2], ctx[3]);
}

SEC("?kprobe/icmp6_send")
int icmp_error6__kprobe(struct pt_regs *ctx)
{
	return icmp_error(false, (void *)PT_REGS_PARM1(ctx), NOTE_ICMP6, PT_REGS_PARM2(ctx),
			  PT_REGS_PARM3(ctx), PT_REGS_PARM4(ctx));
}
