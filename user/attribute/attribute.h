/* SPDX-License-Identifier: GPL-2.0-only */
/* The order of evidence by which a loss finds its owner, and which evidence decided. */
#ifndef ATTRIBUTE_ATTRIBUTE_H
#define ATTRIBUTE_ATTRIBUTE_H

#include "drop.h"
#include "host.h"

/*
 * Whose traffic was lost. Depends on nothing but the count key and the pod index, so that counts and
 * events agree. Never fails: what cannot be decided is HOW_NONE with the namespace's number.
 */
void attribute_victim(struct owner *out, const struct loss_key *key, const struct host *h);

/* The other end of the flow, if it is a pod of this node: by address. HOW_NONE otherwise. */
void attribute_peer(struct owner *out, const struct drop *d, const struct host *h);

#endif
