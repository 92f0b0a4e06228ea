/* SPDX-License-Identifier: GPL-2.0-only */
/* `whydrop conntrack`: whose connections fill conntrack's table. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/pods.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "filters.h"
#include "host.h"
#include "kernel/ct_dump.h"

struct conntrack_options {
	const char *netns;
	uint64_t top;
};

static const struct conntrack_options defaults = { .top = 20 };

static const struct option_def options[] = {
	{ "netns", 0, OPT_STRING, offsetof(struct conntrack_options, netns), "NETNS", NULL,
	  "look into this namespace: a name or path, host, self or pid:N (default: self)" },
	{ "top", 'n', OPT_U64, offsetof(struct conntrack_options, top), "N", NULL,
	  "show the first N (default 20)" },
	{ 0 },
};

/* An address that opened connections, later all addresses of one pod. */
struct opener {
	uint8_t family;
	uint8_t addr[16];
	uint64_t entries;
	const struct pod *pod; /* NULL: of no pod of this node, or of several */
};

struct openers {
	struct opener *all;
	size_t count, room;
	uint64_t entries;
};

static int add(void *arg, uint8_t family, const uint8_t src[16])
{
	struct openers *o = arg;
	struct opener *grown;

	if (o->count == o->room) {
		o->room = o->room ? o->room * 2 : 1024;
		grown = realloc(o->all, o->room * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		o->all = grown;
	}
	o->all[o->count] = (struct opener){ .family = family, .entries = 1 };
	memcpy(o->all[o->count++].addr, src, 16);
	o->entries++;
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct opener *x = a, *y = b;

	return x->family != y->family ? x->family - y->family : memcmp(x->addr, y->addr, 16);
}

/* Pods before addresses, so that those of one pod are together. */
static int by_pod(const void *a, const void *b)
{
	const struct opener *x = a, *y = b;

	if (x->pod != y->pod)
		return (uintptr_t)x->pod < (uintptr_t)y->pod ? 1 : -1;
	return by_address(a, b);
}

static int by_entries(const void *a, const void *b)
{
	const struct opener *x = a, *y = b;

	if (x->entries != y->entries)
		return x->entries < y->entries ? 1 : -1;
	return by_address(a, b);
}

static bool is_same_address(const struct opener *a, const struct opener *b)
{
	return !by_address(a, b);
}

static bool is_same_pod(const struct opener *a, const struct opener *b)
{
	return a->pod && a->pod == b->pod;
}

/* Add up neighbours that are the same. */
static void merge(struct openers *o, bool (*same)(const struct opener *, const struct opener *))
{
	size_t kept = 0;

	for (size_t i = 0; i < o->count; i++) {
		if (kept && same(&o->all[kept - 1], &o->all[i]))
			o->all[kept - 1].entries += o->all[i].entries;
		else
			o->all[kept++] = o->all[i];
	}
	o->count = kept;
}

static void find_pods(struct openers *o, const struct host *h)
{
	bool ambiguous;

	qsort(o->all, o->count, sizeof(*o->all), by_address);
	merge(o, is_same_address);
	for (size_t i = 0; i < o->count; i++) {
		struct opener *a = &o->all[i];

		a->pod = pods_by_addr(h->pods, a->family, a->addr, 0, &ambiguous);
		if (a->pod && (ambiguous || !a->pod->name))
			a->pod = NULL;
	}
	qsort(o->all, o->count, sizeof(*o->all), by_pod);
	merge(o, is_same_pod);
	qsort(o->all, o->count, sizeof(*o->all), by_entries);
}

static void print(const struct openers *o, uint64_t top)
{
	char addr[INET6_ADDRSTRLEN];

	printf("%10s  %5s  %s\n", "ENTRIES", "SHARE", "OPENED BY");
	for (size_t i = 0; i < o->count && i < top; i++) {
		const struct opener *a = &o->all[i];

		inet_ntop(a->family == 4 ? AF_INET : AF_INET6, a->addr, addr, sizeof(addr));
		printf("%10lu  %4lu%%  ", a->entries, a->entries * 100 / o->entries);
		if (a->pod)
			printf("%s/%s\n", a->pod->ns, a->pod->name);
		else
			printf("%s\n", addr);
	}
	printf("%10lu   100%%  all\n", o->entries);
}

static int look(const struct conntrack_options *o, struct openers *found)
{
	int err = o->netns ? filters_enter(o->netns) : 0;

	if (err)
		return err;
	err = ct_dump(add, found);
	if (err == -ENOENT)
		return log_err(err, "conntrack is not in use on this machine");
	if (err)
		return log_err(err, "cannot list conntrack's table: it takes CAP_NET_ADMIN");
	return 0;
}

static int run(const void *option_values, int argc, char **argv)
{
	const struct conntrack_options *o = option_values;
	struct openers found = { 0 };
	struct live_host *host = NULL;
	int err;

	(void)argc;
	(void)argv;
	/* pods first: they are looked for from the namespace the tool was started in */
	err = host_open(&host, "/");
	if (!err)
		err = look(o, &found);
	if (!err) {
		find_pods(&found, &host->host);
		print(&found, o->top);
	}
	free(found.all);
	host_close(host);
	if (!err)
		return EXIT_DONE;
	return err == -EPERM || err == -EACCES ? EXIT_NOT_ALLOWED : EXIT_FAILED;
}

const struct command command_conntrack = {
	.name = "conntrack",
	.args = "",
	.summary = "list whose connections fill conntrack's table",
	.description =
		"Reads conntrack's table of one network namespace once and adds up its entries "
		"by the pod that opened them, or by address where that is no pod of this node. "
		"For conntrack-table-full and conntrack-early-drop: the namespace is the one "
		"the event names.",
	.options = options,
	.options_size = sizeof(struct conntrack_options),
	.defaults = &defaults,
	.run = run,
};
