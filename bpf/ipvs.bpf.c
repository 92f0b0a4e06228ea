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
	__u64 reused;
	__u64 scheduled;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct ipvs_server);
	__type(value, struct ipvs_arrivals);
} ipvs_servers SEC(".maps");

/* Adds one new connection, and tells what that server has had by then. */
static __always_inline void count_arrival(struct detail_ipvs *d, __u64 ipvs, bool reused)
{
	struct ipvs_server key = { .ipvs = ipvs, .port = d->real_port, .proto = d->proto };
	struct ipvs_arrivals none = {}, *a;

	__builtin_memcpy(key.addr, d->real_addr, sizeof(key.addr));
	bpf_map_update_elem(&ipvs_servers, &key, &none, BPF_NOEXIST);
	a = bpf_map_lookup_elem(&ipvs_servers, &key);
	if (!a)
		return;
	__sync_fetch_and_add(reused ? &a->reused : &a->scheduled, 1);
	d->reused = a->reused;
	d->scheduled = a->scheduled;
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
			if (old_ct)
				leave(direct, skb, NOTE(NOTE_IPVS_FIRST_SYN, 0), detail);
			else
				notice(ctx, direct, skb, NOTE(NOTE_IPVS_RESCHEDULED, 0), detail);
			return;
		}
		reuse = is_reuse_expected(c, 1);
	}
	if (!d->available) {
		if (!d->expire_nodest_conn || old_ct)
			leave(direct, skb, NOTE(NOTE_IPVS_GONE, 0), detail);
	} else if (reuse) {
		count_arrival(d, c->ipvs, true);
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
	union detail detail = {};

	if (ipvs_read_service(&detail.ipvs, svc))
		leave(direct, skb, NOTE(NOTE_IPVS_NO_DEST, 0), &detail);
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
