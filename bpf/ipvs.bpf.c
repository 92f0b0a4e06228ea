// SPDX-License-Identifier: GPL-2.0-only
/* IPVS: new connections that meet an old one's entry, and packets whose real server is gone. */
#include "lib/common.bpf.h"
#include "lib/kernel_ipvs.bpf.h"

/* include/uapi/linux/ip_vs.h, include/net/ip_vs.h */
#define IP_VS_CONN_F_NOOUTPUT 0x80
#define IP_VS_TCP_S_FIN_WAIT  4
#define IP_VS_TCP_S_TIME_WAIT 5
#define IP_VS_TCP_S_CLOSE     6

#define NFCT_PTRMASK ~7ULL

/* How new connections came to a real server. */
struct ipvs_server {
	__u64 ipvs; /* struct netns_ipvs: the namespace */
	__u8 addr[16];
	__u16 port;
	__u16 proto;
	__u32 pad;
};

struct ipvs_arrivals {
	__u64 since_ns;
	__u64 reused;
	__u64 scheduled;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct ipvs_server);
	__type(value, struct ipvs_arrivals);
} ipvs_servers SEC(".maps");

/* What the server of the evidence has had so far; NULL: nothing. */
static __always_inline struct ipvs_arrivals *arrivals_of(const struct detail_ipvs *d, __u64 ipvs,
							 bool begin)
{
	struct ipvs_server key = { .ipvs = ipvs, .port = d->real_port, .proto = d->proto };
	struct ipvs_arrivals none = { .since_ns = bpf_ktime_get_ns() };

	__builtin_memcpy(key.addr, d->real_addr, sizeof(key.addr));
	if (begin)
		bpf_map_update_elem(&ipvs_servers, &key, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&ipvs_servers, &key);
}

static __always_inline void tell_arrivals(struct detail_ipvs *d, const struct ipvs_arrivals *a)
{
	d->reused = a->reused;
	d->scheduled = a->scheduled;
	d->watched_s = (bpf_ktime_get_ns() - a->since_ns) / SECOND_NS;
}

/* Adds one new connection, and tells what that server has had by then. */
static __always_inline void count_arrival(struct detail_ipvs *d, __u64 ipvs, bool reused)
{
	struct ipvs_arrivals *a = arrivals_of(d, ipvs, true);

	if (!a)
		return;
	__sync_fetch_and_add(reused ? &a->reused : &a->scheduled, 1);
	tell_arrivals(d, a);
}

static __always_inline bool had_arrivals(const struct ipvs_end *e, __u64 ipvs, __u8 proto)
{
	struct ipvs_server key = { .ipvs = ipvs, .port = e->port, .proto = proto };

	__builtin_memcpy(key.addr, e->addr, sizeof(key.addr));
	return bpf_map_lookup_elem(&ipvs_servers, &key);
}

#define SERVERS_LOOKED_AT 8 /* of a service */

/* The first servers of a service; with `idle` those that take new connections and have had none. */
static __always_inline void see_servers(struct detail_ipvs *d, __u64 ipvs, __u64 svc, bool idle)
{
	__u64 head = ipvs_servers_of(svc), at = head;
	__u32 shown = 0;

	for (int i = 0; i < SERVERS_LOOKED_AT && shown < IPVS_SERVERS; i++) {
		struct ipvs_end e = {};

		at = read_u64(at);
		if (at == head || !is_kernel_pointer((void *)at))
			return;
		ipvs_read_end(&e, ipvs_server_at(at));
		if (idle && (!e.weight || had_arrivals(&e, ipvs, d->proto)))
			continue;
		d->servers[shown % IPVS_SERVERS] = e;
		shown++;
	}
}

static __always_inline void see_idle_servers(struct detail_ipvs *d, const struct ipvs_conn *c)
{
	__u64 svc = ipvs_service_of(c->dest, c->ipvs);

	if (svc)
		see_servers(d, c->ipvs, svc, true);
}

/* A connection that gets a server anew: what the old one has had. */
static __always_inline void see_arrivals(struct detail_ipvs *d, __u64 ipvs)
{
	const struct ipvs_arrivals *a = arrivals_of(d, ipvs, false);

	if (a)
		tell_arrivals(d, a);
}

static __always_inline void see_conntrack(bool direct, struct detail_ipvs *d, struct sk_buff *skb)
{
	__u64 nfct = LOAD(direct, skb, _nfct) & NFCT_PTRMASK;

	if (!nfct)
		return;
	d->has_ct = 1;
	d->ct_status = READ((struct nf_conn *)nfct, status);
}

static __always_inline bool is_syn_packet(bool direct, struct sk_buff *skb)
{
	__u64 head = (__u64)LOAD(direct, skb, head);
	__u8 l3[56] __attribute__((aligned(8))) = {};

	bpf_probe_read_kernel(l3, sizeof(l3), (void *)(head + LOAD(direct, skb, network_header)));
	if (l3[0] >> 4 == 4)
		return l3[9] == IPPROTO_TCP && (l3[0] & 15) == 5 && l3[33] & 2;
	return l3[6] == IPPROTO_TCP && l3[53] & 2;
}

/* is_new_conn_expected() with mode 1, or what it would say with mode 1 where reuse is off. */
static __always_inline bool is_reuse_expected(const struct ipvs_conn *c, __u32 mode)
{
	if (c->control || c->proto != IPPROTO_TCP)
		return false;
	return c->state == IP_VS_TCP_S_TIME_WAIT || c->state == IP_VS_TCP_S_CLOSE ||
	       ((mode & 2) && c->state == IP_VS_TCP_S_FIN_WAIT && c->flags & IP_VS_CONN_F_NOOUTPUT);
}

static __always_inline void leave(bool direct, struct sk_buff *skb, __u32 note,
				  const union detail *detail)
{
	note_leave(direct, skb, NULL, note, DETAIL_IPVS, detail);
}

static __always_inline void notice(void *ctx, bool direct, struct sk_buff *skb, __u32 note,
				   const union detail *detail)
{
	report_packet(ctx, direct, EV_NOTICE, skb, NULL, note, DETAIL_IPVS, detail);
}

/*
 * What ip_vs_in() does with the entry it has found, net/netfilter/ipvs/ip_vs_core.c: its steps are
 * retraced from the same fields, since all that follows is inlined.
 */
static __always_inline void judge(void *ctx, bool direct, struct sk_buff *skb, __u64 cp,
				  const struct ipvs_conn *c, union detail *detail)
{
	struct detail_ipvs *d = &detail->ipvs;
	bool reuse = false, old_ct;

	ipvs_read_conn_detail(d, cp, c);
	ipvs_read_dest_detail(d, c->dest);
	see_conntrack(direct, d, skb);
	old_ct = d->ct_status & IPS_CONFIRMED;
	if (is_syn_packet(direct, skb)) {
		if ((d->expire_nodest_conn && !d->weight) ||
		    (d->conn_reuse_mode && is_reuse_expected(c, d->conn_reuse_mode) &&
		     (!c->n_control || !old_ct))) {
			if (old_ct) {
				leave(direct, skb, NOTE(NOTE_IPVS_FIRST_SYN, 0), detail);
			} else {
				see_arrivals(d, c->ipvs);
				see_idle_servers(d, c);
				notice(ctx, direct, skb, NOTE(NOTE_IPVS_RESCHEDULED, 0), detail);
			}
			return;
		}
		reuse = is_reuse_expected(c, 1);
	}
	if (!d->available) {
		if (!d->expire_nodest_conn || old_ct)
			leave(direct, skb, NOTE(NOTE_IPVS_GONE, 0), detail);
	} else if (reuse) {
		count_arrival(d, c->ipvs, true);
		see_idle_servers(d, c);
		leave(direct, skb, NOTE(NOTE_IPVS_FORWARDED, IPVS_BY_REUSE), detail);
		notice(ctx, direct, skb, NOTE(NOTE_IPVS_PINNED, IPVS_BY_REUSE), detail);
	} else if (!d->weight) {
		leave(direct, skb, NOTE(NOTE_IPVS_FORWARDED, IPVS_WEIGHT_0), detail);
	}
}

/* Most packets belong to a connection in full order and are let go after a few reads. */
static __always_inline int looked_up(void *ctx, bool direct, struct sk_buff *skb, __u64 cp)
{
	struct cpu_state *cpu = this_cpu_state();
	struct ipvs_conn c = {};

	if (!cp || !cpu)
		return 0;
	ipvs_read_conn(&c, cp);
	if (!c.dest ||
	    (!is_reuse_expected(&c, 3) && ipvs_weight(c.dest) && ipvs_is_available(c.dest)))
		return 0;
	if (!ipvs_is_plausible(c.ipvs))
		return 0;
	judge(ctx, direct, skb, cp, &c, detail_lend(cpu));
	desk_return(cpu);
	return 0;
}

SEC("?fexit/ip_vs_conn_in_get_proto")
int ipvs_lookup__fexit(__u64 *ctx)
{
	return looked_up(ctx, true, (void *)ctx[2], ctx[4]);
}

SEC("?kprobe/ip_vs_conn_in_get_proto")
int ipvs_lookup__kprobe(struct pt_regs *ctx)
{
	frame_save(ctx);
	return 0;
}

SEC("?kretprobe/ip_vs_conn_in_get_proto")
int ipvs_lookup__kretprobe(struct pt_regs *ctx)
{
	struct frame f;

	if (!frame_take(ctx, &f))
		return 0;
	return looked_up(ctx, false, (void *)f.args[2], PT_REGS_RC(ctx));
}

/* A new connection that the scheduler placed. */
static __always_inline int scheduled(__u64 svc, __u64 cp)
{
	struct detail_ipvs d = {};
	struct cpu_state *cpu = this_cpu_state();
	struct ipvs_conn c = {};

	if (!cp || !cpu)
		return 0;
	ipvs_read_conn(&c, cp);
	if (!c.dest || !ipvs_is_plausible(c.ipvs))
		return 0;
	d.proto = c.proto;
	ipvs_read_dest_detail(&d, c.dest);
	count_arrival(&d, c.ipvs, false);
	return 0;
}

SEC("?fexit/ip_vs_schedule")
int ipvs_schedule__fexit(__u64 *ctx)
{
	return scheduled(ctx[0], ctx[5]);
}

SEC("?kretprobe/ip_vs_schedule")
int ipvs_schedule__kretprobe(struct pt_regs *ctx)
{
	return scheduled(0, PT_REGS_RC(ctx));
}

/* int ip_vs_leave(svc, skb, pd, iph): no real server takes it; answered with port unreachable. */
static __always_inline int left(bool direct, __u64 svc, struct sk_buff *skb)
{
	struct cpu_state *cpu = this_cpu_state();
	union detail *detail;

	if (!cpu)
		return 0;
	detail = detail_lend(cpu);
	if (ipvs_read_service(&detail->ipvs, svc)) {
		see_servers(&detail->ipvs, 0, svc, false);
		leave(direct, skb, NOTE(NOTE_IPVS_NO_DEST, 0), detail);
	}
	desk_return(cpu);
	return 0;
}

SEC("?fentry/ip_vs_leave")
int ipvs_leave__fentry(__u64 *ctx)
{
	return left(true, ctx[0], (void *)ctx[1]);
}

SEC("?kprobe/ip_vs_leave")
int ipvs_leave__kprobe(struct pt_regs *ctx)
{
	return left(false, PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx));
}
