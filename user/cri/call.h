/* SPDX-License-Identifier: GPL-2.0-only */
/* One question to a container runtime: gRPC, which is a POST over HTTP/2, on the Unix socket where it serves CRI. */
#ifndef CRI_CALL_H
#define CRI_CALL_H

#include <stddef.h>
#include <stdint.h>

struct cri_call;

/*
 * Begin to ask `method`, such as "/runtime.v1.RuntimeService/ListPodSandbox", with an empty message; nothing here
 * waits. 0, or -errno if nobody serves at `path`. Free with cri_call_free(), which takes NULL.
 */
int cri_call_new(struct cri_call **out, const char *path, const char *method);
void cri_call_free(struct cri_call *c);

/* Readable when there is something to go on with. */
int cri_call_fd(const struct cri_call *c);

/*
 * Go on without waiting. 1: answered; 0: not yet; -ENOSYS: the runtime does not know the method; -EPROTO: it
 * refuses or speaks something else; -EMSGSIZE: the answer is too long; or another -errno. Neither 0 nor 1: the
 * call is of no more use.
 */
int cri_call_go_on(struct cri_call *c);

/* The message of the answer, which stays the call's. */
const uint8_t *cri_call_answer(const struct cri_call *c, size_t *size);

#endif
