/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of the watcher, for the files watch*.c alone. */
#ifndef ATTRIBUTE_WATCH_IMPL_H
#define ATTRIBUTE_WATCH_IMPL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "attribute/cgroup_tree.h"
#include "attribute/podnet.h"
#include "attribute/pods.h"
#include "attribute/watch.h"

#define WATCH_MS 1000000ULL

/* A new pod's processes, devices and addresses come one after the other in this time. */
#define WATCH_SETTLE_NS (10000 * WATCH_MS)

#define WATCH_MISSES 256 /* a power of two */

/* Something that was not found, and when it may be looked for again. */
struct miss {
	uint64_t key;
	uint64_t until_ns;
	uint64_t wait_ns; /* doubles with every vain attempt */
};

/* A process seen in a cgroup of a pod, and the namespace it lives in. */
struct vote {
	struct pod *pod;
	uint32_t inum;
	uint32_t count;
	pid_t pid; /* the lowest seen there */
};

/* The runtime that is asked for labels. */
struct watch_cri {
	const char *path;      /* of its socket; NULL: none is asked */
	struct cri_call *call; /* that has no answer yet */
	bool older;	       /* it does not know the service by its new name */
	bool failed;	       /* the last time */
	bool told;	       /* that it ever did */
	uint64_t begun_ns, next_ns, wait_ns;
	uint64_t newest_ns; /* of the watch, when that was looked at */
};

struct watch {
	struct pods *pods;
	int root_fd;
	int proc_fd;
	int self_netns_fd;
	int host_fd;   /* the host's network namespace */
	int host_sock; /* a routing socket in it, to ask */
	int link_fd;   /* another, to be told of links and addresses there and in the pods */
	int inotify_fd;
	int timer_fd; /* for the next look at a pod */
	int epoll_fd; /* of the three */
	int logs_wd;  /* descriptors of inotify */
	int netns_wd;
	struct cgroup_tree tree;
	uint32_t host_netns;
	dev_t nsfs; /* where inodes of namespaces are */

	bool told; /* watch_cgroup_event() tells of cgroups */
	bool full; /* this scan looks at settled pods, too */
	bool names_due;
	uint64_t now_ns;
	uint64_t scanned_ns;
	uint64_t full_scan_ns;
	uint64_t expired_ns;
	uint64_t netns_due_ns; /* when run/netns was seen to change, 0: not since it was read */
	uint64_t dirty_ns;     /* when a change was noticed first, 0: none */
	uint64_t newest_ns;    /* the latest made_ns of a pod */
	uint64_t armed_ns;     /* what the timer is set to */
	uint64_t next_look_ns; /* the earliest look_ns of a pod, UINT64_MAX: none */

	struct vote *votes;
	uint32_t vote_count;
	uint32_t vote_size;
	struct podnet_places places;
	struct watch_cri cri;
	struct miss misses[WATCH_MISSES];
};

/* watch_scan.c: look at everything. */
void watch_scan(struct watch *w, bool full);
/* The kernel's events wanted from a directory; its descriptor, or -1. */
int watch_dir(struct watch *w, int dir_fd, const char *name);

/* watch_young.c: a cgroup was made. Look at pods that have just been made, or whose time has come. */
void watch_add_cgroup(struct watch *w, uint64_t id, const char *path);
void watch_look(struct watch *w);
/* Something of the pod is new, or was seen to change. */
void watch_renew(struct watch *w, struct pod *pod);
/* Pods without a known namespace might have got theirs. False if there are none such. */
bool watch_renew_homeless(struct watch *w);

/* watch_net.c: the namespaces of pods, and what is in them. */
/* One more cgroup of a pod: where its first process lives counts. */
void watch_vote(struct watch *w, struct pod *pod, int parent_fd, const char *name);
/* Look at the networks of the pods that were voted for; then at pins of those without a process. */
void watch_count_votes(struct watch *w);
bool watch_look_at_pin(struct watch *w, struct pod *pod);
/* The names under run/netns. */
void watch_see_netns_names(struct watch *w);

/* watch_link.c: changes of links and addresses. */
void watch_link_open(struct watch *w);
void watch_link_read(struct watch *w);

/* watch_names.c: names for the pods of the index, from the log directories and the runtimes. */
void watch_name_pods(struct watch *w);
void watch_name_container(struct watch *w, const struct container *c);
/* A directory of pod logs was made. */
void watch_log_dir(struct watch *w, const char *name);
/* The path of a namespace that a runtime noted for one of the pod's containers, opened; or -errno. */
int watch_open_noted_netns(struct watch *w, const struct pod *pod);

/* watch_cri.c: ask the runtime if it is time to, and hear its answer. */
void watch_cri_tick(struct watch *w);
/* Whether it may tell the labels of a pod soon. */
bool watch_cri_hopes(const struct watch *w);

/* watch.c: whether the key may be looked for now; and that it was in vain. */
bool watch_may_look(struct watch *w, uint64_t key);
void watch_missed(struct watch *w, uint64_t key);
/* Read the clock. */
void watch_now(struct watch *w);

#endif
