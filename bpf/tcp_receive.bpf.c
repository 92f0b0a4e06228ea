// SPDX-License-Identifier: GPL-2.0-only
/* TCP sockets without room, on kernels whose kfree_skb does not tell the receiving socket, or not at all. */
#include "lib/common.bpf.h"

/*
 * Before 5.18 (8fbf195798b5 and its series) tcp_drop() freed by __kfree_skb(), which no tracepoint
 * sees: there the loss is reported from here. From then until 6.11 kfree_skb sees it, but not whose it
 * is: there a note names the socket. The socket is locked and the free follows in the same call chain.
 */
static __always_inline int lost_inside(void *ctx, struct sock *sk, struct sk_buff *skb, __u32 note)
{
	if (kf.tcp_drop_is_traced)
		note_leave(true, skb, sk, note, DETAIL_NONE, NULL);
	else
		report_packet(ctx, true, EV_HOOK_DROP, skb, sk, note, DETAIL_NONE, NULL);
	return 0;
}

/* int tcp_try_rmem_schedule(sk, skb, size): its callers drop the packet when it says no. */
SEC("?fexit/tcp_try_rmem_schedule")
int tcp_memory__fexit(__u64 *ctx)
{
	if (!(__s32)ctx[3])
		return 0;
	return lost_inside(ctx, (void *)ctx[0], (void *)ctx[1], NOTE(NOTE_TCP_MEMORY, 0));
}

/*
 * void tcp_data_queue(sk, skb) drops what the next byte is in when the window is closed. Data before
 * or beyond it is dropped for other reasons, and a segment without data is freed as normal.
 */
SEC("?fentry/tcp_data_queue")
int tcp_window__fentry(__u64 *ctx)
{
	struct sock *sk = (void *)ctx[0];
	struct sk_buff *skb = (void *)ctx[1];
	struct tcp_sock *tp = (void *)sk;
	struct tcp_skb_cb *cb;
	__u32 next, seq, end;

	if (receive_window(sk))
		return 0;
	cb = (void *)skb + bpf_core_field_offset(struct sk_buff, cb);
	next = READ(tp, rcv_nxt);
	seq = READ(cb, seq);
	end = READ(cb, end_seq);
	if (seq == end || (__s32)(seq - next) > 0 || (__s32)(end - next) <= 0)
		return 0;
	return lost_inside(ctx, sk, skb, NOTE(NOTE_TCP_WINDOW, 0));
}

/* bool tcp_add_backlog(sk, skb); 5.18 adds a drop reason. Its caller drops by kfree_skb in all kernels. */
SEC("?fexit/tcp_add_backlog")
int tcp_backlog__fexit(__u64 *ctx)
{
	if (!(__u8)result_behind(ctx, kf.tcp_add_backlog_args))
		return 0;
	note_leave(true, (void *)ctx[1], (void *)ctx[0], NOTE(NOTE_TCP_BACKLOG, 0), DETAIL_NONE,
		   NULL);
	return 0;
}

/*
 * bool tcp_prune_ofo_queue(sk) frees many packets, and only the socket knows how many. It is locked, so
 * that nothing else adds to sk_drops but a full backlog on another CPU at the very moment.
 */
static __always_inline int prune_begin(struct sock *sk)
{
	struct pruning *p = this_pruning();

	if (!p)
		return 0;
	p->sk = sk;
	p->drops = READ(sk, sk_drops.counter);
	return 0;
}

static __always_inline int prune_end(void *ctx, struct sock *sk)
{
	struct pruning *p = this_pruning();
	__u32 drops;

	if (!p || p->sk != sk)
		return 0;
	p->sk = NULL;
	drops = READ(sk, sk_drops.counter) - p->drops;
	if (!kf.tcp_drop_is_traced && drops)
		report_lost_of(ctx, sk, drops, NOTE(NOTE_TCP_PRUNED, 0));
	return 0;
}

SEC("?fentry/tcp_prune_ofo_queue")
int tcp_prune__fentry(__u64 *ctx)
{
	return prune_begin((void *)ctx[0]);
}

SEC("?fexit/tcp_prune_ofo_queue")
int tcp_prune__fexit(__u64 *ctx)
{
	return prune_end(ctx, (void *)ctx[0]);
}

SEC("?kprobe/tcp_prune_ofo_queue")
int tcp_prune__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return prune_begin((void *)PT_REGS_PARM1(ctx));
}

SEC("?kretprobe/tcp_prune_ofo_queue")
int tcp_prune__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return prune_end(ctx, (void *)f.args[0]);
}
