/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's counters beside whydrop's own counts, per network namespace, and what is left unexplained. */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

struct audit;
struct host;
struct ledger;

struct audit_config {
	const struct host *host; /* its pods tell whose a namespace is; stays the caller's */
	const char *root;	 /* where the host's / is mounted */
	uint32_t netns; /* only this namespace (inode), 0: all, and the machine's counters */
	bool absolute;	/* what the counters show, not by how much they grow from now on */
};

/*
 * Begin: the counters are read as they are now. That is to be after the hooks are attached, and the last
 * audit_refresh() before they are detached: then the kernel counts in this time no loss that whydrop could
 * not see, and what is left is certain. A loss in the moments between makes whydrop's count the larger
 * one. 0 or -errno, after a message.
 */
int audit_new(struct audit **out, const struct audit_config *config);
void audit_free(struct audit *a);

/*
 * Read all counters again. A namespace met now for the first time begins now: what was lost in it before
 * is not judged. One that is gone keeps what was read last. 0 or -errno.
 */
int audit_refresh(struct audit *a);

/* Begin with namespaces that have just come, if there are any: cheap, for every tick. 0 or -errno. */
int audit_tick(struct audit *a);

/* What has been read: for account_audit() and the sinks. */
struct ledger *audit_ledger(struct audit *a);

#endif
