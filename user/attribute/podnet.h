/* SPDX-License-Identifier: GPL-2.0-only */
/* What a network namespace holds, seen without living in it: cookie, addresses, ends of veths. */
#ifndef ATTRIBUTE_PODNET_H
#define ATTRIBUTE_PODNET_H

#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>

#include "attribute/addrs.h"
#include "event.h"

#define PODNET_ADDRS  64
#define PODNET_DEVS   16
#define PODNET_PLACES 64

/* Namespaces in which the other ends of veths may be; the first is the host's. */
struct podnet_places {
	int fd[PODNET_PLACES];
	uint32_t inum[PODNET_PLACES];
	uint32_t count;
	int host_sock; /* a routing socket in the first, or -1 */
};

struct podnet {
	uint64_t cookie; /* 0 if unknown */
	int32_t nsid;	 /* the host's number for the namespace, -1 if it has none */
	uint32_t strays; /* veths whose other end is in none of the places */
	struct owner_addr addr[PODNET_ADDRS]; /* also the MACs of veths */
	size_t addr_count;
	struct owner_dev dev[PODNET_DEVS]; /* other ends of its veths */
	size_t dev_count;
};

/*
 * Ask the namespace netns_fd itself, through a socket made in it: this thread enters it for a moment
 * and comes back to self_fd. Needs CAP_SYS_ADMIN. 0 or -errno.
 */
int podnet_ask(struct podnet *out, int netns_fd, int self_fd, const struct podnet_places *places);

/* A routing socket in the namespace, which stays there. Or -errno. */
int podnet_socket(int netns_fd, int self_fd);

/* The cookie alone; 0 if it cannot be had. */
uint64_t podnet_cookie(int netns_fd, int self_fd);

/* The addresses alone, from net/fib_trie and net/if_inet6 of a process (its directory in proc). */
void podnet_read(struct podnet *out, int pid_fd);

#endif
