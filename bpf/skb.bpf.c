// SPDX-License-Identifier: GPL-2.0-only
/* kfree_skb: the general drop hook, through which most losses of every subsystem pass. */
#include "lib/common.bpf.h"

/* What a deeper hook left about this packet. */
static __always_inline const struct note *see_note(bool direct, struct seen *s,
						   struct loss_key *key)
{
	const struct note *n = kf.notes ? note_of(s->skb, s->head, s->bytes) : NULL;

	if (!n)
		return NULL;
	key->note = n->note;
	s->detail_kind = n->detail_kind;
	s->detail = n->detail_kind ? &n->detail : NULL;
	return n;
}

static __always_inline int kfree_skb(void *ctx, bool direct, struct sk_buff *skb, __u64 location,
				     __u32 reason, struct sock *rx_sk)
{
	struct loss_key key = { .kind = EV_SKB_DROP, .location = location, .reason = reason };
	struct seen s = { .skb = skb };
	struct cpu_state *cpu = this_cpu_state();
	const struct note *note;
	struct sock *told;

	if (!cpu)
		return 0;
	count(cpu, CNT_SEEN);
	see_packet(direct, &s, &key);
	note = see_note(direct, &s, &key);
	told = note && note->sk ? note->sk : pruned_socket(&s, &key);
	if (told) {
		see_socket(false, &s, told, &key);
		s.noted_sk = s.sk;
		s.sk = NULL;
	} else {
		see_socket(direct, &s, rx_sk, &key);
	}
	see_device(direct, &s, &key);
	see_route(direct, &s, &key);
	see_veth(direct, &s, &key);
	forget_which(&key);
	report(ctx, direct, cpu, &s, &key);
	if (note)
		note_remove(skb);
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
