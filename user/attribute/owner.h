/* SPDX-License-Identifier: GPL-2.0-only */
/* What an owner of a packet is, and how sure we are of it. */
#ifndef ATTRIBUTE_OWNER_H
#define ATTRIBUTE_OWNER_H

#include <stdbool.h>
#include <stdint.h>

/* How an owner was found, strongest evidence first. The names are part of the JSON schema. */
enum how {
	HOW_NONE,
	HOW_SK_CGROUP, /* cgroup of the socket */
	HOW_NETNS,     /* network namespace of the socket or device */
	HOW_VETH,      /* the veth it passed belongs to that pod */
	HOW_MAC,       /* link-layer source address */
	HOW_IP_SRC,
	HOW_IP_DST,
	HOW_HOST, /* the host's own namespace and no pod's socket */
};

enum owner_flag {
	OWNER_AMBIGUOUS = 1,	   /* two pods match, or matched shortly before */
	OWNER_CGROUP_MISMATCH = 2, /* the socket's cgroup is another pod's or no pod's */
	OWNER_TERMINATED = 4,	   /* the pod is gone */
	OWNER_HOST_NETWORK = 8,	   /* pod without a namespace of its own */
};

/* All strings belong to the pod index (see pods.h for how long they stay); NULL: unknown. */
struct owner {
	const char *ns; /* Kubernetes namespace */
	const char *pod;
	const char *uid;
	const char *container;
	const char *container_id;
	const char *unit;	/* cgroup path of a host unit, e.g. system.slice/kubelet.service */
	const char *netns_name; /* name of the network namespace under /run/netns */
	const char *labels;	/* of the pod, as in cri/sandboxes.h */
	uint64_t terminated_ns; /* CLOCK_MONOTONIC, with OWNER_TERMINATED */
	uint32_t netns;		/* inode, shown when nothing better is known */
	uint8_t how;		/* enum how */
	uint8_t flags;		/* enum owner_flag */
};

/* Whether the pod had ended when the loss happened (0: whether it has ended since). */
static inline bool owner_is_terminated(const struct owner *o, uint64_t at_ns)
{
	return o->flags & OWNER_TERMINATED && (!at_ns || at_ns >= o->terminated_ns);
}

/* "sk-cgroup", "netns" ... */
const char *how_name(enum how how);

#endif
