/* SPDX-License-Identifier: GPL-2.0-only */
/* Who looks at the output: a terminal that somebody types Ctrl-C into, and a reader with a clock. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gen.h"

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void on_terminal(const char *name, char **command)
{
	int fd;

	setsid();
	fd = open(name, O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 0))
		die("terminal");
	dup2(fd, 0);
	dup2(fd, 1);
	execvp(command[0], command);
	die(command[0]);
}

/* SIGTERM becomes Ctrl-C, so that the case decides when it is typed. */
static volatile sig_atomic_t told;

static void tell(int signal)
{
	(void)signal;
	told = 1;
}

/* All that the command shows goes to out, until its last process has left the terminal. */
static void watch(int master, int out, pid_t child, long long end)
{
	struct pollfd p = { .fd = master, .events = POLLIN };
	char data[4096];
	ssize_t got;

	for (;;) {
		if (told) {
			told = 0;
			if (write(master, "\003", 1) != 1)
				die("pty: Ctrl-C");
		}
		if (now_ms() >= end)
			kill(child, SIGKILL);
		if (poll(&p, 1, 50) <= 0)
			continue;
		got = read(master, data, sizeof(data));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return;
		if (write(out, data, got) != got)
			die("pty: write");
	}
}

/* pty FILE MS COMMAND...: COMMAND on a terminal, for MS at most; what it shows goes to FILE */
static int pty(char **a, int n)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), out = creat(a[0], 0644), status;
	struct sigaction action = { .sa_handler = tell };
	pid_t child;

	(void)n;
	if (master < 0 || out < 0 || grantpt(master) || unlockpt(master))
		die("pty");
	child = fork();
	if (!child)
		on_terminal(ptsname(master), a + 2);
	sigaction(SIGTERM, &action, NULL);
	watch(master, out, child, now_ms() + bounded(a[1]));
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

GEN_COMMAND(pty, "pty", "FILE MS COMMAND...", 3, 100);

/* stamp: copies lines, each behind the nanoseconds (CLOCK_MONOTONIC) at which it was read */
static int stamp(char **a, int n)
{
	static char line[65536];
	struct timespec t;

	(void)a;
	(void)n;
	while (fgets(line, sizeof(line), stdin)) {
		clock_gettime(CLOCK_MONOTONIC, &t);
		printf("%lld %s", t.tv_sec * 1000000000LL + t.tv_nsec, line);
		fflush(stdout);
	}
	return 0;
}

GEN_COMMAND(stamp, "stamp", "", 0, 0);

/* drain ADDR PORT: one connection, and what comes over it on standard output */
static int drain(char **a, int n)
{
	struct end at = parse(a[0], a[1]);
	int l = socket(at.sa.ss_family, SOCK_STREAM, 0), s;
	char data[4096];
	ssize_t got;

	(void)n;
	if (l < 0 || bind(l, (void *)&at.sa, at.size) || listen(l, 1))
		die("drain");
	puts("bound");
	fflush(stdout);
	s = accept(l, NULL, NULL);
	while ((got = read(s, data, sizeof(data))) > 0)
		if (write(1, data, got) != got)
			die("drain: write");
	return 0;
}

GEN_COMMAND(drain, "drain", "ADDR PORT", 2, 2);
