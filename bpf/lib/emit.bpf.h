/* SPDX-License-Identifier: GPL-2.0-only */
/* What happens to a loss that was seen: filter, count, and the detailed record. */
#ifndef EMIT_BPF_H
#define EMIT_BPF_H

/* Wake the reader when enough is waiting; a lone record waits for the reader's own timer. */
static __always_inline __u64 wakeup(const struct cpu_state *cpu)
{
	return (cpu->counters[CNT_SENT] & knobs.wakeup_mask) == knobs.wakeup_mask
		       ? BPF_RB_FORCE_WAKEUP
		       : BPF_RB_NO_WAKEUP;
}

static __always_inline void fill_socket(bool direct, struct event *ev, struct sock *sk)
{
	ev->sk_rmem = FOLLOW(direct, sk, sk_backlog.rmem_alloc.counter);
	ev->sk_rcvbuf = FOLLOW(direct, sk, sk_rcvbuf);
	ev->sk_backlog_len = FOLLOW(direct, sk, sk_backlog.len);
	ev->sk_wmem = FOLLOW(direct, sk, sk_wmem_alloc.refs.counter);
	ev->sk_sndbuf = FOLLOW(direct, sk, sk_sndbuf);
	ev->sk_ack_backlog = FOLLOW(direct, sk, sk_ack_backlog);
	ev->sk_max_ack_backlog = FOLLOW(direct, sk, sk_max_ack_backlog);
	ev->sk_drops = FOLLOW(direct, sk, sk_drops.counter);
	ev->sk_port = FOLLOW(direct, sk, __sk_common.skc_num);
	ev->sk_family = FOLLOW(direct, sk, __sk_common.skc_family);
	ev->sk_inode = sock_inode(sk);
}

static __always_inline void fill_peer(struct event *ev, struct net_device *dev)
{
	struct net_device *peer = veth_peer(dev);

	ev->peer_mtu = READ(peer, mtu);
}

static __always_inline void fill_route(bool direct, struct event *ev, struct sk_buff *skb)
{
	ev->dst_mtu = dst_device(direct, skb) ? dst_mtu(direct, skb) : 0;
}

/* The bytes from the link-layer header, or from the network header where there is no other. */
static __always_inline void fill_snap(bool direct, struct event *ev, const struct seen *s)
{
	__u16 mac = LOAD(direct, s->skb, mac_header);
	__u16 l4 = LOAD(direct, s->skb, transport_header);
	__u32 tail = LOAD(direct, s->skb, tail);
	__u16 l3 = s->desk->l3, from = l3;
	__u32 size;

	if (mac != 0xffff && mac < l3 && l3 - mac <= 32)
		from = mac;
	size = tail > from ? tail - from : 0;
	if (size > EVENT_SNAP)
		size = EVENT_SNAP;
	barrier_var(size);
	if (size > EVENT_SNAP ||
	    bpf_probe_read_kernel(ev->snap, size, (void *)(s->desk->head + from)))
		size = 0;
	ev->snap_size = size;
	ev->l3_offset = l3 - from < size ? l3 - from : 0xffff;
	ev->l4_offset = l4 != 0xffff && l4 >= l3 && l4 - from < size ? l4 - from : 0xffff;
}

static __always_inline void fill_packet(bool direct, struct event *ev, const struct seen *s)
{
	ev->mark = LOAD(direct, s->skb, mark);
	ev->iif = LOAD(direct, s->skb, skb_iif);
	ev->hash = LOAD(direct, s->skb, hash);
	ev->skb = (__u64)s->skb;
	fill_snap(direct, ev, s);
}

/* The headers that see_flow() wrote, the route's device, and who called, if anybody did. */
static __always_inline void fill_flow(struct event *ev, const struct seen *s)
{
	struct net_device *dev = (void *)s->desk->dev;

	__builtin_memcpy(ev->snap, s->desk->flow.bytes, 48);
	ev->snap_size = s->desk->flow.family == 6 ? 48 : 28;
	ev->l4_offset = s->desk->flow.family == 6 ? 40 : 20;
	if (dev) {
		bpf_probe_read_kernel(ev->dev, sizeof(ev->dev), &dev->name);
		ev->dev_mtu = READ(dev, mtu);
	}
	if (ev->key.kind != EV_CALL)
		return;
	if (dev)
		fill_qdisc(ev, READ(dev, qdisc));
	ev->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(ev->comm, sizeof(ev->comm));
}

/* Directly what the hook gave; what came out of the sk_buff by its address, see fill_dev(). */
static __always_inline void fill_sock(bool direct, struct event *ev, const struct seen *s)
{
	if (s->desk->sk_from != SK_GIVEN)
		fill_socket(false, ev, (void *)s->desk->sk);
	else if (s->sk)
		fill_socket(direct, ev, s->sk);
}

/* NEED_*: of a note's and a fact's loss everything, of others what their reason's causes show. */
static __always_inline __u8 needs(const struct loss_key *key)
{
	if (key->note || key->facts & (FACT_OVER_PEER_MTU | FACT_OVER_DST_MTU) ||
	    key->reason >= KNOBS_REASONS)
		return NEED_QUEUE | NEED_ROUTE;
	return knobs.need[key->reason];
}

/* Not directly: newer verifiers look for three names among all types for each pointer out of an sk_buff
 * (btf_nested_type_is_trusted), each time they come by. */
static __always_inline void fill_dev(bool direct, struct event *ev, const struct seen *s,
				     const struct loss_key *key, __u8 need)
{
	struct net_device *dev = (void *)s->desk->dev;

	bpf_probe_read_kernel(ev->dev, sizeof(ev->dev), &dev->name);
	ev->dev_mtu = READ(dev, mtu);
	if (need & NEED_QUEUE)
		fill_queue(direct, ev, dev, s->skb);
	if (key->facts & FACT_OVER_PEER_MTU)
		fill_peer(ev, dev);
}

/* `packet`, known when this is compiled: whether there is an sk_buff. */
static __always_inline void fill(bool direct, bool packet, struct event *ev, const struct seen *s,
				 const struct loss_key *key, __u32 length, __u16 segs)
{
	const struct desk *desk = s->desk;
	__u8 need;

	__builtin_memset(ev, 0, offsetof(struct event, snap));
	ev->version = EVENT_VERSION;
	ev->size = sizeof(*ev);
	ev->cpu = bpf_get_smp_processor_id();
	ev->time_ns = bpf_ktime_get_ns();
	ev->key = *key;
	ev->length = length;
	ev->segs = segs;
	if (desk->sk_from)
		fill_sock(direct, ev, s);
	if (packet) {
		need = needs(key);
		if (desk->dev)
			fill_dev(direct, ev, s, key, need);
		if (need & NEED_ROUTE)
			fill_route(direct, ev, s->skb);
		fill_packet(direct, ev, s);
	} else {
		fill_flow(ev, s);
	}
	if (desk->detail_kind) {
		ev->detail_kind = desk->detail_kind;
		bpf_probe_read_kernel(&ev->detail, sizeof(ev->detail), (void *)desk->detail_at);
		return;
	}
	if (packet)
		fill_evidence(direct, ev, s, key);
	if (!ev->detail_kind && desk->sk)
		fill_receiver(ev, (void *)desk->sk, s->skb);
}

static __always_inline void send_event(void *ctx, bool direct, bool packet, struct cpu_state *cpu,
				       const struct seen *s, const struct loss_key *key,
				       __u32 length, __u16 segs)
{
	struct event *ev;
	long frames;

	/* 5.10 wants a constant size: so two reservations; what the user asked for is constant, too */
	if (knobs.more)
		ev = bpf_ringbuf_reserve(&events, knobs.record_size, 0);
	else if (knobs.stack)
		ev = bpf_ringbuf_reserve(&events, sizeof(*ev) + EVENT_STACK * sizeof(__u64), 0);
	else
		ev = bpf_ringbuf_reserve(&events, sizeof(*ev), 0);
	if (!ev) {
		count(cpu, CNT_LOST);
		return;
	}
	fill(direct, packet, ev, s, key, length, segs);
	if (knobs.stack) {
		frames = bpf_get_stack(ctx, ev->stack, EVENT_STACK * sizeof(__u64), 0);
		ev->stack_size = frames > 0 ? frames / sizeof(__u64) : 0;
		ev->size += EVENT_STACK * sizeof(__u64);
	}
	if (knobs.more)
		fill_more(ctx, packet, ev, s);
	bpf_ringbuf_submit(ev, wakeup(cpu));
	count(cpu, CNT_SENT);
}

/* Filter, count, and describe what was seen. */
static __always_inline void report(void *ctx, bool direct, bool packet, struct cpu_state *cpu,
				   const struct seen *s, struct loss_key *key)
{
	__u16 segs = s->desk->packets ? s->desk->packets : 1;
	__u32 length = 0;

	if (!packet_passes(s, key) || !place_passes(key) ||
	    (knobs.filter_owner && is_unwanted(key))) {
		count(cpu, CNT_FILTERED);
		return;
	}
	if (is_own_traffic(s, key)) {
		count(cpu, CNT_OWN);
		return;
	}
	see_owner(direct, packet, cpu, s, key);
	if (packet) {
		see_room((void *)s->desk->sk, s->skb, key);
		length = LOAD(direct, s->skb, len);
		segs = segments(direct, s->skb, s->desk->head);
	}
	count_loss(cpu, key, length, segs);
	if (!knobs.events)
		return;
	if (!key->note && key->reason < KNOBS_REASONS && knobs.mute[key->reason]) {
		count(cpu, CNT_MUTED);
		return;
	}
	if (knobs.detail_gap_ns && !describe_all && !detail_is_due(key)) {
		count(cpu, CNT_SAMPLED);
		return;
	}
	send_event(ctx, direct, packet, cpu, s, key, length, segs);
}

/*
 * A packet that a hook other than kfree_skb saw lost, or that a notice is about. `sk` is the
 * receiver's socket, or NULL.
 */
static __always_inline void report_packet(void *ctx, bool direct, enum event_kind kind,
					  struct sk_buff *skb, struct sock *sk, __u32 note,
					  enum detail_kind detail_kind, const union detail *detail)
{
	struct seen s = { .skb = skb, .sk = sk };
	struct cpu_state *cpu = this_cpu_state();
	struct loss_key *key;

	if (!cpu || !skb)
		return;
	count(cpu, CNT_SEEN);
	s.desk = desk_lend(cpu);
	key = desk_clear(s.desk, kind, note);
	desk_bring(s.desk, detail_kind, detail);
	see_packet(direct, &s, key);
	see_socket(direct, &s, key);
	see_device(direct, &s, key);
	see_route(direct, &s, key);
	report(ctx, direct, true, cpu, &s, key);
	desk_return(cpu);
}

/* A call that was refused: what it wanted, in network byte order. */
struct call {
	struct sock *sk;
	__u8 family;	       /* 4 or 6: of the addresses; an IPv6 socket may speak IPv4 */
	__u8 proto;	       /* IPPROTO_* */
	const void *src, *dst; /* 4 or 16 bytes */
	__be16 sport, dport;
};

/*
 * Reported in its caller's context: the caller's cgroup is the owner's, which may have got the socket
 * from elsewhere. Calls fail seldom, so nothing here is worth a direct load.
 */
static __always_inline void report_call(void *ctx, const struct call *call, __u32 note,
					enum detail_kind detail_kind, const union detail *detail)
{
	struct seen s = { .sk = call->sk };
	struct cpu_state *cpu = this_cpu_state();
	struct loss_key *key;

	if (!cpu)
		return;
	count(cpu, CNT_SEEN);
	s.desk = desk_lend(cpu);
	key = desk_clear(s.desk, EV_CALL, note);
	desk_bring(s.desk, detail_kind, detail);
	s.desk->sk = (__u64)call->sk;
	s.desk->sk_from = SK_NOTED;
	s.desk->flow.family = call->family;
	add_facts(key, FACT_SK_TX);
	see_owner_of_socket(false, call->sk, key);
	key->netns = key->sk_netns;
	key->cgroup = bpf_get_current_cgroup_id();
	see_call_device(&s, key);
	see_flow(&s, key, call->proto, call->src, call->dst, call->sport, call->dport);
	report(ctx, false, false, cpu, &s, key);
	desk_return(cpu);
}

#endif
