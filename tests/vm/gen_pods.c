/* SPDX-License-Identifier: GPL-2.0-only */
/* Traffic of sockets that outlive what they were made in, and pods by the thousand. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gen.h"

/* late MS ADDR PORT COUNT: a socket made now, which sends COUNT datagrams after MS */
static int late(char **a, int n)
{
	int ms = bounded(a[0]), count = bounded(a[3]), fd;
	struct end to = parse(a[1], a[2]);

	(void)n;
	fd = socket(to.sa.ss_family, SOCK_DGRAM, 0);
	if (fd < 0)
		die("socket");
	sleep_ms(ms);
	for (int i = 0; i < count; i++)
		sendto(fd, "late", 4, 0, (void *)&to.sa, to.size);
	return 0;
}
GEN_COMMAND(late, "late", "MS ADDR PORT COUNT", 4, 4);

struct churned {
	char pod[512], container[640], logs[512];
};

static void name(struct churned *c, const char *parent, const char *logs, int i)
{
	char uid[40];

	snprintf(uid, sizeof(uid), "%08x-1111-4111-8111-111111111111", i);
	snprintf(c->pod, sizeof(c->pod), "%s/pod%s", parent, uid);
	snprintf(c->container, sizeof(c->container), "%s/%064x", c->pod, i);
	snprintf(c->logs, sizeof(c->logs), "%s/churn_pod-%d_%s", logs, i, uid);
}

/* churn CGROUP LOGS FIRST COUNT: pods that are made and removed one after the other */
static int churn(char **a, int n)
{
	int first = bounded(a[2]), count = bounded(a[3]);
	struct churned c;

	(void)n;
	for (int i = first; i < first + count; i++) {
		name(&c, a[0], a[1], i);
		if (mkdir(c.logs, 0755) || mkdir(c.pod, 0755) || mkdir(c.container, 0755))
			die("mkdir");
		if (rmdir(c.container) || rmdir(c.pod) || rmdir(c.logs))
			die("rmdir");
	}
	return 0;
}
GEN_COMMAND(churn, "churn", "CGROUP LOGS FIRST COUNT", 4, 4);
