/* SPDX-License-Identifier: GPL-2.0-only */
/* What the container runtimes leave in files about a container: names, pod, namespace. */
#ifndef ATTRIBUTE_OCI_H
#define ATTRIBUTE_OCI_H

#include <stdbool.h>

/* Texts end with 0 and are empty where the runtime does not say, or says what is no name. */
struct oci {
	char ns[64];
	char pod[254];
	char uid[37];
	char container[254];
	char netns[256]; /* path of the network namespace, "" where none is named */
	bool sandbox;
	bool shares_netns; /* it was given no network namespace: it stays in its runtime's */
};

/*
 * Read what containerd (also k3s and microk8s), CRI-O or docker wrote about the container, below the
 * directory root_fd. 0, -ENOENT if none knows it, -EBADMSG if the file is not what it should be.
 */
int oci_read(struct oci *out, int root_fd, const char *id);

/* True for what kubelet and the runtimes accept as a name. */
bool oci_is_name(const char *s);

#endif
