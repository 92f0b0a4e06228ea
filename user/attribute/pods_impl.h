/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of the pod index, for the files pods*.c alone. */
#ifndef ATTRIBUTE_PODS_IMPL_H
#define ATTRIBUTE_PODS_IMPL_H

#include "attribute/graves.h"
#include "attribute/pods.h"
#include "base/hash.h"

/* OWNER_ID() has 24 bits, of which one says "ambiguous". */
#define POD_ID_LIMIT (1U << 23)

struct cgroup {
	uint64_t id;
	struct pod *pod;
	struct container *container;
	const char *unit;
	uint32_t stamp;
	bool dead;
	uint64_t dead_ns;
	struct cgroup *next; /* of the same pod */
};

struct pods_netns {
	uint32_t inum;
	uint64_t cookie; /* 0 if unknown */
	struct pod *pod;
	const char *name;
	uint32_t stamp;		 /* when the name was last seen */
	struct pods_netns *next; /* an old home of the same pod */
};

struct pods {
	struct intern texts;
	struct intern old_texts; /* those before, while they may still be shown */
	size_t texts_moved;	 /* bytes that were worth moving */
	uint64_t texts_ns;	 /* when that was */
	struct hash by_uid;
	struct hash by_id;
	struct hash by_cgroup;
	struct hash containers;
	struct hash by_inum;   /* namespaces that exist now */
	struct hash by_cookie; /* those of pods that ended, too */
	struct hash by_dev;    /* of living pods */
	struct hash places;    /* namespaces of these devices, and how many are there */
	bool doubt_ended;
	struct addrs addrs;
	struct graves dead_pods;
	struct graves dead_cgroups;
	uint32_t last_id;
	uint32_t stamp;
	uint32_t generation;
	uint32_t owners_generation;
};

/* Keep a text in *at; 1 if it is another than before, 0 or -ENOMEM. */
int pods_keep(struct pods *p, const char **at, const char *s);

/* pods.c: the pod's devices are no longer its own. */
void pods_drop_devs(struct pods *p, struct pod *pod);

/* pods_end.c: free a container no cgroup points to. */
void pods_drop_container(struct pods *p, struct container *c);

/* pods_texts.c: let the texts go that nothing uses any more, if there are many. 0 or -ENOMEM. */
int pods_move_texts(struct pods *p, uint64_t now_ns);

/* pods_netns.c */
void pods_forget_netns(struct pods *p, struct pods_netns *n);
void pods_leave_netns(struct pods *p, struct pod *pod);
/* The pod lives again, in a new sandbox: what is still known of the one before stays true of it. */
void pods_retire_home(struct pods *p, struct pod *pod);
/* Nothing is the pod's any more. */
void pods_leave_homes(struct pods *p, struct pod *pod);
void pods_sweep_names(struct pods *p);
const struct pods_netns *pods_find_netns(const struct pods *p, uint32_t inum, uint64_t cookie);

#endif
