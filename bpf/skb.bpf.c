// SPDX-License-Identifier: GPL-2.0-only
/* kfree_skb: the general drop hook, through which most losses of every subsystem pass. */
#include "lib/common.bpf.h"

/* Packets in this buffer: GSO and GRO put many into one (skb_shared_info.gso_segs). */
static __always_inline __u16 segments(bool direct, struct sk_buff *skb, __u64 head)
{
	__u64 info = head + LOAD(direct, skb, end);
	__u16 segs = 0;

	bpf_probe_read_kernel(&segs, sizeof(segs),
			      (void *)info +
				      bpf_core_field_offset(struct skb_shared_info, gso_segs));
	return segs ? segs : 1;
}

static __always_inline int kfree_skb(void *ctx, bool direct, struct sk_buff *skb, __u64 location,
				     __u32 reason, struct sock *rx_sk)
{
	struct loss_key key = { .kind = EV_SKB_DROP, .location = location, .reason = reason };
	struct seen s = { .skb = skb };
	struct cpu_state *cpu = this_cpu_state();
	__u32 length;
	__u16 segs;

	if (!cpu)
		return 0;
	count(cpu, CNT_SEEN);
	see_socket(direct, &s, rx_sk, &key);
	see_device(direct, &s, &key);
	see_route(direct, &s, &key);
	see_packet(direct, &s, &key);
	if (kf.notes)
		key.note = note_take(direct, cpu, skb);
	if (!filter_passes(&s, &key)) {
		count(cpu, CNT_FILTERED);
		return 0;
	}
	if (is_own_traffic(&s, &key)) {
		count(cpu, CNT_OWN);
		return 0;
	}
	see_veth(direct, &s, &key);
	see_owner(direct, &s, &key);
	length = LOAD(direct, skb, len);
	segs = segments(direct, skb, s.head);
	count_loss(cpu, &key, length, segs);
	if (!knobs.events)
		return 0;
	if (reason < KNOBS_REASONS && knobs.mute[reason]) {
		count(cpu, CNT_MUTED);
		return 0;
	}
	send_event(ctx, direct, cpu, &s, &key, length, segs);
	return 0;
}

SEC("?tp_btf/kfree_skb")
int kfree_skb__tp_btf(__u64 *ctx)
{
	return kfree_skb(ctx, true, (void *)ctx[0], ctx[1], kfree_skb_reason(ctx),
			 kfree_skb_rx_sk(ctx));
}

SEC("?raw_tp/kfree_skb")
int kfree_skb__raw_tp(__u64 *ctx)
{
	return kfree_skb(ctx, false, (void *)ctx[0], ctx[1], kfree_skb_reason(ctx),
			 kfree_skb_rx_sk(ctx));
}
