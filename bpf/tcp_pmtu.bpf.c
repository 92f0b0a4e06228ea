// SPDX-License-Identifier: GPL-2.0-only
/* TCP: retransmissions that tell of a path on which long packets vanish. */
#include "lib/common.bpf.h"
#include "lib/notice.bpf.h"

#define TRIES	  3  /* of one segment before anything is said */
#define SACK_ROOM 36 /* what a segment may be shorter for the SACK option it carries */

/* The segment a connection sends again and again. */
struct stuck {
	__u32 seq;
	__u32 mss;	/* when it was first repeated: a path MTU that was learnt lowers it */
	__u32 heard_at; /* tcp_sock.rcv_tstamp then */
	__u32 retransmits;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64); /* the socket */
	__type(value, struct stuck);
} stuck SEC(".maps");

/* The longest range that the last ACK reported beyond the gap. */
static __always_inline __u32 longest_sacked(struct tcp_sock *tp)
{
	struct tcp_sack_block block = {};
	__u32 longest = 0;

	if (!READ(tp, sacked_out))
		return 0;
	for (int i = 0; i < 4; i++) {
		bpf_probe_read_kernel(&block, sizeof(block), &tp->recv_sack_cache[i]);
		if (block.end_seq - block.start_seq > longest)
			longest = block.end_seq - block.start_seq;
	}
	return longest;
}

/* How often the segment at the head of the queue, if this is it, was sent again; 0: not to be judged. */
static __always_inline const struct stuck *stuck_at(struct tcp_sock *tp, __u32 seq, __u32 mss)
{
	__u64 key = (__u64)tp;
	struct stuck *s = bpf_map_lookup_elem(&stuck, &key);
	struct stuck first = { .seq = seq, .mss = mss, .retransmits = 1 };

	if (s && s->seq == seq && s->mss == mss) {
		s->retransmits++;
		return s;
	}
	first.heard_at = READ(tp, rcv_tstamp);
	bpf_map_update_elem(&stuck, &key, &first, BPF_ANY);
	return NULL;
}

/*
 * Timeouts of a full-size segment, three times the same one: either the path is dead, or it is too narrow.
 * It is alive if the peer was heard since, or if shorter ones behind it were acknowledged; or, where
 * neither can be, if data passed on this connection but never yet a full segment.
 */
static __always_inline bool is_narrow(struct detail_pmtu *d, struct tcp_sock *tp, __u32 mss,
				      __u32 heard_at)
{
	d->passed = longest_sacked(tp);
	d->heard = READ(tp, rcv_tstamp) != heard_at;
	d->acked = READ(tp, bytes_acked);
	if (d->passed + SACK_ROOM >= mss)
		return false;
	if (d->heard || d->passed)
		return true;
	/* 1: the SYN's */
	return d->acked < mss && (d->acked > 1 || READ(tp, bytes_received));
}

static __always_inline int retransmitted(void *ctx, struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = (void *)sk;
	struct inet_connection_sock *icsk = (void *)sk;
	__u32 seq = READ((struct tcp_skb_cb *)skb->cb, seq);
	__u32 mss = READ(tp, mss_cache), len = READ(skb, len);
	struct cpu_state *cpu = this_cpu_state();
	const struct stuck *s;
	union detail *detail;

	if (!cpu || seq != READ(tp, snd_una) || len + SACK_ROOM < mss)
		return 0;
	s = stuck_at(tp, seq, mss);
	if (!s || s->retransmits != TRIES || !READ(icsk, icsk_retransmits))
		return 0;
	detail = detail_lend(cpu);
	if (is_narrow(&detail->pmtu, tp, mss, s->heard_at)) {
		detail->pmtu.mss = mss;
		detail->pmtu.segment = len;
		detail->pmtu.retransmits = s->retransmits;
		detail->pmtu.pmtu = READ(icsk, icsk_pmtu_cookie);
		detail->pmtu.probing =
			READ(sk, __sk_common.skc_net.net, ipv4.sysctl_tcp_mtu_probing) & 255;
		report_connection(ctx, false, sk, NOTE(NOTE_PMTU, 0), DETAIL_PMTU, detail);
	}
	desk_return(cpu);
	return 0;
}

/* tcp_retransmit_skb(sk, skb), since 7.0 with the result behind. */
SEC("?tp_btf/tcp_retransmit_skb")
int pmtu_blackhole__tp_btf(__u64 *ctx)
{
	return retransmitted(ctx, (void *)ctx[0], (void *)ctx[1]);
}

SEC("?raw_tp/tcp_retransmit_skb")
int pmtu_blackhole__raw_tp(__u64 *ctx)
{
	return retransmitted(ctx, (void *)ctx[0], (void *)ctx[1]);
}
