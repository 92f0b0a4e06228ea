/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices and their queueing disciplines: kind, limit and what waits there. */
#ifndef QDISC_BPF_H
#define QDISC_BPF_H

static __always_inline bool is_kind(const char *kind, const char *word, int size)
{
	for (int i = 0; i < size; i++)
		if (kind[i] != word[i])
			return false;
	return true;
}

/* tbf counts bytes against a limit of its own: first member of struct tbf_sched_data, net/sched/sch_tbf.c. */
static __always_inline __u32 qdisc_limit(struct Qdisc *q, const char *kind)
{
	return is_kind(kind, "tbf", 4) ? read_u32((__u64)&q->privdata) : READ(q, limit);
}

static __always_inline void see_qdisc(bool direct, struct detail_qdisc *d, struct Qdisc *q)
{
	const struct Qdisc_ops *ops = FOLLOW(direct, q, ops);

	bpf_probe_read_kernel(d->kind, sizeof(d->kind), &ops->id);
	d->handle = LOAD(direct, q, handle);
	d->parent = LOAD(direct, q, parent);
	d->limit = qdisc_limit(q, d->kind);
	d->length = LOAD(direct, q, q.qlen);
	d->backlog = LOAD(direct, q, qstats.backlog);
	d->drops = LOAD(direct, q, qstats.drops);
}

static __always_inline void fill_qdisc(struct event *ev, struct Qdisc *qdisc)
{
	const struct Qdisc_ops *ops;

	if (!is_kernel_pointer(qdisc))
		return;
	ops = READ(qdisc, ops);
	bpf_probe_read_kernel(ev->qdisc, sizeof(ev->qdisc), &ops->id);
	ev->qdisc_limit = qdisc_limit(qdisc, ev->qdisc);
	ev->qdisc_qlen = READ(qdisc, q.qlen);
	ev->qdisc_backlog = READ(qdisc, qstats.backlog);
}

/* The queue of the device that the packet was for: with many queues, the root (mq) is none itself. */
static __always_inline void fill_queue(bool direct, struct event *ev, struct net_device *dev,
				       struct sk_buff *skb)
{
	__u16 index = LOAD(direct, skb, queue_mapping);
	__u64 queues; /* a number: the verifier knows no arrays */

	ev->tx_queue_len = READ(dev, tx_queue_len);
	if (index >= READ(dev, num_tx_queues)) {
		fill_qdisc(ev, READ(dev, qdisc));
		return;
	}
	queues = (__u64)READ(dev, _tx) + index * bpf_core_type_size(struct netdev_queue);
	fill_qdisc(ev, READ((struct netdev_queue *)queues, qdisc));
}

#endif
