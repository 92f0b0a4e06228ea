/* SPDX-License-Identifier: GPL-2.0-only */
/* Which namespaces are looked into, and how this thread gets there and back. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/places.h"
#include "base/log.h"
#include "host.h"
#include "machine.h"
#include "summary.h"
#include "surroundings.h"

struct lossy {
	uint32_t netns;
	uint64_t packets;
};

struct visit {
	struct environment *environment;
	const char *root;
	int home; /* the namespace of this process */
};

void surroundings_name(char out[SURROUNDINGS_NAME], uint32_t netns, const char *name)
{
	snprintf(out, SURROUNDINGS_NAME, "netns-%u/%s", netns, name);
}

static void add(struct lossy *all, size_t *count, size_t room, uint32_t netns, uint64_t packets)
{
	for (size_t i = 0; i < *count; i++)
		if (all[i].netns == netns) {
			all[i].packets += packets;
			return;
		}
	if (netns && *count < room)
		all[(*count)++] = (struct lossy){ netns, packets };
}

/* The one with the most losses, which is taken out of the list; 0: none is left. */
static uint32_t take_most(struct lossy *all, size_t count)
{
	struct lossy *most = NULL;
	uint32_t netns;

	for (size_t i = 0; i < count; i++)
		if (all[i].netns && (!most || all[i].packets > most->packets))
			most = &all[i];
	if (!most)
		return 0;
	netns = most->netns;
	most->netns = 0;
	return netns;
}

static int describe(void *arg, int fd, uint32_t netns, const char *name)
{
	const struct visit *v = arg;
	char prefix[SURROUNDINGS_NAME];
	int err;

	(void)name;
	if (setns(fd, CLONE_NEWNET)) {
		log_debug("network namespace %u cannot be entered", netns);
		return 0;
	}
	surroundings_name(prefix, netns, "");
	err = machine_describe_netns(v->environment, v->root, prefix);
	if (setns(v->home, CLONE_NEWNET))
		return log_err(-errno, "cannot return to the own network namespace");
	return err;
}

int surroundings_describe(struct environment *e, const struct summary *s, const struct host *h,
			  const char *root)
{
	struct visit v = { .environment = e, .root = root };
	struct lossy all[256];
	struct stat own;
	size_t count = 0;
	uint32_t netns;
	int err = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct summary_row *row = &s->rows[i];
		const struct loss_key *key = &row->verdict->key;

		if (row->hidden)
			continue;
		add(all, &count, 256, key->netns, row->count.packets);
		if (key->sk_netns != key->netns)
			add(all, &count, 256, key->sk_netns, row->count.packets);
	}
	v.home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (v.home < 0 || fstat(v.home, &own))
		own.st_ino = 0;
	for (int i = 0; i < SURROUNDINGS_MAX && v.home >= 0 && !err;) {
		netns = take_most(all, count);
		if (!netns)
			break;
		if (netns == own.st_ino)
			continue;
		i++;
		err = places_each(h, root, netns, true, describe, &v);
	}
	if (v.home >= 0)
		close(v.home);
	return err;
}
