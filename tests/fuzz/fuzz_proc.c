/* SPDX-License-Identifier: GPL-2.0-only */
/* Any bytes as what proc and sysfs say of mounts, limits, addresses, processes and terminals, and as recorded facts. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/cgroup_tree.h"
#include "attribute/podnet.h"
#include "attribute/process.h"
#include "kernel/facts.h"
#include "kernel/lockdown.h"
#include "kernel/sysctl.h"
#include "kernel/terminal.h"
#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void mounts(const struct tree *t)
{
	struct cgroup_tree cg;

	if (cgroup_tree_open(&cg, t->fd, t->input) && cg.fd >= 0)
		abort();
	cgroup_tree_close(&cg);
}

static void limits(const struct tree *t)
{
	struct host h = { 0 };

	sysctl_read(&h, t->path);
	lockdown_hides_memory(t->input);
}

static void addresses(const struct tree *t)
{
	struct podnet net;

	podnet_read(&net, t->fd);
	if (net.addr_count > PODNET_ADDRS || net.dev_count)
		abort();
}

static void processes(const struct tree *t)
{
	FILE *f = fopen(t->input, "re");
	struct process p;

	if (!f || !process_scan(&p, t->fd, f, 1) || p.pid)
		abort();
	fclose(f);
}

static void facts(const struct tree *t)
{
	static struct facts facts;
	FILE *f = fopen(t->input, "re");
	int line;

	if (!f)
		abort();
	facts_parse(&facts, f, &line);
	if (facts.count > FACTS_MAX)
		abort();
	fclose(f);
}

static void terminal(const struct tree *t)
{
	char text[512] = "";
	struct knobs k = { 0 };
	FILE *f = fopen(t->input, "re");

	if (!f)
		abort();
	text[fread(text, 1, sizeof(text) - 1, f)] = 0;
	fclose(f);
	if (terminal_parse(&k, text) != (k.own_family == 4 || k.own_family == 6))
		abort();
}

/* The first byte tells the reader. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "net/fib_trie",
					     "net/if_inet6",
					     "proc/2/comm",
					     "proc/sys/net/core/rmem_default",
					     "proc/sys/net/core/somaxconn",
					     "proc/sys/net/ipv4/tcp_rmem",
					     NULL };
	static void (*const readers[])(const struct tree *) = { mounts,	   limits, addresses,
								processes, facts,  terminal };
	static struct tree tree;

	if (!size)
		return 0;
	if (!tree.path[0])
		tree_make(&tree, paths);
	tree_fill(&tree, data + 1, size - 1);
	readers[data[0] % (sizeof(readers) / sizeof(readers[0]))](&tree);
	return 0;
}
