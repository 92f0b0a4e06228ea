/* SPDX-License-Identifier: GPL-2.0-only */
/* The pods, containers, units and namespaces of this node as plain data: asked often, told by watch. */
#ifndef ATTRIBUTE_PODS_H
#define ATTRIBUTE_PODS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>

#include "attribute/addrs.h"
#include "attribute/cgroup_path.h"
#include "event.h"

/* A pod that ended answers for its addresses this long, for all else as graves.h says. */
#define PODS_ADDR_LINGER_NS (30 * 1000000000ULL)

struct pods;
struct pods_netns;
struct cgroup;

/*
 * Texts are interned in the index; NULL where unknown. They stay where they are until the generation
 * changes, and can still be read for seconds after that.
 */
struct container {
	const char *id;
	const char *name;
	bool sandbox; /* the pause container: owns the namespace, sends nothing */

	struct pod *pod;	/* the rest is the index's own; pod may be NULL */
	struct container *next; /* of the same pod */
	uint32_t cgroups;	/* that point here */
	uint32_t live_cgroups;
};

struct pod {
	const char *uid;
	const char *ns;
	const char *name;
	const char *labels; /* "key=value\n" for each, "" if it has none */
	bool host_network;  /* lives in the host's network namespace */
	bool terminated;
	uint64_t terminated_ns; /* CLOCK_MONOTONIC */
	uint32_t netns;		/* inode of its namespace, 0 if unknown or the host's */
	uint64_t netns_cookie;	/* 0 if unknown */
	uint32_t id;		/* of this run, never used again; below 1 << 23 */

	uint64_t made_ns;  /* for watch: when it was first seen, or got another sandbox */
	uint64_t look_ns;  /* when to look at it next, 0: not without a reason */
	uint64_t wait_ns;  /* then how long to wait for the time after */
	int32_t nsid;	   /* the number the host's namespace has for its own, or -1 */
	bool shares_netns; /* its sandbox was made to stay in the network namespace of its runtime */

	uint32_t stamp; /* the rest is the index's own */
	struct container *containers;
	struct cgroup *cgroups;
	struct pods_netns *home;
	struct pods_netns *old_homes; /* of sandboxes before this one */
	struct addrs_claim *claims;
	struct owner_dev *devs;
	uint32_t dev_count;
};

/* What a cgroup id stands for. */
struct pods_cgroup {
	const struct pod *pod;
	const struct container *container;
	const char *unit; /* outside pods; NULL for the root */
};

/* 0 or -ENOMEM. The index belongs to the caller. */
int pods_new(struct pods **out);
void pods_free(struct pods *p);

/*
 * Telling. All return 0 or -ENOMEM and change nothing when told what is known. Pointers to pods stay
 * valid until the next pods_expire() after the pod's end. Times are CLOCK_MONOTONIC.
 */
int pods_add(struct pods *p, const char *uid, struct pod **out);
int pods_set_name(struct pods *p, struct pod *pod, const char *ns, const char *name);
int pods_set_labels(struct pods *p, struct pod *pod, const char *labels);
/*
 * The namespace a pod lives in; inum 0: the host's. A namespace that a living pod has already is not
 * given to another: whoever joined it later is a guest.
 */
int pods_set_netns(struct pods *p, struct pod *pod, uint32_t inum, uint64_t cookie);
/* All addresses of the pod, link-layer ones (ADDRS_FAMILY_MAC) too. */
int pods_set_addrs(struct pods *p, struct pod *pod, const struct owner_addr *addr, size_t count,
		   uint64_t now_ns);
/* All devices outside the pod whose other end is inside. */
int pods_set_devs(struct pods *p, struct pod *pod, const struct owner_dev *dev, size_t count);
/* A cgroup (v2 id) and what its path says. */
int pods_add_cgroup(struct pods *p, uint64_t id, const struct cgroup_path *path);
/* True if the cgroup is known; it then counts as seen by the scan. */
bool pods_touch_cgroup(struct pods *p, uint64_t id);
int pods_set_container(struct pods *p, const char *id, const char *name, bool sandbox);
/* A container whose path does not name its pod belongs to this one. */
void pods_adopt(struct pods *p, struct pod *pod, const char *id);
/* The name of a network namespace under /run/netns. */
int pods_set_netns_name(struct pods *p, uint32_t inum, uint64_t cookie, const char *name);
/*
 * A cgroup is gone. With the last of its containers a pod has ended, even if its own directory stays for
 * a while; if it gets a new one (a new sandbox), it lives again.
 */
int pods_end_cgroup(struct pods *p, uint64_t id, uint64_t time_ns);
/*
 * While a pod is in the making whose addresses are not known yet, they may be those of a pod that ended:
 * nothing is said of addresses of ended pods then.
 */
void pods_doubt_ended(struct pods *p, bool doubt);
/* That name is gone. */
void pods_drop_netns_name(struct pods *p, const char *name);
/* The pod has ended. It is remembered and found by what can only have been its own. */
int pods_remove(struct pods *p, struct pod *pod, uint64_t now_ns);

/* Call fn for each living cgroup of the pod. */
void pods_each_cgroup(const struct pod *pod, void (*fn)(uint64_t id, void *arg), void *arg);

/* Between the two, everything that exists is told; cgroups, pods and names not told have ended. */
void pods_scan_begin(struct pods *p);
int pods_scan_end(struct pods *p, uint64_t now_ns);
/* Forget what ended long ago. */
void pods_expire(struct pods *p, uint64_t now_ns);

/* Asking: no memory is taken, nothing changes. */
struct pod *pods_by_uid(const struct pods *p, const char *uid);
/* False if the id is not known. A cgroup may be known and say nothing (the root). */
bool pods_by_cgroup(const struct pods *p, uint64_t id, struct pods_cgroup *out);
/* The pod of a namespace. cookie 0: unknown, then only pods that live are found. */
const struct pod *pods_by_netns(const struct pods *p, uint32_t inum, uint64_t cookie);
const char *pods_netns_name(const struct pods *p, uint32_t inum, uint64_t cookie);
/* True if the namespace is a pod's or has a name. */
bool pods_knows_netns(const struct pods *p, uint32_t inum, uint64_t cookie);
/* The pod at the other end of a veth whose one end is this device. */
const struct pod *pods_by_dev(const struct pods *p, uint32_t netns, uint32_t ifindex);
/* Whether veths of pods end in that namespace: packets of pods pass it. */
bool pods_is_place(const struct pods *p, uint32_t netns);
/* family 4 or 6; time_ns of the event, 0: now. *ambiguous as in struct addrs_answer. */
const struct pod *pods_by_addr(const struct pods *p, uint8_t family, const uint8_t *addr,
			       uint64_t time_ns, bool *ambiguous);
/* By an id that pods_each_owner() gave out. */
const struct pod *pods_by_owner(const struct pods *p, uint32_t owner, bool *ambiguous);
/*
 * The one living container of the pod (of all, if it ended) that is no sandbox; NULL if there are
 * several or one without a name.
 */
const struct container *pods_only_container(const struct pod *pod);
const struct container *pods_container(const struct pods *p, const char *id);
/* Call fn for all cgroups, ended ones too. */
void pods_each_known_cgroup(const struct pods *p,
			    void (*fn)(uint64_t id, const struct pods_cgroup *cg, void *arg),
			    void *arg);
/* Walk over all pods, ended ones too: *pos starts at 0, NULL at the end. */
struct pod *pods_next(const struct pods *p, uint32_t *pos);

/* Changes whenever an answer may have changed. */
uint32_t pods_generation(const struct pods *p);

/* One entry of the kernel's owner maps; the member that counts is told by the family: 0 for dev. */
struct pods_owner {
	uint32_t family; /* 4, 6, ADDRS_FAMILY_MAC, or 0 for a device */
	struct owner_dev dev;
	struct owner_addr addr;
	uint64_t mac;
	/* value for the map: pod, in the lowest bit whether another claims it, and OWNER_ENDED */
	uint32_t id;
};

typedef int (*pods_owner_fn)(const struct pods_owner *owner, void *arg);

/* Call fn for every entry that should be in the owner maps now; stops at its first error, returned. */
int pods_each_owner(const struct pods *p, pods_owner_fn fn, void *arg);
/* Changes whenever pods_each_owner() would give other entries. */
uint32_t pods_owners_generation(const struct pods *p);

/* Bytes of the texts kept. */
size_t pods_text_bytes(const struct pods *p);

#endif
