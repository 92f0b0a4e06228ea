// SPDX-License-Identifier: GPL-2.0-only
/* TCP: packets that find no socket. */
#include "lib/common.bpf.h"

/*
 * tcp_v4_rcv() and tcp_v6_rcv() answer a packet that finds no socket with a reset on behalf of no
 * socket, then free it at a place shared with many other fates. Kernels without drop reasons (before
 * 5.17) tell these apart by this call alone.
 */
static __always_inline int tcp_no_socket(bool direct, const struct sock *sk, struct sk_buff *skb)
{
	if (!sk)
		note_leave(direct, skb, NULL, NOTE(NOTE_NO_SOCKET, 0), DETAIL_NONE, NULL);
	return 0;
}

SEC("?fentry/tcp_v4_send_reset")
int tcp_no_socket4__fentry(__u64 *ctx)
{
	return tcp_no_socket(true, (void *)ctx[0], (void *)ctx[1]);
}

SEC("?kprobe/tcp_v4_send_reset")
int tcp_no_socket4__kprobe(struct pt_regs *ctx)
{
	return tcp_no_socket(false, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx));
}

SEC("?fentry/tcp_v6_send_reset")
int tcp_no_socket6__fentry(__u64 *ctx)
{
	return tcp_no_socket(true, (void *)ctx[0], (void *)ctx[1]);
}

SEC("?kprobe/tcp_v6_send_reset")
int tcp_no_socket6__kprobe(struct pt_regs *ctx)
{
	return tcp_no_socket(false, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx));
}
