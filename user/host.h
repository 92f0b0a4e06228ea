/* SPDX-License-Identifier: GPL-2.0-only */
/* Everything known of this node as plain data: names, limits and pods. Stages ask nothing else. */
#ifndef HOST_H
#define HOST_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct reasons;
struct ksyms;
struct oracle;
struct pods;
struct rules;

struct host {
	const struct reasons *reasons; /* drop reason names of this kernel */
	const struct ksyms *ksyms;     /* kernel symbols */
	struct pods *pods;	       /* pods, units, namespaces and addresses */
	struct oracle *oracle;	       /* asked in place of the pods (attribute/who.h), or NULL */
	struct rules *rules;	       /* texts of firewall rules, NULL: none are fetched */
	uint32_t netns;		       /* inode of the host's (pid 1's) network namespace */
	bool numeric;		       /* -n: show numbers instead of names */

	/* sysctls of the host's namespace at start, 0 if unreadable */
	uint64_t rmem_default; /* net.core.*, bytes */
	uint64_t rmem_max;
	uint64_t wmem_default;
	uint64_t wmem_max;
	uint64_t netdev_max_backlog; /* packets */
	uint64_t somaxconn;
	uint64_t tcp_rmem_max;	   /* net.ipv4.tcp_rmem[2], bytes */
	uint64_t neigh_gc_thresh3; /* net.ipv4.neigh.default.gc_thresh3, entries */
	uint64_t unres_qlen_bytes; /* net.ipv4.neigh.default.unres_qlen_bytes */
};

struct btf;
struct watch;

/* struct host of the running machine, with what keeps it alive. */
struct live_host {
	struct host host;
	struct btf *btf;  /* see host_btf() */
	pthread_t reader; /* of the symbols, while it runs */
	bool reading;
	struct reasons *reasons;
	struct ksyms *ksyms;
	struct watch *watch;
	bool symbols_stale;	       /* modules came or went since these were read */
	uint64_t text_start, text_end; /* of the kernel without its modules; 0 if unknown */
};

/* Read everything, the symbols in a thread that still runs then; `root` is "/" or where the host's / is mounted.
 * What cannot be read degrades with a warning. Returns 0 or -errno after a message; free with host_close, which
 * takes NULL. */
int host_open(struct live_host **out, const char *root);
/* Wait for the symbols; NULL if the kernel hides them. host.ksyms is to be used behind this only. */
const struct ksyms *host_symbols(struct live_host *l);
/* Types of the kernel, NULL if it has none; valid until they are given back, which frees some megabytes. */
const struct btf *host_btf(struct live_host *l);
void host_give_back_btf(struct live_host *l);
/* Read the symbols again, since modules came or went. 0, also where the kernel hides them, or -errno. */
int host_refresh_symbols(struct live_host *l);
/* The same, if they are stale and this may be an address of a module: reading takes a tenth of a second. */
int host_know_address(struct live_host *l, uint64_t address);
void host_close(struct live_host *l);

#endif
