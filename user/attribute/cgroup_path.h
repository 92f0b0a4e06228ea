/* SPDX-License-Identifier: GPL-2.0-only */
/* What the path of a cgroup says: pod, container, runtime, quality of service, or host unit. */
#ifndef ATTRIBUTE_CGROUP_PATH_H
#define ATTRIBUTE_CGROUP_PATH_H

#include <stdbool.h>
#include <stddef.h>

enum cgroup_runtime {
	CGROUP_RUNTIME_UNKNOWN,
	CGROUP_RUNTIME_CONTAINERD,
	CGROUP_RUNTIME_CRIO,
	CGROUP_RUNTIME_DOCKER,
	CGROUP_RUNTIME_PODMAN,
};

enum cgroup_qos {
	CGROUP_QOS_UNKNOWN,
	CGROUP_QOS_GUARANTEED,
	CGROUP_QOS_BURSTABLE,
	CGROUP_QOS_BESTEFFORT,
};

/* Texts end with 0 and are empty where the path does not say. */
struct cgroup_path {
	char uid[37];	    /* of the pod: with dashes, or 32 digits (static pods) */
	char container[65]; /* id, 64 hexadecimal digits */
	char unit[256];	    /* outside pods: the path up to the unit, printable; "" for the root */
	enum cgroup_runtime runtime;
	enum cgroup_qos qos;
	bool holds_pods; /* the directory pods of a kubelet are made in */
};

/*
 * Parse the path of a cgroup as /proc/PID/cgroup and the cgroup2 tree show it. Any bytes are
 * accepted; what is not recognised stays empty. Reads at most the first 4096 bytes.
 */
void cgroup_path_parse(struct cgroup_path *out, const char *path, size_t len);

/* "containerd", "cri-o", "docker", "podman"; NULL for unknown. */
const char *cgroup_runtime_name(enum cgroup_runtime runtime);
/* "guaranteed", "burstable", "besteffort"; NULL for unknown. */
const char *cgroup_qos_name(enum cgroup_qos qos);

#endif
