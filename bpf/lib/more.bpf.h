/* SPDX-License-Identifier: GPL-2.0-only */
/* What a record carries for those who asked for more: structures, the caller's stack, and a longer packet. */
#ifndef MORE_BPF_H
#define MORE_BPF_H

/* A structure's beginning; how much of it could be read. The address may be any number. */
static __always_inline __u16 dump(void *to, __u32 size, __u64 from)
{
	return from && !bpf_probe_read_kernel(to, size, (void *)from) ? size : 0;
}

/* The socket that was looked at, else the packet's own, which may be a small one: see see_sock(). */
static __always_inline void dump_socket(struct event_more *m, const struct seen *s)
{
	struct sk_buff *skb = s->skb;
	struct sock *sk;

	if (s->desk->sk) {
		m->sk_size = dump(m->sk, knobs.dump_sk, s->desk->sk);
		return;
	}
	sk = skb ? READ(skb, sk) : NULL;
	if (is_kernel_pointer(sk))
		m->sk_size = dump(m->sk, knobs.dump_sk_common, (__u64)sk);
}

static __always_inline void dump_structs(struct event_more *m, const struct seen *s)
{
	struct sk_buff *skb = s->skb;

	dump_socket(m, s);
	if (!skb)
		return;
	m->skb_size = dump(m->skb, knobs.dump_skb, (__u64)skb);
	m->info_size = dump(m->info, knobs.dump_info, s->desk->head + READ(skb, end));
}

/* Of whatever task is current: user space knows whether it is the caller's. */
static __always_inline void see_caller(void *ctx, struct event_more *m)
{
	struct bpf_pidns_info ids = {};
	long size;

	/* -EINVAL for a task of another namespace: nothing can be found out about it */
	bpf_get_ns_current_pid_tgid(knobs.pidns_dev, knobs.pidns_ino, &ids, sizeof(ids));
	m->pid = ids.tgid;
	bpf_get_current_comm(m->comm, sizeof(m->comm));
	size = bpf_get_stack(ctx, m->user_stack, sizeof(m->user_stack), BPF_F_USER_STACK);
	m->user_frames = size > 0 ? size / sizeof(__u64) : 0;
}

/* As fill_snap(), which has found where it begins. */
static __always_inline void fill_long_snap(struct event_more *m, const struct event *ev,
					   const struct seen *s)
{
	struct sk_buff *skb = s->skb;
	__u32 tail = READ(skb, tail), size;
	__u16 from = s->desk->l3 - (ev->l3_offset == 0xffff ? 0 : ev->l3_offset);

	size = tail > from ? tail - from : 0;
	if (size > knobs.snap_size)
		size = knobs.snap_size;
	barrier_var(size);
	if (size > MORE_SNAP_MAX || size > knobs.snap_size ||
	    bpf_probe_read_kernel(m->snap, size, (void *)(s->desk->head + from)))
		size = 0;
	m->snap_size = size;
}

static __always_inline void fill_more(void *ctx, bool packet, struct event *ev,
				      const struct seen *s)
{
	struct event_more *m = (void *)(ev->stack + EVENT_STACK);

	__builtin_memset(m, 0, offsetof(struct event_more, user_stack));
	ev->has_more = 1;
	ev->size = knobs.record_size;
	if (knobs.more & MORE_SKB)
		dump_structs(m, s);
	if (knobs.more & MORE_USER_STACK)
		see_caller(ctx, m);
	if (knobs.more & MORE_SNAP && packet)
		fill_long_snap(m, ev, s);
}

#endif
