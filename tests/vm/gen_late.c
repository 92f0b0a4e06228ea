/* SPDX-License-Identifier: GPL-2.0-only */
/* How late a tracer's JSON lines come, by the kernel's clock in each of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gen.h"

#define MEMBER "\"mono_ns\":"

/* late: how many lines came on standard input, and how long after its loss the latest did, in ms */
static int late(char **a, int n)
{
	char *line = NULL, *at;
	long long worst = 0, ns;
	unsigned long lines = 0;
	struct timespec now;
	size_t size = 0;

	(void)a, (void)n;
	while (getline(&line, &size, stdin) > 0) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		at = strstr(line, MEMBER);
		if (!at)
			die("late: not an event");
		ns = now.tv_sec * 1000000000LL + now.tv_nsec - atoll(at + strlen(MEMBER));
		worst = ns > worst ? ns : worst;
		lines++;
	}
	printf("lines %lu late %.1f\n", lines, worst / 1e6);
	free(line);
	return 0;
}
GEN_COMMAND(late, "late", "", 0, 0);
