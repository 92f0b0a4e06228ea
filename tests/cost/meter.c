/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel knows of another program's costs: time to its first output, memory, CPU time. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 10 /* seconds for the first output */

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t))
		die("clock");
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* Peak of resident memory in KiB. */
static long peak(pid_t pid)
{
	char path[64], line[256];
	long kib = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	while (f && kib < 0 && fgets(line, sizeof(line), f))
		sscanf(line, "VmHWM: %ld", &kib);
	if (f)
		fclose(f);
	return kib;
}

static uint64_t cpu_ns(pid_t pid)
{
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock)) {
		fprintf(stderr, "meter: no process %d\n", (int)pid);
		exit(1);
	}
	return clock_ns(clock);
}

/* first COMMAND...: ms from its start to the first byte it writes, ms of CPU and KiB until then; ends it */
static int first(char **argv)
{
	int out[2], status;
	uint64_t start;
	pid_t pid;
	char byte;

	if (pipe(out))
		die("pipe");
	start = clock_ns(CLOCK_MONOTONIC);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execvp(argv[0], argv);
		die(argv[0]);
	}
	close(out[1]);
	alarm(PATIENCE);
	if (read(out[0], &byte, 1) != 1) {
		fprintf(stderr, "meter: %s wrote nothing\n", argv[0]);
		return 1;
	}
	printf("%.1f %.1f %ld\n", (clock_ns(CLOCK_MONOTONIC) - start) / 1e6, cpu_ns(pid) / 1e6,
	       peak(pid));
	close(out[0]); /* it ends when it writes again, or of the signal */
	kill(pid, SIGINT);
	waitpid(pid, &status, 0);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 3 && !strcmp(argv[1], "first"))
		return first(argv + 2);
	if (argc == 3 && !strcmp(argv[1], "now")) {
		printf("%.1f %ld\n", cpu_ns(atoi(argv[2])) / 1e6, peak(atoi(argv[2])));
		return 0;
	}
	fprintf(stderr, "meter first COMMAND ARGS...\nmeter now PID\n");
	return 2;
}
