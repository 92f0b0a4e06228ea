// SPDX-License-Identifier: GPL-2.0-only
/* Source ports: connects and binds that found none left, or found theirs taken. */
#include "lib/common.bpf.h"

#define EADDRNOTAVAIL 99

/* A bitmap of 65536 ports. */
#define CHUNK_WORDS 16
#define CHUNKS	    (65536 / 64 / CHUNK_WORDS)

#define CHAIN_LENGTH 24 /* sockets or buckets that are looked at in one hash chain */

/*
 * What is known of a running connect or bind. It is kept by the socket and not on the stack, which is
 * too small, nor per CPU: a connect that searches long gives way to others (cond_resched).
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 256);
	__type(key, __u64); /* address of the socket */
	__type(value, union detail);
} attempts SEC(".maps");

/* What an attempt begins as. */
static const volatile union detail no_attempt;

static __always_inline union detail *attempt_of(struct sock *sk)
{
	__u64 key = (__u64)sk;
	union detail *d = bpf_map_lookup_elem(&attempts, &key);

	if (d)
		return d;
	bpf_map_update_elem(&attempts, &key, (const void *)&no_attempt, BPF_NOEXIST);
	return bpf_map_lookup_elem(&attempts, &key);
}

/* int __inet_check_established(death_row, sk, port, ...): called for each port that a connect tries. */
static __always_inline int port_tried(struct sock *sk, int result)
{
	union detail *d = result ? attempt_of(sk) : NULL;

	if (d)
		d->ports.connected++;
	return 0;
}

SEC("?fexit/__inet_check_established")
int port_tried4__fexit(__u64 *ctx)
{
	return port_tried((void *)ctx[1], result_behind(ctx, kf.inet_check_established_args));
}

SEC("?fexit/__inet6_check_established")
int port_tried6__fexit(__u64 *ctx)
{
	return port_tried((void *)ctx[1], result_behind(ctx, kf.inet_check_established_args));
}

/* int tcp_twsk_unique(sk, tw, twp): 0 if the connection in TIME_WAIT may not be replaced yet. */
SEC("?fexit/tcp_twsk_unique")
int port_time_wait__fexit(__u64 *ctx)
{
	union detail *d = (int)ctx[3] ? NULL : attempt_of((void *)ctx[0]);

	if (d)
		d->ports.time_wait++;
	return 0;
}

/* Bits of a word of ports that are in a range, as distances from the word's first port. */
static __always_inline __u32 bits_within(__u64 bits, __s64 low, __s64 high)
{
	/* a copy that the verifier does not connect with the range itself, lest it follow every way */
	barrier_var(low);
	barrier_var(high);
	if (low > 63 || high < 0)
		return 0;
	if (low > 0)
		bits &= ~0ULL << (low & 63);
	if (high < 63)
		bits &= ~0ULL >> (63 - (high & 63));
	return __builtin_popcountll(bits);
}

/*
 * Ports between two, both included, that are set in one chunk of a bitmap. Global functions are verified
 * by themselves: one loop over the whole bitmap is more than 5.10 follows in reasonable time.
 */
__u32 ports_in_chunk(__u64 map, __u32 chunk, __u32 low, __u32 high);

__noinline __u32 ports_in_chunk(__u64 map, __u32 chunk, __u32 low, __u32 high)
{
	__u64 words[CHUNK_WORDS] = {};
	__s64 base = (__s64)chunk * CHUNK_WORDS * 64;
	__u32 sum = 0;

	if (base > high || base + CHUNK_WORDS * 64 <= low)
		return 0;
	bpf_probe_read_kernel(words, sizeof(words), (void *)(map + chunk * sizeof(words)));
	for (int i = 0; i < CHUNK_WORDS; i++)
		sum += bits_within(words[i], low - base - i * 64, high - base - i * 64);
	return sum;
}

static __always_inline __u32 ports_between(__u64 map, __u32 low, __u32 high)
{
	__u32 sum = 0;

	for (int i = 0; i < CHUNKS && map; i++)
		sum += ports_in_chunk(map, i, low, high);
	return sum;
}

static __always_inline void see_range(struct detail_ports *d, struct sock *sk)
{
	struct net *net = READ(sk, __sk_common.skc_net.net);
	__u32 range = port_range(net), own = own_port_range(sk);
	unsigned long *reserved = READ(net, ipv4.sysctl_local_reserved_ports);

	d->low = own & 0xffff ? own & 0xffff : range & 0xffff;
	d->high = own >> 16 ? own >> 16 : range >> 16;
	d->reserved = ports_between((__u64)reserved, d->low, d->high);
	d->usable = d->high >= d->low ? d->high - d->low + 1 - d->reserved : 0;
	d->tw_reuse = READ(net, ipv4.sysctl_tcp_tw_reuse);
}

static __always_inline void report_ports(void *ctx, struct sock *sk, __u8 family, __be16 dport,
					 __u32 note, union detail *detail)
{
	struct call call = { .sk = sk, .family = family, .dport = dport };
	__u8 src[16] = {}, dst[16] = {};

	see_range(&detail->ports, sk);
	/* what a connect has passed over for no connection's sake was bound */
	if (detail->ports.counted && detail->ports.usable > detail->ports.connected)
		detail->ports.bound = detail->ports.usable - detail->ports.connected;
	sock_addresses(sk, family, src, dst);
	call.proto = READ(sk, sk_protocol);
	call.src = src;
	call.dst = dst;
	call.sport = bpf_htons(detail->ports.port);
	report_call(ctx, &call, note, DETAIL_PORTS, detail);
}

/*
 * The end of inet_hash_connect() or inet6_hash_connect(). A socket that has a port already was given
 * it by bind(): then it is this very connection that exists.
 */
static __always_inline int connect_end(void *ctx, struct sock *sk, __u8 family, int result)
{
	union detail *detail = result == -EADDRNOTAVAIL ? attempt_of(sk) : NULL;
	__u64 key = (__u64)sk;
	__u16 port;

	if (detail) {
		port = READ(sk, __sk_common.skc_num);
		detail->ports.port = port;
		detail->ports.counted =
			!port && (family == 4 ? kf.ports4_counted : kf.ports6_counted);
		report_ports(ctx, sk, family, READ(sk, __sk_common.skc_dport),
			     port ? NOTE(NOTE_PORT_TAKEN, 0) : NOTE(NOTE_NO_PORT, PORT_FOR_CONNECT),
			     detail);
	}
	bpf_map_delete_elem(&attempts, &key);
	return 0;
}

SEC("?fexit/inet_hash_connect")
int tcp_connect4__fexit(__u64 *ctx)
{
	return connect_end(ctx, (void *)ctx[1], 4, ctx[2]);
}

SEC("?kprobe/inet_hash_connect")
int tcp_connect4__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return 0;
}

SEC("?kretprobe/inet_hash_connect")
int tcp_connect4__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return connect_end(ctx, (void *)f.args[1], 4, PT_REGS_RC(ctx));
}

SEC("?fexit/inet6_hash_connect")
int tcp_connect6__fexit(__u64 *ctx)
{
	return connect_end(ctx, (void *)ctx[1], 6, ctx[2]);
}

SEC("?kprobe/inet6_hash_connect")
int tcp_connect6__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return 0;
}

SEC("?kretprobe/inet6_hash_connect")
int tcp_connect6__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return connect_end(ctx, (void *)f.args[1], 6, PT_REGS_RC(ctx));
}

static __always_inline bool is_any(const __u32 *addr)
{
	return !(addr[0] | addr[1] | addr[2] | addr[3]);
}

/* Whether two sockets cannot both have a port: same address, or one of them has all addresses. */
static __always_inline bool addresses_clash(struct sock *a, struct sock *b)
{
	__be32 a4 = READ(a, __sk_common.skc_rcv_saddr);
	__be32 b4 = READ(b, __sk_common.skc_rcv_saddr);
	__u32 a6[4], b6[4];

	if (READ(a, __sk_common.skc_family) != AF_INET6 ||
	    READ(b, __sk_common.skc_family) != AF_INET6)
		return !a4 || !b4 || a4 == b4;
	bpf_core_read(a6, sizeof(a6), &a->__sk_common.skc_v6_rcv_saddr);
	bpf_core_read(b6, sizeof(b6), &b->__sk_common.skc_v6_rcv_saddr);
	return is_any(a6) || is_any(b6) || same_words((__u8 *)a6, (__u8 *)b6, 4);
}

static __always_inline void see_holder(struct detail_ports *d, struct sock *sk)
{
	d->holder_state = READ(sk, __sk_common.skc_state);
	d->holder_family = READ(sk, __sk_common.skc_family) == AF_INET6 ? 6 : 4;
	d->holder_sport = bpf_htons(d->port);
	d->holder_dport = READ(sk, __sk_common.skc_dport);
	sock_addresses(sk, d->holder_family, d->holder_src, d->holder_dst);
	if (d->holder_state == TCP_TIME_WAIT)
		return;
	d->holder_inode = sock_inode(sk);
	d->holder_cgroup = sock_cgroup_id(false, sk);
}

/*
 * The socket that holds the port, if connect() chose that: inet_hash_connect() marks the bucket as not
 * to be shared with sockets that bind (fastreuse -1), while what stems from a bound one has 0 or 1.
 */
static __noinline void see_tcp_holder(struct detail_ports *d, struct sock *sk)
{
	struct net *net = READ(sk, __sk_common.skc_net.net);
	struct inet_hashinfo *table = tcp_ports(sk, net);
	struct inet_bind_bucket *bucket = NULL;
	struct inet_bind_hashbucket *slot;
	struct hlist_node *node;
	__u64 hash;

	if (!table)
		return;
	hash = (d->port + READ(net, hash_mix)) & (READ(table, bhash_size) - 1);
	slot = (void *)READ(table, bhash) + hash * bpf_core_type_size(struct inet_bind_hashbucket);
	node = READ(slot, chain.first);
	for (int i = 0; i < CHAIN_LENGTH && node; i++) {
		bucket = (void *)node - bpf_core_field_offset(struct inet_bind_bucket, node);
		if (READ(bucket, port) == d->port && READ(bucket, ib_net.net) == net)
			break;
		node = READ(node, next);
	}
	if (!node || READ(bucket, fastreuse) >= 0)
		return;
	node = first_port_link(bucket);
	for (int i = 0; i < CHAIN_LENGTH && node; i++) {
		struct sock *owner = port_link_owner(node);

		if (owner && addresses_clash(sk, owner)) {
			see_holder(d, owner);
			return;
		}
		node = READ(node, next);
	}
}

/* The same for UDP, whose sockets hang in the table themselves; bind() to a port locks it. */
static __noinline void see_udp_holder(struct detail_ports *d, struct sock *sk)
{
	struct net *net = READ(sk, __sk_common.skc_net.net);
	struct udp_table *table = udp_ports(sk, net);
	struct hlist_node *node;
	struct udp_hslot *slot;
	__u64 hash;

	if (!table)
		return;
	hash = (d->port + READ(net, hash_mix)) & READ(table, mask);
	slot = (void *)READ(table, hash) + hash * bpf_core_type_size(struct udp_hslot);
	node = READ(slot, head.first);
	for (int i = 0; i < CHAIN_LENGTH && node; i++) {
		struct sock *other =
			(void *)node - bpf_core_field_offset(struct sock, __sk_common.skc_node);

		if (other != sk && READ(other, __sk_common.skc_num) == d->port &&
		    READ(other, __sk_common.skc_net.net) == net && addresses_clash(sk, other)) {
			if (!(sock_locks(other) & SOCK_BINDPORT_LOCK))
				see_holder(d, other);
			return;
		}
		node = READ(node, next);
	}
}

/*
 * The end of inet_csk_get_port() or udp_lib_get_port(): not 0 if the port, or any port, is not to be
 * had. That a wanted port is bound already is ordinary; that a client got it by chance is not.
 */
static __always_inline int bind_end(void *ctx, struct sock *sk, __u16 port, bool is_udp, int result)
{
	union detail *detail = result ? attempt_of(sk) : NULL;
	__u64 key = (__u64)sk;
	__u8 family;

	if (!detail)
		return 0;
	detail->ports.port = port;
	if (port && is_udp)
		see_udp_holder(&detail->ports, sk);
	else if (port)
		see_tcp_holder(&detail->ports, sk);
	if (!port || detail->ports.holder_state) {
		family = READ(sk, __sk_common.skc_family) == AF_INET6 ? 6 : 4;
		report_ports(ctx, sk, family, 0,
			     port ? NOTE(NOTE_PORT_HELD, 0) : NOTE(NOTE_NO_PORT, PORT_FOR_BIND),
			     detail);
	}
	bpf_map_delete_elem(&attempts, &key);
	return 0;
}

SEC("?fexit/inet_csk_get_port")
int tcp_bind__fexit(__u64 *ctx)
{
	return bind_end(ctx, (void *)ctx[0], ctx[1], false, ctx[2]);
}

SEC("?kprobe/inet_csk_get_port")
int tcp_bind__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return 0;
}

SEC("?kretprobe/inet_csk_get_port")
int tcp_bind__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return bind_end(ctx, (void *)f.args[0], f.args[1], false, PT_REGS_RC(ctx));
}

SEC("?fexit/udp_lib_get_port")
int udp_bind__fexit(__u64 *ctx)
{
	return bind_end(ctx, (void *)ctx[0], ctx[1], true, ctx[3]);
}

SEC("?kprobe/udp_lib_get_port")
int udp_bind__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return 0;
}

SEC("?kretprobe/udp_lib_get_port")
int udp_bind__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return bind_end(ctx, (void *)f.args[0], f.args[1], true, PT_REGS_RC(ctx));
}
