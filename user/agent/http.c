// SPDX-License-Identifier: GPL-2.0-only
/* Who may connect, how many at once, and who has to go when there are too many or too slow ones. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/http_conn.h"
#include "base/clock.h"
#include "base/log.h"

#define LISTENERS 8

struct listener {
	int fd;
	char *path; /* of a Unix socket; NULL: none */
};

struct http {
	http_handler handler;
	void *arg;
	int epoll;
	struct listener listeners[LISTENERS];
	int listener_count;
	struct conn conns[HTTP_CLIENTS];
	uint64_t cut_off;
};

int http_new(struct http **out, http_handler handler, void *arg)
{
	struct http *h = calloc(1, sizeof(*h));

	if (!h)
		return -ENOMEM;
	h->handler = handler;
	h->arg = arg;
	h->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (h->epoll < 0) {
		free(h);
		return -errno;
	}
	*out = h;
	return 0;
}

void http_free(struct http *h)
{
	if (!h)
		return;
	for (int i = 0; i < HTTP_CLIENTS; i++)
		if (h->conns[i].state != CONN_FREE)
			conn_close(&h->conns[i]);
	for (int i = 0; i < h->listener_count; i++) {
		close(h->listeners[i].fd);
		if (h->listeners[i].path)
			unlink(h->listeners[i].path);
		free(h->listeners[i].path);
	}
	close(h->epoll);
	free(h);
}

/* Listeners by negative numbers, connections by their place. */
static int wait_for(struct http *h, int op, int fd, uint32_t events, int number)
{
	struct epoll_event ev = { .events = events, .data.fd = number };

	return epoll_ctl(h->epoll, op, fd, &ev) ? -errno : 0;
}

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

/* "ADDR:PORT" or "[ADDR]:PORT". Length of the address, or -EINVAL. */
static int parse(const char *where, union address *a)
{
	const char *colon = strrchr(where, ':');
	char host[INET6_ADDRSTRLEN + 2], *end;
	size_t len = colon ? colon - where : 0;
	unsigned long port;

	if (!len || len >= sizeof(host) || colon[1] < '0' || colon[1] > '9')
		return -EINVAL;
	port = strtoul(colon + 1, &end, 10);
	memcpy(host, where, len);
	host[len] = 0;
	if (*end || port > 65535)
		return -EINVAL;
	if (inet_pton(AF_INET, host, &a->in.sin_addr) == 1) {
		a->in.sin_family = AF_INET;
		a->in.sin_port = htons(port);
		return sizeof(a->in);
	}
	if (host[0] != '[' || host[len - 1] != ']')
		return -EINVAL;
	host[len - 1] = 0;
	if (inet_pton(AF_INET6, host + 1, &a->in6.sin6_addr) != 1)
		return -EINVAL;
	a->in6.sin6_family = AF_INET6;
	a->in6.sin6_port = htons(port);
	return sizeof(a->in6);
}

/* The name of a socket that nobody listens at any more is in the way. */
static void remove_stale(const union address *a, int len)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat st;

	if (fd >= 0 && !lstat(a->un.sun_path, &st) && S_ISSOCK(st.st_mode) &&
	    connect(fd, &a->any, len) && errno == ECONNREFUSED)
		unlink(a->un.sun_path);
	if (fd >= 0)
		close(fd);
}

static int find_address(const char *where, union address *a)
{
	int len;

	memset(a, 0, sizeof(*a));
	if (strncmp(where, "unix:", 5)) {
		len = parse(where, a);
		return len > 0 ? len
			       : log_err(len,
					 "--listen %s: give ADDR:PORT, [ADDR6]:PORT or unix:PATH",
					 where);
	}
	where += 5;
	if (!*where || strlen(where) >= sizeof(a->un.sun_path))
		return log_err(-EINVAL, "--listen unix:%s: give a path of 1 to %zu bytes", where,
			       sizeof(a->un.sun_path) - 1);
	a->un.sun_family = AF_UNIX;
	strcpy(a->un.sun_path, where);
	remove_stale(a, sizeof(a->un));
	return sizeof(a->un);
}

static int bind_to(int fd, const union address *a, int len)
{
	int on = 1, err;
	mode_t mask;

	if (a->any.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (a->any.sa_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* flows are shown there: for the owner and the group only */
	mask = umask(0117);
	err = bind(fd, &a->any, len) || listen(fd, HTTP_CLIENTS) ? -errno : 0;
	umask(mask);
	return err;
}

int http_listen(struct http *h, const char *where)
{
	struct listener *l = &h->listeners[h->listener_count];
	union address a;
	int len, err;

	if (h->listener_count == LISTENERS)
		return log_err(-E2BIG, "--listen: at most %d", LISTENERS);
	len = find_address(where, &a);
	if (len < 0)
		return len;
	l->fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->fd < 0)
		return log_err(-errno, "cannot listen at %s", where);
	err = bind_to(l->fd, &a, len);
	if (!err)
		err = wait_for(h, EPOLL_CTL_ADD, l->fd, EPOLLIN, -1 - h->listener_count);
	if (err) {
		close(l->fd);
		return log_err(err, "cannot listen at %s%s", where,
			       err == -EADDRINUSE ? " (another agent? give another --listen)" : "");
	}
	l->path = a.any.sa_family == AF_UNIX ? strdup(a.un.sun_path) : NULL;
	h->listener_count++;
	return 0;
}

int http_fd(const struct http *h)
{
	return h->epoll;
}

/* The one that has been in this state longest, CONN_FREE: in any. And how many there are. */
static struct conn *oldest(struct http *h, enum conn_state state, int *count)
{
	struct conn *found = NULL;

	*count = 0;
	for (int i = 0; i < HTTP_CLIENTS; i++) {
		struct conn *c = &h->conns[i];

		if (c->state == CONN_FREE || (state != CONN_FREE && c->state != state))
			continue;
		++*count;
		if (!found || c->since_ns < found->since_ns)
			found = c;
	}
	return found;
}

static void cut_off(struct http *h, struct conn *c)
{
	conn_close(c);
	h->cut_off++;
}

static struct conn *place(struct http *h)
{
	struct conn *first;
	int count;

	first = oldest(h, CONN_FREE, &count);
	if (count == HTTP_CLIENTS)
		cut_off(h, first);
	for (int i = 0; i < HTTP_CLIENTS; i++)
		if (h->conns[i].state == CONN_FREE)
			return &h->conns[i];
	return NULL;
}

static void go_on(struct http *h, struct conn *c)
{
	enum conn_state before = c->state;
	struct conn *first;
	int count;

	if (!conn_go_on(c, h->handler, h->arg, now_ns()))
		return;
	wait_for(h, EPOLL_CTL_MOD, c->fd, conn_waits_for(c), c - h->conns);
	if (c->state != CONN_WRITES || before == CONN_WRITES)
		return;
	first = oldest(h, CONN_WRITES, &count);
	if (count > HTTP_ANSWERS)
		cut_off(h, first);
}

/* As many as there are places at one time: those that wait are not heard before the rest is served. */
static void welcome(struct http *h, const struct listener *l)
{
	for (int i = 0; i < HTTP_CLIENTS; i++) {
		int fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		struct conn *c;

		if (fd < 0)
			return;
		c = place(h);
		conn_open(c, fd, l->path, now_ns());
		if (wait_for(h, EPOLL_CTL_ADD, fd, EPOLLIN, c - h->conns))
			conn_close(c);
	}
}

void http_serve(struct http *h)
{
	struct epoll_event ev[HTTP_CLIENTS];
	int n = epoll_wait(h->epoll, ev, HTTP_CLIENTS, 0);

	/* clients first: a place that is given away must not be taken for the one it was */
	for (int i = 0; i < n; i++)
		if (ev[i].data.fd >= 0 && h->conns[ev[i].data.fd].state != CONN_FREE)
			go_on(h, &h->conns[ev[i].data.fd]);
	for (int i = 0; i < n; i++)
		if (ev[i].data.fd < 0)
			welcome(h, &h->listeners[-1 - ev[i].data.fd]);
}

void http_tick(struct http *h)
{
	uint64_t now = now_ns();

	for (int i = 0; i < HTTP_CLIENTS; i++)
		if (h->conns[i].state != CONN_FREE &&
		    now - h->conns[i].since_ns > HTTP_SECONDS * 1000000000ULL)
			cut_off(h, &h->conns[i]);
}

uint64_t http_cut_off(const struct http *h)
{
	return h->cut_off;
}
