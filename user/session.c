/* SPDX-License-Identifier: GPL-2.0-only */
/* The event loop: one epoll over the ring buffer, a timer and a signalfd. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "session.h"

struct session {
	const struct session_config *config;
	struct session_result *result;
	sigset_t old_mask;
	int epoll, timer, signals;
	pid_t child;
	uint64_t end_ns;
};

static int add(struct session *s, int fd, bool edge)
{
	struct epoll_event ev = { .events = EPOLLIN | (edge ? EPOLLET : 0), .data.fd = fd };

	if (fd < 0)
		return -errno;
	return epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static void heard(const struct session *s, sigset_t *mask)
{
	sigemptyset(mask);
	sigaddset(mask, SIGINT);
	sigaddset(mask, SIGTERM);
	sigaddset(mask, SIGCHLD);
	if (s->config->hangup)
		sigaddset(mask, SIGHUP);
}

static int open_fds(struct session *s)
{
	struct itimerspec every = {};
	sigset_t mask;
	int err;

	heard(s, &mask);
	sigprocmask(SIG_BLOCK, &mask, &s->old_mask);
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll < 0)
		return -errno;
	s->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	s->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	every.it_interval.tv_sec = s->config->tick_ns / 1000000000;
	every.it_interval.tv_nsec = s->config->tick_ns % 1000000000;
	every.it_value.tv_nsec = 1; /* what was there before must not wait for a whole tick */
	err = add(s, s->signals, false);
	if (!err)
		err = add(s, s->timer, false);
	for (int i = 0; i < SESSION_SOURCES && !err; i++)
		if (s->config->sources[i].ready && s->config->sources[i].fd >= 0)
			err = add(s, s->config->sources[i].fd, s->config->sources[i].edge);
	if (!err && timerfd_settime(s->timer, 0, &every, NULL))
		err = -errno;
	return err;
}

static void close_fds(struct session *s)
{
	struct timespec none = {};
	sigset_t mask;

	if (s->epoll >= 0)
		close(s->epoll);
	if (s->signals >= 0)
		close(s->signals);
	if (s->timer >= 0)
		close(s->timer);
	/* a second Ctrl-C that came meanwhile must not kill the summary */
	heard(s, &mask);
	while (sigtimedwait(&mask, NULL, &none) > 0)
		;
	sigprocmask(SIG_SETMASK, &s->old_mask, NULL);
}

static int start_command(struct session *s)
{
	char **argv = s->config->command;

	if (!argv)
		return 0;
	s->child = fork();
	if (s->child < 0)
		return log_err(-errno, "cannot start %s", argv[0]);
	if (s->child)
		return 0;
	sigprocmask(SIG_SETMASK, &s->old_mask, NULL);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	log_err(-errno, "cannot run %s", argv[0]);
	_exit(errno == ENOENT ? 127 : 126);
}

static int command_ended(struct session *s)
{
	int status;

	if (!s->child || waitpid(s->child, &status, WNOHANG) != s->child)
		return 0;
	s->child = 0;
	s->result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return 1;
}

/* The terminal sends Ctrl-C to the command too, so its end is waited for; SIGTERM is passed on. */
static int handle_signals(struct session *s)
{
	struct signalfd_siginfo info;
	int end = 0;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD) {
			end |= command_ended(s);
			continue;
		}
		if (info.ssi_signo == SIGHUP) {
			end |= s->config->hangup(s->config->arg) != 0;
			continue;
		}
		s->result->interrupted = true;
		if (!s->child)
			end = 1;
		else if (info.ssi_signo == SIGTERM)
			kill(s->child, SIGTERM);
	}
	return end;
}

static int handle_timer(struct session *s)
{
	uint64_t expired;
	int err;

	if (read(s->timer, &expired, sizeof(expired)) < 0)
		return 0;
	err = s->config->tick(s->config->arg);
	if (!err && s->end_ns && now_ns() >= s->end_ns)
		err = 1;
	return err;
}

static int handle(struct session *s, int fd)
{
	if (fd == s->signals)
		return handle_signals(s);
	if (fd == s->timer)
		return handle_timer(s);
	return 0;
}

static bool is_ready(const struct epoll_event *events, int n, int fd)
{
	for (int i = 0; i < n; i++)
		if (events[i].data.fd == fd)
			return true;
	return false;
}

/* What tells of owners comes before the losses that are theirs. */
static int serve(struct session *s, const struct epoll_event *events, int n)
{
	const struct session_source *source = s->config->sources;
	int err = 0;

	for (int i = 0; i < SESSION_SOURCES && !err; i++)
		if (source[i].ready && is_ready(events, n, source[i].fd))
			err = source[i].ready(source[i].arg);
	for (int i = 0; i < n && !err; i++)
		err = handle(s, events[i].data.fd);
	return err;
}

static int loop(struct session *s)
{
	struct epoll_event events[SESSION_SOURCES + 2];
	int n, err = 0;

	while (!err) {
		n = epoll_wait(s->epoll, events, SESSION_SOURCES + 2, -1);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			err = serve(s, events, n);
	}
	return err < 0 ? err : 0;
}

/* The session ended first: the command gets a moment to end by itself. */
static void end_command(struct session *s)
{
	const struct timespec moment = { .tv_nsec = 50 * 1000000 };

	if (!s->child)
		return;
	kill(s->child, SIGTERM);
	for (int i = 0; i < 40; i++) {
		if (waitpid(s->child, NULL, WNOHANG) == s->child)
			return;
		nanosleep(&moment, NULL);
	}
	kill(s->child, SIGKILL);
	waitpid(s->child, NULL, 0);
}

int session_run(const struct session_config *config, struct session_result *result)
{
	struct session s = {
		.config = config, .result = result, .epoll = -1, .timer = -1, .signals = -1
	};
	int err;

	*result = (struct session_result){ .status = -1 };
	if (config->duration_ns)
		s.end_ns = now_ns() + config->duration_ns;
	err = open_fds(&s);
	/* not before: an interrupt that came earlier would be lost where the shell has it ignored */
	if (!err && config->begun)
		fprintf(stderr, "%s\n", config->begun);
	if (!err)
		err = start_command(&s);
	if (!err)
		err = loop(&s);
	end_command(&s);
	close_fds(&s);
	return err;
}
