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

struct watch {
	struct pods *pods;
	int root_fd;
	int proc_fd;
	int self_netns_fd;
	int host_fd; /* the host's network namespace */
	int inotify_fd;
	struct cgroup_tree tree;
	uint32_t host_netns;
	dev_t nsfs; /* where inodes of namespaces are */

	uint64_t now_ns;
	uint64_t scanned_ns;
	uint64_t full_scan_ns;
	uint64_t dirty_ns;     /* when a change was noticed first, 0: none */
	uint64_t unsettled_ns; /* until then pods may still be in the making */
	bool full;	       /* this scan looks at settled pods, too */

	struct vote *votes;
	uint32_t vote_count;
	uint32_t vote_size;
	struct podnet_places places;
	struct miss misses[WATCH_MISSES];
};

/* watch_scan.c: look at everything. */
void watch_scan(struct watch *w, bool full);
/* Tell of one cgroup; the kernel's events wanted from the directories pods are made in. */
int watch_add_cgroup(struct watch *w, uint64_t id, const char *path);
void watch_dir(struct watch *w, int dir_fd, const char *name);

/* watch_names.c: names for the pods of the index, from the log directories and the runtimes. */
void watch_name_pods(struct watch *w);
void watch_name_container(struct watch *w, const struct container *c);
/* The path of a namespace that a runtime noted for one of the pod's containers, opened; or -errno. */
int watch_open_noted_netns(struct watch *w, const struct pod *pod);

/* watch.c: whether the key may be looked for now; and that it was in vain. */
bool watch_may_look(struct watch *w, uint64_t key);
void watch_missed(struct watch *w, uint64_t key);

#endif
