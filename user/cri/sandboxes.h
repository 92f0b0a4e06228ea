/* SPDX-License-Identifier: GPL-2.0-only */
/* What a container runtime answers when it is asked for its pods (CRI, api.proto: ListPodSandboxResponse). */
#ifndef CRI_SANDBOXES_H
#define CRI_SANDBOXES_H

#include <stddef.h>
#include <stdint.h>

/* Room for all labels of a pod, one after the other as "key=value\n", sorted, and the closing 0. */
#define CRI_LABELS 2048

/* Texts are kubelet's names and labels, checked to be such; "" where the runtime does not say. */
struct cri_sandbox {
	char uid[37];
	char ns[64];
	char name[254];
	char labels[CRI_LABELS];
};

typedef void (*cri_sandbox_fn)(const struct cri_sandbox *sandbox, void *arg);

/*
 * Call fn for each pod of the answer. One without a uid, and one whose labels are too many or no labels, is left
 * out: nothing is better than half of them. 0, or -EBADMSG if the bytes are no such answer.
 */
int cri_sandboxes(const uint8_t *answer, size_t size, cri_sandbox_fn fn, void *arg);

#endif
