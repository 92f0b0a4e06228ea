// SPDX-License-Identifier: GPL-2.0-only
/* Cgroups that come and go: how user space hears of a pod before its first packet. */
#include "lib/common.bpf.h"
#include "cgroup_event.h"

/*
 * Of its own, so that a storm of losses cannot push a pod out, and few enough to be read at once. What
 * finds no room is made up for by a look at the whole tree.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 512 << 10);
} cgroup_events SEC(".maps");

__u32 cgroup_events_lost;

/* Sockets know their cgroup of the v2 hierarchy only: that is the default one, with the id 0. */
static __always_inline int tell(bool direct, struct cgroup *cgrp, const char *path,
				enum cgroup_change change)
{
	struct cgroup_event *ev;

	if (FOLLOW(direct, cgrp, root, hierarchy_id))
		return 0;
	ev = bpf_ringbuf_reserve(&cgroup_events, sizeof(*ev), 0);
	if (!ev) {
		__sync_fetch_and_add(&cgroup_events_lost, 1);
		return 0;
	}
	ev->time_ns = bpf_ktime_get_ns();
	ev->id = FOLLOW(direct, cgrp, kn, id);
	ev->change = change;
	ev->pad = 0;
	if (bpf_probe_read_kernel_str(ev->path, sizeof(ev->path), path) < 0)
		ev->path[0] = 0;
	bpf_ringbuf_submit(ev, BPF_RB_FORCE_WAKEUP);
	return 0;
}

SEC("?tp_btf/cgroup_mkdir")
int cgroup_mkdir__tp_btf(__u64 *ctx)
{
	return tell(true, (void *)ctx[0], (void *)ctx[1], CGROUP_MADE);
}

SEC("?raw_tp/cgroup_mkdir")
int cgroup_mkdir__raw_tp(__u64 *ctx)
{
	return tell(false, (void *)ctx[0], (void *)ctx[1], CGROUP_MADE);
}

SEC("?tp_btf/cgroup_rmdir")
int cgroup_rmdir__tp_btf(__u64 *ctx)
{
	return tell(true, (void *)ctx[0], (void *)ctx[1], CGROUP_GONE);
}

SEC("?raw_tp/cgroup_rmdir")
int cgroup_rmdir__raw_tp(__u64 *ctx)
{
	return tell(false, (void *)ctx[0], (void *)ctx[1], CGROUP_GONE);
}
