// SPDX-License-Identifier: GPL-2.0-only
/* kfree_skb: the general drop hook, through which most losses of every subsystem pass. */
#include "lib/common.bpf.h"

/* A pointer as a number that the verifier does not follow: it allows no arithmetic with the context's. */
static __always_inline __u64 as_number(struct desk *desk, const void *p)
{
	*(const void *volatile *)&desk->number = p;
	return *(volatile __u64 *)&desk->number;
}

/* What a deeper hook left about this packet, and the socket that it told. The note is held to the end. */
static __always_inline __u64 see_note(struct seen *s, struct loss_key *key)
{
	volatile __u32 *noted = &s->desk->noted; /* to the verifier any number, not one of five */
	struct note *n;

	if (!kf.notes)
		return 0;
	*noted = note_find(s->skb) + 1;
	if (!*noted)
		return 0;
	n = note_hold(*noted - 1);
	if (n && !note_fits(n, s->desk->head, s->desk->flow.bytes)) {
		note_let_go(n);
		n = NULL;
	}
	if (!n) {
		*noted = 0;
		return 0;
	}
	key->note = n->note;
	desk_bring(s->desk, n->detail_kind, &n->detail);
	/* what the tracepoint gives may be read directly */
	return is_kernel_pointer(s->sk) ? 0 : (__u64)n->sk;
}

static __always_inline void note_return(struct desk *desk, bool forget)
{
	if (!desk->noted)
		return;
	note_put_back(desk->noted - 1, forget);
	desk->noted = 0;
}

/*
 * What netfilter was doing with it is left as a note, where no hook could say that before the free. Whether
 * one may have been left.
 */
static __always_inline bool see_netfilter(void *ctx, const struct seen *s,
					  const struct loss_key *key)
{
	__u64 at = key->location - 1;
	bool slow = at >= nf_layout.slow_start && at < nf_layout.slow_end;

	if (key->note && !note_is_vague(key->note))
		return false;
	if (!slow && !(at >= nf_layout.nft_start && at < nf_layout.nft_end && nf_layout.nft_known))
		return false;
	demand(DEMAND_RULES);
	note_return(s->desk, false);
	note_netfilter(as_number(s->desk, ctx), as_number(s->desk, s->skb),
		       slow ? 0 : key->location);
	return true;
}

/* A hook that tells the socket is needed, on kernels where none does that runs for losses alone. */
static __always_inline void see_datagram(const struct loss_key *key)
{
	if (kf.reason_datagram_full && !key->note && key->proto == IPPROTO_UDP &&
	    (key->reason == kf.reason_datagram_full || key->reason == kf.reason_proto_mem))
		demand(DEMAND_DATAGRAMS);
}

static __always_inline void see_free(void *ctx, bool direct, struct sk_buff *skb, __u64 location,
				     __u32 reason, struct sock *rx_sk)
{
	struct seen s = { .skb = skb, .sk = rx_sk };
	struct cpu_state *cpu = this_cpu_state();
	struct loss_key *key;
	__u64 told;

	if (!cpu)
		return;
	count(cpu, CNT_SEEN);
	s.desk = desk_take(cpu);
	if (ct_refused_ns)
		refusal_take(as_number(s.desk, skb));
	key = desk_clear(s.desk, EV_SKB_DROP, 0);
	key->location = location;
	key->reason = reason;
	see_packet(direct, &s, key);
	/* asked again in report(): here, to be done with most packets soon */
	if (!packet_passes(&s, key)) {
		count(cpu, CNT_FILTERED);
		desk_put(cpu);
		return;
	}
	told = see_note(&s, key);
	if (see_netfilter(ctx, &s, key))
		told = see_note(&s, key);
	see_datagram(key);
	if (!told)
		told = pruned_socket(cpu, &s, key);
	if (told)
		see_noted_socket(&s, told, key);
	else
		see_socket(direct, &s, key);
	see_device(direct, &s, key);
	see_route(direct, &s, key);
	see_veth(direct, &s, key);
	report(ctx, direct, true, cpu, &s, key);
	note_return(s.desk, true);
	desk_put(cpu);
}

/* Held all the while, not only with the desk: to the verifier a call in the middle is dear. */
static __always_inline int kfree_skb(void *ctx, bool direct, const __u64 *args)
{
	hold_cpu();
	see_free(ctx, direct, (void *)args[0], args[1], kfree_skb_reason(args),
		 kfree_skb_rx_sk(args));
	let_cpu_go();
	return 0;
}

SEC("?tp_btf/kfree_skb")
int kfree_skb__tp_btf(__u64 *ctx)
{
	return kfree_skb(ctx, true, ctx);
}

SEC("?raw_tp/kfree_skb")
int kfree_skb__raw_tp(__u64 *ctx)
{
	return kfree_skb(ctx, false, ctx);
}
