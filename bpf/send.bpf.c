// SPDX-License-Identifier: GPL-2.0-only
/* UDP sends that are refused: no room in the send buffer, or longer than the route allows. */
#include "lib/common.bpf.h"

#define EAGAIN	 11
#define EMSGSIZE 90
#define ENOBUFS	 105

/* What is known of a send that fails, in its own thread: the stack is too small for it. */
struct failure {
	struct sock *sk;
	__u64 reported; /* udpv6_sendmsg() had udp_sendmsg() send it, which was reported */
	union detail detail;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 256);
	__type(key, __u64); /* thread */
	__type(value, struct failure);
} failures SEC(".maps");

/* What a failure begins as. */
static const volatile struct failure no_failure;

/* What this thread knows of a failed send of this socket. */
static __always_inline struct failure *failure_of(struct sock *sk)
{
	__u64 key = bpf_get_current_pid_tgid();
	struct failure *f = bpf_map_lookup_elem(&failures, &key);

	if (f && f->sk == sk)
		return f;
	bpf_map_update_elem(&failures, &key, (const void *)&no_failure, BPF_ANY);
	f = bpf_map_lookup_elem(&failures, &key);
	if (f)
		f->sk = sk;
	return f;
}

static __always_inline void failure_forget(void)
{
	__u64 key = bpf_get_current_pid_tgid();

	bpf_map_delete_elem(&failures, &key);
}

/* Every datagram longer than the MTU whose socket forbids fragments passes here, with that MTU. */
static __always_inline int too_big(struct sock *sk, int err, __u32 mtu)
{
	struct failure *f = err == EMSGSIZE ? failure_of(sk) : NULL;

	if (f)
		f->detail.send.mtu = mtu;
	return 0;
}

/* void ip_local_error(sk, err, daddr, port, info) */
SEC("?fentry/ip_local_error")
int send_too_big4__fentry(__u64 *ctx)
{
	return too_big((void *)ctx[0], ctx[1], ctx[4]);
}

SEC("?kprobe/ip_local_error")
int send_too_big4__kprobe(struct pt_regs *ctx)
{
	return too_big((void *)PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx), PT_REGS_PARM5(ctx));
}

/* void ipv6_local_error(sk, err, fl6, info) */
SEC("?fentry/ipv6_local_error")
int send_too_big6__fentry(__u64 *ctx)
{
	return too_big((void *)ctx[0], ctx[1], ctx[3]);
}

SEC("?kprobe/ipv6_local_error")
int send_too_big6__kprobe(struct pt_regs *ctx)
{
	return too_big((void *)PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx), PT_REGS_PARM4(ctx));
}

/* Where to: the socket's peer, or what the call says (a copy in kernel memory). */
static __always_inline void see_destination(struct sock *sk, struct msghdr *msg, __u8 family,
					    __u8 *dst, __be16 *dport)
{
	void *name = READ(msg, msg_name);

	*dport = READ(sk, __sk_common.skc_dport);
	if (!name)
		return;
	bpf_probe_read_kernel(dport, sizeof(*dport), name + 2);
	if (family == 6)
		bpf_probe_read_kernel(dst, 16, name + 8);
	else
		bpf_probe_read_kernel(dst, 4, name + 4);
}

/*
 * ENOBUFS is the buffer's own when the fragments of one datagram do not fit (sock_wmalloc() in
 * __ip_append_data()). Else a queue below was full: that loss is reported where it happens.
 */
static __always_inline __u32 why_refused(struct sock *sk, int err, const struct detail_send *d)
{
	if (err == -EAGAIN || (err == -ENOBUFS && d->length > (__u32)READ(sk, sk_sndbuf)))
		return NOTE(NOTE_SEND_FULL, -err);
	/* a datagram that no IP packet can hold fails with EMSGSIZE too */
	if (err == -EMSGSIZE && d->mtu && d->packet <= 65535)
		return NOTE(NOTE_SEND_TOO_BIG, 0);
	return 0;
}

static __always_inline void report_send(void *ctx, struct sock *sk, struct msghdr *msg, __u8 family,
					__u32 note, struct failure *f)
{
	struct call call = { .sk = sk, .family = family, .proto = IPPROTO_UDP };
	__u8 src[16] = {}, dst[16] = {};

	sock_addresses(sk, family, src, dst);
	see_destination(sk, msg, family, dst, &call.dport);
	call.src = src;
	call.dst = dst;
	call.sport = bpf_htons(READ(sk, __sk_common.skc_num));
	report_call(ctx, &call, note, DETAIL_SEND, &f->detail);
}

static __always_inline int send_end(void *ctx, struct sock *sk, struct msghdr *msg, __u64 length,
				    __u8 family, int err)
{
	struct failure *f = err < 0 ? failure_of(sk) : NULL;
	__u32 note;

	if (!f)
		return 0;
	f->detail.send.length = length;
	f->detail.send.packet = length + 8 + (family == 6 ? 40 : 20);
	f->detail.send.own_buffer = sock_locks(sk) & SOCK_SNDBUF_LOCK;
	note = why_refused(sk, err, &f->detail.send);
	if (note && !f->reported)
		report_send(ctx, sk, msg, family, note, f);
	f->reported = family == 4 && READ(sk, __sk_common.skc_family) == AF_INET6;
	if (!f->reported)
		failure_forget();
	return 0;
}

/* int udp_sendmsg(sk, msg, len): the only place that sees a full buffer is one that all sends pass. */
SEC("?fexit/udp_sendmsg")
int udp_send4__fexit(__u64 *ctx)
{
	return send_end(ctx, (void *)ctx[0], (void *)ctx[1], ctx[2], 4, ctx[3]);
}

SEC("?fexit/udpv6_sendmsg")
int udp_send6__fexit(__u64 *ctx)
{
	return send_end(ctx, (void *)ctx[0], (void *)ctx[1], ctx[2], 6, ctx[3]);
}
