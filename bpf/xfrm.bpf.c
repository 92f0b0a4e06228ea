// SPDX-License-Identifier: GPL-2.0-only
/* IPsec policies: the packet that one refuses. */
#include "lib/common.bpf.h"

#define XFRM_DIR_OUT  1 /* enum of include/uapi/linux/xfrm.h: XFRM_POLICY_IN, OUT, FWD */
#define XFRM_DIR_MASK 3 /* XFRM_POLICY_MASK: the bit above says that the flow is reversed */

/* Called only where policies exist, or for packets that came protected (__xfrm_policy_check2(),
 * include/net/xfrm.h). The caller frees what is refused. */
static __always_inline int policy_checked(bool direct, struct sk_buff *skb, __u32 direction,
					  int accepted)
{
	if (!accepted)
		note_leave(direct, skb, NULL, NOTE(NOTE_XFRM, direction), DETAIL_NONE, NULL);
	return 0;
}

/* int __xfrm_policy_check(sk, dir, skb, family) */
SEC("?fexit/__xfrm_policy_check")
int xfrm_policy__fexit(__u64 *ctx)
{
	return policy_checked(true, (void *)ctx[2], ctx[1] & XFRM_DIR_MASK, ctx[4]);
}

SEC("?kprobe/__xfrm_policy_check")
int xfrm_policy__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return 0;
}

SEC("?kretprobe/__xfrm_policy_check")
int xfrm_policy__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return policy_checked(false, (void *)f.args[2], f.args[1] & XFRM_DIR_MASK, PT_REGS_RC(ctx));
}

/* int __xfrm_route_forward(skb, family): a policy for what is forwarded says block, or finds no state. */
SEC("?fexit/__xfrm_route_forward")
int xfrm_forward__fexit(__u64 *ctx)
{
	return policy_checked(true, (void *)ctx[0], XFRM_DIR_OUT, ctx[2]);
}

SEC("?kprobe/__xfrm_route_forward")
int xfrm_forward__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return 0;
}

SEC("?kretprobe/__xfrm_route_forward")
int xfrm_forward__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return policy_checked(false, (void *)f.args[0], XFRM_DIR_OUT, PT_REGS_RC(ctx));
}
