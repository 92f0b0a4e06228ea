/* SPDX-License-Identifier: GPL-2.0-only */
/* What a network namespace's own words for addresses and links are: rtnetlink's answers, and two files of proc. */
#ifndef ATTRIBUTE_PODNET_PARSE_H
#define ATTRIBUTE_PODNET_PARSE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "attribute/podnet.h"

/* A veth of the pod whose other end is in another namespace, known by the pod's number for it. */
struct podnet_link {
	uint32_t peer_ifindex;
	int32_t nsid;
	uint8_t mac[6];
};

/* What answers have told so far. */
struct podnet_answer {
	struct podnet *net; /* addresses go here; the caller's, NULL: none are wanted */
	struct podnet_link link[PODNET_DEVS];
	size_t link_count;
	int32_t nsid; /* of RTM_NEWNSID, else as it was */
};

/*
 * One datagram of an answer (rtnetlink(7)), aligned as one: 1 if it was the last, 0 if there may be more, or the
 * -errno that the kernel answered; -EBADMSG for an error that is cut off.
 */
int podnet_parse(struct podnet_answer *a, const void *data, size_t size);

/* net/fib_trie and net/if_inet6 of a process. */
void podnet_parse_fib_trie(struct podnet *n, FILE *f);
void podnet_parse_if_inet6(struct podnet *n, FILE *f);

/* Add an address that says whose it is, once, if there is room. `size` bytes: 4, 16, or 6 of a MAC. */
void podnet_add_addr(struct podnet *n, uint32_t family, const void *bytes, size_t size);

#endif
