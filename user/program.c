/* SPDX-License-Identifier: GPL-2.0-only */
/* How long another program may take, and what becomes of it then. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "program.h"

#define PATIENCE_MS 1000

static int64_t now_ms(void)
{
	return now_ns() / 1000000;
}

static void run(const char *const argv[], int out)
{
	static const char places[] = "/usr/sbin:/usr/bin:/sbin:/bin";
	const char *path = getenv("PATH");
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], (char *const *)argv);
	/* a service's PATH may lack sbin */
	if (errno == ENOENT && path && !setenv("PATH", places, 1))
		execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static size_t read_until(int fd, char *out, size_t size, int64_t end_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t done = 0;

	while (done < size) {
		int64_t left = end_ms - now_ms();
		ssize_t n;

		if (left <= 0 || poll(&p, 1, left) <= 0)
			break;
		n = read(fd, out + done, size - done);
		if (n <= 0)
			break;
		done += n;
	}
	return done;
}

ssize_t program_read(char *out, size_t size, const char *const argv[])
{
	int fds[2];
	size_t done;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (!pid)
		run(argv, fds[1]);
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return -errno;
	}
	done = read_until(fds[0], out, size, now_ms() + PATIENCE_MS);
	close(fds[0]);
	kill(pid, SIGKILL); /* it is not waited for: what it printed is all that is wanted */
	waitpid(pid, NULL, 0);
	return done;
}
