// SPDX-License-Identifier: GPL-2.0-only
/* TCP listeners: connection requests refused because a queue is full, and handshakes that end so. */
#include "lib/common.bpf.h"

#define TCP_ACK_BIT 0x10
#define TCP_RST_BIT 0x04

static __always_inline bool accept_queue_is_full(bool direct, const struct sock *sk)
{
	return LOAD(direct, sk, sk_ack_backlog) > LOAD(direct, sk, sk_max_ack_backlog);
}

static __always_inline void see_listener(bool direct, struct detail_listen *d, struct sock *sk)
{
	struct inet_connection_sock *icsk = (void *)sk;
	struct net *net = FOLLOW(direct, sk, __sk_common.skc_net.net);

	d->accept_queue = LOAD(direct, sk, sk_ack_backlog);
	d->accept_limit = LOAD(direct, sk, sk_max_ack_backlog);
	d->syn_queue = READ(icsk, icsk_accept_queue.qlen.counter);
	d->syn_young = READ(icsk, icsk_accept_queue.young.counter);
	d->somaxconn = READ(net, core.sysctl_somaxconn);
	d->max_syn_backlog = READ(net, ipv4.sysctl_max_syn_backlog);
	/* int before 5.14, u8 since: the low byte is the value in both */
	d->syncookies = READ(net, ipv4.sysctl_tcp_syncookies);
	d->abort_on_overflow = READ(net, ipv4.sysctl_tcp_abort_on_overflow);
}

/*
 * tcp_conn_request() returns 0 for a request it has answered and for one it has refused, and its caller
 * then consumes the packet: nothing but the counters tells. They are this CPU's own, and the function
 * runs with softirqs off, so what moved between its entry and its end was moved by this packet.
 */
struct conn_request {
	__u64 skb;
	__u64 overflows, drops, full_drops, cookies;
	__u64 no_routes;	     /* of IP, for both families */
	struct detail_listen detail; /* the queues as the function found them */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct conn_request);
} requests SEC(".maps");

static __always_inline struct conn_request *this_request(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&requests, &zero);
}

static __always_inline __u64 mib(__u64 mibs, __u16 index)
{
	return index ? read_u64(mibs + index * sizeof(__u64)) : 0;
}

/* Where this CPU's struct linux_mib of the socket's namespace is. */
static __always_inline __u64 mibs_of(struct sock *sk)
{
	return this_cpu_address(READ(sk, __sk_common.skc_net.net, mib.net_statistics));
}

/* inet_csk_route_req() and ip6_dst_lookup_tail() count what they find no way back for. */
static __always_inline __u64 no_routes_of(struct sock *sk)
{
	struct net *net = READ(sk, __sk_common.skc_net.net);
	__u16 index = kf.mib_out_no_routes;
	__u64 mibs4 = this_cpu_address(READ(net, mib.ip_statistics));
	__u64 mibs6 = this_cpu_address(READ(net, mib.ipv6_statistics));

	return (mibs4 ? mib(mibs4, index) : 0) + (mibs6 ? mib(mibs6, index) : 0);
}

static __always_inline int request_begin(bool direct, struct sock *sk, struct sk_buff *skb)
{
	struct conn_request *r = this_request();
	__u64 mibs = mibs_of(sk);

	if (!r || !mibs)
		return 0;
	r->overflows = mib(mibs, kf.mib_listen_overflows);
	r->drops = mib(mibs, kf.mib_listen_drops);
	r->full_drops = mib(mibs, kf.mib_req_full_drop);
	r->cookies = mib(mibs, kf.mib_req_full_cookies);
	r->no_routes = no_routes_of(sk);
	see_listener(direct, &r->detail, sk);
	r->skb = (__u64)skb;
	return 0;
}

/*
 * Without cookies, peers that are not proven alive may not have the last quarter of max_syn_backlog.
 * Another CPU may take a place between our look at the queue and the kernel's.
 */
static __always_inline __u32 why_refused(const struct conn_request *r, struct sock *sk)
{
	struct inet_connection_sock *icsk = (void *)sk;
	__s32 limit = r->detail.max_syn_backlog;
	__s32 length = r->detail.syn_queue;
	__s32 later = READ(icsk, icsk_accept_queue.qlen.counter);

	if (no_routes_of(sk) != r->no_routes)
		return SYN_OTHER_NO_ROUTE;
	if (later > length)
		length = later;
	if (!r->detail.syncookies && limit - length < limit >> 2)
		return SYN_OTHER_LAST_QUARTER;
	return SYN_OTHER_UNKNOWN;
}

static __always_inline int request_end(void *ctx, bool direct, struct sock *sk, struct sk_buff *skb)
{
	struct conn_request *r = this_request();
	__u64 mibs = mibs_of(sk);
	union detail detail = {};
	bool refused, cookie, full;
	__u32 note;

	if (!r || !mibs || r->skb != (__u64)skb)
		return 0;
	r->skb = 0;
	/* tcp_syncookies=2 sends cookies though there is room */
	full = r->detail.syncookies != 2 || r->detail.syn_queue >= r->detail.accept_limit;
	refused = mib(mibs, kf.mib_listen_drops) != r->drops;
	cookie = mib(mibs, kf.mib_req_full_cookies) != r->cookies;
	if (!refused && !(cookie && full))
		return 0;
	if (!refused)
		note = NOTE(NOTE_SYN_COOKIE, 0);
	else if (mib(mibs, kf.mib_listen_overflows) != r->overflows)
		note = NOTE(NOTE_ACCEPT_FULL, STEP_SYN);
	else if (mib(mibs, kf.mib_req_full_drop) != r->full_drops)
		note = NOTE(NOTE_SYN_FULL, 0);
	else
		note = NOTE(NOTE_SYN_OTHER, why_refused(r, sk));
	detail.listen = r->detail;
	report_packet(ctx, direct, refused ? EV_HOOK_DROP : EV_NOTICE, skb, sk, note, DETAIL_LISTEN,
		      &detail);
	return 0;
}

SEC("?fentry/tcp_conn_request")
int tcp_request__fentry(__u64 *ctx)
{
	return request_begin(true, (void *)ctx[2], (void *)ctx[3]);
}

SEC("?fexit/tcp_conn_request")
int tcp_request__fexit(__u64 *ctx)
{
	return request_end(ctx, true, (void *)ctx[2], (void *)ctx[3]);
}

SEC("?kprobe/tcp_conn_request")
int tcp_request__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return request_begin(false, (void *)PT_REGS_PARM3(ctx), (void *)PT_REGS_PARM4(ctx));
}

SEC("?kretprobe/tcp_conn_request")
int tcp_request__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return request_end(ctx, false, (void *)f.args[2], (void *)f.args[3]);
}

/*
 * The last ACK of a handshake that finds the accept queue full is freed by the caller. NULL has other
 * reasons too (a repeated SYN, TCP_DEFER_ACCEPT): then the queue is not full, or there is no ACK.
 */
static __always_inline int handshake_end(bool direct, struct sock *sk, struct sk_buff *skb,
					 __u64 child, enum handshake_step step)
{
	union detail detail = {};
	__u8 flags = 0;

	if (child || !accept_queue_is_full(direct, sk))
		return 0;
	bpf_probe_read_kernel(&flags, 1,
			      (void *)LOAD(direct, skb, head) +
				      LOAD(direct, skb, transport_header) + 13);
	if (!(flags & TCP_ACK_BIT) || flags & TCP_RST_BIT)
		return 0;
	see_listener(direct, &detail.listen, sk);
	note_leave(direct, skb, sk, NOTE(NOTE_ACCEPT_FULL, step), DETAIL_LISTEN, &detail);
	return 0;
}

/* struct sock *tcp_check_req(sk, skb, req, fastopen, req_stolen); 6.14 adds a drop reason. */
SEC("?fexit/tcp_check_req")
int tcp_accept__fexit(__u64 *ctx)
{
	__u64 child = result_behind(ctx, kf.tcp_check_req_args);

	return handshake_end(true, (void *)ctx[0], (void *)ctx[1], child, STEP_ACK);
}

SEC("?kprobe/tcp_check_req")
int tcp_accept__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return 0;
}

SEC("?kretprobe/tcp_check_req")
int tcp_accept__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return handshake_end(false, (void *)f.args[0], (void *)f.args[1], PT_REGS_RC(ctx),
			     STEP_ACK);
}

/* struct sock *tcp_get_cookie_sock(sk, skb, req, dst); before 6.9 also tsoff. */
SEC("?fexit/tcp_get_cookie_sock")
int tcp_cookie_accept__fexit(__u64 *ctx)
{
	__u64 child = result_behind(ctx, kf.tcp_get_cookie_sock_args);

	return handshake_end(true, (void *)ctx[0], (void *)ctx[1], child, STEP_COOKIE_ACK);
}

SEC("?kprobe/tcp_get_cookie_sock")
int tcp_cookie_accept__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return 0;
}

SEC("?kretprobe/tcp_get_cookie_sock")
int tcp_cookie_accept__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return handshake_end(false, (void *)f.args[0], (void *)f.args[1], PT_REGS_RC(ctx),
			     STEP_COOKIE_ACK);
}
