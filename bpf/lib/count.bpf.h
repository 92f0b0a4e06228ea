/* SPDX-License-Identifier: GPL-2.0-only */
/* How losses are counted exactly: in a slot of this CPU, else in the map of all losses. */
#ifndef COUNT_BPF_H
#define COUNT_BPF_H

/* Added to what the map of all losses holds. */
static __always_inline void count_in_map(struct cpu_state *cpu, const struct loss_key *key,
					 const struct loss_count *add)
{
	struct loss_count *c = bpf_map_lookup_elem(&losses, key);
	struct loss_count none = {};
	__u32 zero = 0;

	if (!c) {
		bpf_map_update_elem(&losses, key, &none, BPF_NOEXIST);
		c = bpf_map_lookup_elem(&losses, key);
	}
	if (!c) {
		__sync_fetch_and_add(&cpu->counters[CNT_OTHER], add->buffers);
		c = bpf_map_lookup_elem(&losses_other, &zero);
		if (!c)
			return;
	}
	__sync_fetch_and_add(&c->buffers, add->buffers);
	__sync_fetch_and_add(&c->packets, add->packets);
	/* a constant 0 would become an atomic or, which 5.10 does not have */
	if (add->bytes)
		__sync_fetch_and_add(&c->bytes, add->bytes);
}

static __always_inline bool same_key(const struct loss_key *a, const struct loss_key *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;
	__u64 differ = 0;

	for (unsigned int i = 0; i < sizeof(*a) / sizeof(*x); i++)
		differ |= x[i] ^ y[i];
	return !differ;
}

/* Any spread will do: what falls together is only slower. */
static __always_inline __u32 recent_slot(const struct loss_key *key)
{
	__u64 h = key->location ^ key->cgroup << 12 ^ key->netns_cookie << 20 ^
		  (__u64)key->facts << 8 ^ (__u64)key->note << 16 ^ (__u64)key->owner << 24 ^
		  (__u64)key->ifindex << 32 ^ (__u64)key->netns << 32;

	return h * 0x9e3779b97f4a7c15ULL >> 58;
}

static __always_inline void count_in_slot(struct cpu_state *cpu, struct recent_loss *r,
					  const struct loss_key *key, const struct loss_count *add)
{
	if (same_key(&r->key, key)) {
		r->count.buffers++;
		r->count.packets += add->packets;
		r->count.bytes += add->bytes;
		return;
	}
	if (r->count.buffers)
		count_in_map(cpu, &r->key, &r->count);
	r->key = *key;
	r->count = *add;
	r->quiet_ns = 0;
}

/* Until then this CPU need not ask about the key again. */
static __always_inline void be_quiet(struct recent_loss *r, const struct loss_key *key,
				     __u64 until_ns)
{
	if (try_hold(&r->busy) && same_key(&r->key, key))
		r->quiet_ns = until_ns;
	let_go(&r->busy);
}

/*
 * A token bucket per key, in one number (the generic cell rate algorithm, ITU-T I.371): the time at which
 * details sent evenly would have got to. All CPUs share it; two that ask at once may both be let through.
 */
static __always_inline bool detail_is_due(const struct loss_key *key)
{
	__u64 now = bpf_ktime_get_ns(), due = now;
	__u32 slot = recent_slot(key);
	struct recent_loss *r = bpf_map_lookup_elem(&recent_losses, &slot);
	__u64 *at;

	if (!r)
		return true;
	if (now < r->quiet_ns && same_key(&r->key, key))
		return false;
	at = bpf_map_lookup_elem(&detail_times, key);
	if (at && *at > now)
		due = *at;
	if (due > now + knobs.detail_burst_ns) {
		be_quiet(r, key, due - knobs.detail_burst_ns);
		return false;
	}
	due += knobs.detail_gap_ns;
	if (at)
		*at = due;
	else
		bpf_map_update_elem(&detail_times, key, &due, BPF_ANY);
	return true;
}

/*
 * Losses come in storms, and those of a storm are alike: so each CPU keeps what it counted last in a few
 * slots, where a key is compared and not hashed, and adds to the map what has to make room.
 */
static __always_inline void count_loss(struct cpu_state *cpu, const struct loss_key *key,
				       __u32 length, __u16 segs)
{
	struct loss_count add = { .buffers = 1, .packets = segs, .bytes = length };
	__u32 slot = recent_slot(key);
	struct recent_loss *r = bpf_map_lookup_elem(&recent_losses, &slot);

	count(cpu, CNT_COUNTED);
	if (!r) {
		count_in_map(cpu, key, &add);
		return;
	}
	if (try_hold(&r->busy))
		count_in_slot(cpu, r, key, &add);
	else
		count_in_map(cpu, key, &add);
	let_go(&r->busy);
}

#endif
