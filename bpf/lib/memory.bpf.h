/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory for sockets: what a protocol may use in all, and the memory cgroups a socket is charged to. */
#ifndef MEMORY_BPF_H
#define MEMORY_BPF_H

#define CGROUP_LEVELS 8

/* Of the cgroups around the socket that have a limit, the one with the least left. */
static __always_inline void see_memory_cgroup(struct detail_memory *d, struct sock *sk)
{
	__u64 at = sock_memory_cgroup(sk), least = ~0ULL;
	struct page_counter *c = (void *)(at + bpf_core_field_offset(struct mem_cgroup, memory));

	if (!at)
		return;
	for (int i = 0; i < CGROUP_LEVELS && c; i++, c = READ(c, parent)) {
		__u64 used = READ(c, usage.counter), max = READ(c, max);
		__u64 left = max > used ? max - used : 0;

		/* PAGE_COUNTER_MAX is more than any machine has */
		if (max >> 32 || left >= least)
			continue;
		least = left;
		d->cgroup_pages = used;
		d->cgroup_limit = max;
	}
}

/* __sk_mem_raise_allocated(), net/core/sock.c, asks the cgroups and compares with the third of the limits. */
static __always_inline void see_memory(struct detail_memory *d, struct sock *sk,
				       const struct sk_buff *skb)
{
	struct proto *prot = READ(sk, __sk_common.skc_prot);
	long *limits = READ(prot, sysctl_mem);

	bpf_probe_read_kernel_str(d->protocol, sizeof(d->protocol), prot->name);
	d->pages = read_u64((__u64)READ(prot, memory_allocated));
	for (int i = 0; i < 3; i++)
		d->limits[i] = read_u64((__u64)&limits[i]);
	if (skb)
		d->needed = (READ(skb, truesize) + 4095) / 4096;
	see_memory_cgroup(d, sk);
}

#endif
