// SPDX-License-Identifier: GPL-2.0-only
/* The least that counts drops by reason and place: what whydrop's counting is compared with. */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct place {
	__u64 location;
	__u64 reason;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct place);
	__type(value, __u64);
} counts SEC(".maps");

/* The tracepoint's arguments: skb, location, reason. */
SEC("tp_btf/kfree_skb")
int floor_count(__u64 *ctx)
{
	struct place key = { ctx[1], (__u32)ctx[2] };
	__u64 one = 1, *count = bpf_map_lookup_elem(&counts, &key);

	if (count)
		++*count;
	else
		bpf_map_update_elem(&counts, &key, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
