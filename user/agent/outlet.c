// SPDX-License-Identifier: GPL-2.0-only
/* What a full disk, a slow reader and one that is gone do to lines: never half a line, never a wait. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/outlet.h"
#include "base/log.h"

#define SECOND 1000000000ULL

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

enum kind {
	STDOUT,
	FILE_BY_NAME,
	STREAM,
	JOURNAL
};

struct outlet {
	struct outlet_config config;
	enum kind kind;
	bool is_socket; /* somebody's, who may come and go */
	int fd;		/* negative: not there at the moment */
	uint64_t size, opened_ns, tried_ns;
	char *rest; /* of a line that went out in part; NULL: of none */
	size_t rest_size;
	uint64_t written, lost;
	bool in_trouble; /* which has been said */
};

static uint64_t count(const struct outlet *o, const char *lines, size_t size)
{
	uint64_t n = 0;

	if (o->kind == JOURNAL)
		return 1;
	for (size_t i = 0; i < size; i++)
		n += lines[i] == '\n';
	return n;
}

static void trouble(struct outlet *o, int err)
{
	if (!o->in_trouble)
		log_warn(err, "--events %s: events are lost, and counted, until this is over",
			 o->config.target);
	o->in_trouble = true;
}

static int open_file(struct outlet *o, uint64_t now_ns)
{
	struct stat st;

	o->fd = open(o->config.target, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK,
		     0640);
	o->tried_ns = o->opened_ns = now_ns;
	if (o->fd < 0)
		return -errno;
	o->size = fstat(o->fd, &st) ? 0 : st.st_size;
	return 0;
}

static int open_socket(struct outlet *o, uint64_t now_ns)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int type = o->kind == JOURNAL ? SOCK_DGRAM : SOCK_STREAM;
	const char *colon = strchr(o->config.target, ':');
	const char *path = colon ? colon + 1 : JOURNAL_SOCKET;

	o->tried_ns = now_ns;
	if (!*path || strlen(path) >= sizeof(a.sun_path))
		return -EINVAL;
	strcpy(a.sun_path, path);
	o->fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (o->fd >= 0 && connect(o->fd, (struct sockaddr *)&a, sizeof(a))) {
		int err = -errno;

		close(o->fd);
		o->fd = -1;
		return err;
	}
	return o->fd < 0 ? -errno : 0;
}

static int start(struct outlet *o, uint64_t now_ns)
{
	int err;

	if (o->kind == FILE_BY_NAME)
		return open_file(o, now_ns);
	if (!o->is_socket) {
		o->fd = STDOUT_FILENO;
		return 0;
	}
	err = open_socket(o, now_ns);
	if (err == -EINVAL)
		return err;
	if (err)
		trouble(o, err);
	return 0;
}

bool outlet_is_journal(const char *target)
{
	return !strcmp(target, "journald") || !strncmp(target, "journald:", strlen("journald:"));
}

static enum kind kind_of(const char *target)
{
	if (outlet_is_journal(target))
		return JOURNAL;
	if (!strncmp(target, "unix:", strlen("unix:")))
		return STREAM;
	return strcmp(target, "-") ? FILE_BY_NAME : STDOUT;
}

int outlet_new(struct outlet **out, const struct outlet_config *config, uint64_t now_ns)
{
	struct outlet *o = calloc(1, sizeof(*o));
	int err;

	if (!o)
		return -ENOMEM;
	o->config = *config;
	o->fd = -1;
	o->kind = kind_of(config->target);
	o->is_socket = o->kind == STREAM || o->kind == JOURNAL;
	err = start(o, now_ns);
	if (err) {
		outlet_free(o);
		return log_err(err, "cannot write events to %s", config->target);
	}
	*out = o;
	return 0;
}

static void shut(struct outlet *o)
{
	if (o->fd >= 0 && o->fd != STDOUT_FILENO)
		close(o->fd);
	o->fd = -1;
	free(o->rest);
	o->rest = NULL;
}

void outlet_free(struct outlet *o)
{
	if (!o)
		return;
	shut(o);
	free(o);
}

/* FILE.2 becomes FILE.3, FILE.1 FILE.2, FILE FILE.1. */
static void rotate(struct outlet *o, uint64_t now_ns)
{
	char from[PATH_MAX], to[PATH_MAX];
	const char *name = o->config.target;
	int err;

	for (uint64_t i = o->config.keep; i > 0; i--) {
		if (i > 1)
			snprintf(from, sizeof(from), "%s.%llu", name, (unsigned long long)i - 1);
		else
			snprintf(from, sizeof(from), "%s", name);
		snprintf(to, sizeof(to), "%s.%llu", name, (unsigned long long)i);
		if (rename(from, to) && errno != ENOENT)
			trouble(o, -errno);
	}
	shut(o);
	err = open_file(o, now_ns);
	if (err)
		trouble(o, err);
}

static bool is_due(const struct outlet *o, size_t more, uint64_t now_ns)
{
	if (o->kind != FILE_BY_NAME || o->fd < 0 || !o->size)
		return false;
	return o->size + more > o->config.max_size ||
	       (o->config.max_age_ns && now_ns - o->opened_ns >= o->config.max_age_ns);
}

/* Bytes that went out, as many as can without waiting, or -errno. A pipe that is ready takes PIPE_BUF. */
static ssize_t put(struct outlet *o, const char *data, size_t size)
{
	bool is_file = o->kind == FILE_BY_NAME;
	struct pollfd p = { .fd = o->fd, .events = POLLOUT };
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		size_t piece = size - done;

		if (!is_file && piece > PIPE_BUF)
			piece = PIPE_BUF;
		if (!is_file && poll(&p, 1, 0) != 1)
			break;
		n = write(o->fd, data + done, piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0 && !done)
			return -errno;
		if (n <= 0)
			break;
		done += n;
	}
	return done;
}

/* Half a line in a file is taken back. */
static void put_in_file(struct outlet *o, const char *lines, size_t size)
{
	ssize_t n = put(o, lines, size);
	uint64_t all = count(o, lines, size), out;
	size_t whole = n > 0 ? n : 0;

	while (whole && lines[whole - 1] != '\n')
		whole--;
	out = count(o, lines, whole);
	o->size += whole;
	if (n > (ssize_t)whole && ftruncate(o->fd, o->size))
		trouble(o, -errno);
	o->written += out;
	o->lost += all - out;
	if (out < all)
		trouble(o, n < 0 ? n : -ENOSPC);
	else
		o->in_trouble = false;
}

static bool put_rest(struct outlet *o)
{
	ssize_t n = o->rest ? put(o, o->rest, o->rest_size) : 0;

	if (n < 0)
		return false;
	if (!o->rest || (size_t)n < o->rest_size) {
		o->rest_size -= n;
		if (o->rest)
			memmove(o->rest, o->rest + n, o->rest_size);
		return true;
	}
	free(o->rest);
	o->rest = NULL;
	o->written++;
	return true;
}

/* The rest of the line that the reader has had the beginning of is kept for later. */
static void keep_rest(struct outlet *o, const char *lines, size_t size, size_t done)
{
	const char *end = memchr(lines + done, '\n', size - done);

	if (!done || done == size || lines[done - 1] == '\n' || !end)
		return;
	o->rest_size = end + 1 - (lines + done);
	o->rest = malloc(o->rest_size);
	if (o->rest)
		memcpy(o->rest, lines + done, o->rest_size);
	else
		shut(o);
}

static void reader_gone(struct outlet *o, int err)
{
	if (o->rest)
		o->lost++;
	shut(o);
	trouble(o, err);
}

static void put_in_stream(struct outlet *o, const char *lines, size_t size)
{
	uint64_t all = count(o, lines, size), out;
	ssize_t n = 0;

	if (!put_rest(o))
		n = -EPIPE;
	else if (!o->rest)
		n = put(o, lines, size);
	if (n < 0) {
		reader_gone(o, n);
		o->lost += all;
		return;
	}
	out = count(o, lines, n);
	keep_rest(o, lines, size, n);
	o->written += out;
	o->lost += all - out - (o->rest && n);
	if (out + (o->rest && n) < all)
		trouble(o, -EAGAIN);
	else
		o->in_trouble = false;
}

/* A datagram is taken whole or not at all. */
static void put_in_journal(struct outlet *o, const char *entry, size_t size)
{
	if (send(o->fd, entry, size, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
		o->written++;
		o->in_trouble = false;
		return;
	}
	o->lost++;
	if (errno == EAGAIN || errno == ENOBUFS || errno == EMSGSIZE)
		trouble(o, -errno);
	else
		reader_gone(o, -errno);
}

void outlet_write(struct outlet *o, const char *lines, size_t size, uint64_t now_ns)
{
	if (is_due(o, size, now_ns))
		rotate(o, now_ns);
	if (o->fd < 0)
		o->lost += count(o, lines, size);
	else if (o->kind == FILE_BY_NAME)
		put_in_file(o, lines, size);
	else if (o->kind == JOURNAL)
		put_in_journal(o, lines, size);
	else
		put_in_stream(o, lines, size);
}

void outlet_tick(struct outlet *o, uint64_t now_ns)
{
	if (is_due(o, 0, now_ns))
		rotate(o, now_ns);
	if (o->fd >= 0 && o->rest && !put_rest(o))
		reader_gone(o, -EPIPE);
	if (o->fd >= 0 || now_ns - o->tried_ns < SECOND)
		return;
	if ((o->kind == FILE_BY_NAME && !open_file(o, now_ns)) ||
	    (o->is_socket && !open_socket(o, now_ns)))
		log_info("--events %s: events are written again", o->config.target);
}

void outlet_reopen(struct outlet *o, uint64_t now_ns)
{
	int err;

	if (o->kind != FILE_BY_NAME)
		return;
	shut(o);
	err = open_file(o, now_ns);
	if (err)
		trouble(o, err);
}

uint64_t outlet_written(const struct outlet *o)
{
	return o->written;
}

uint64_t outlet_lost(const struct outlet *o)
{
	return o->lost;
}
