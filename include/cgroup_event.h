/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel tells of cgroups that come and go, in a ring of its own. */
#ifndef CGROUP_EVENT_H
#define CGROUP_EVENT_H

/* No includes: see event.h. */

/* The longest path of a pod's container, below a kubelet's root and in slices, has about 320 bytes. */
#define CGROUP_EVENT_PATH 384

enum cgroup_change {
	CGROUP_MADE = 1,
	CGROUP_GONE,
};

struct cgroup_event {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u64 id;      /* of the cgroup v2 hierarchy; never used again in one boot */
	__u32 change;  /* enum cgroup_change */
	__u32 pad;
	char path[CGROUP_EVENT_PATH]; /* ends with 0; cut if it is longer */
};

#endif
