// SPDX-License-Identifier: GPL-2.0-only
/* How one request is taken and answered. Each connection is for one: that leaves little to go wrong. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/http_conn.h"

/* Requests come in pieces of any size: append as much as there is room for. */
static void append(char *to, size_t room, const char *at, size_t len)
{
	size_t used = strlen(to);

	if (len > room - 1 - used)
		len = room - 1 - used;
	memcpy(to + used, at, len);
	to[used + len] = 0;
}

static int on_url(http_parser *p, const char *at, size_t len)
{
	struct conn *c = p->data;

	/* a path that is cut off must not become one that exists */
	if (strlen(c->path) + len >= sizeof(c->path))
		return -1;
	append(c->path, sizeof(c->path), at, len);
	return 0;
}

static int on_field(http_parser *p, const char *at, size_t len)
{
	struct conn *c = p->data;

	if (c->is_header_value)
		c->field[0] = 0;
	c->is_header_value = false;
	append(c->field, sizeof(c->field), at, len);
	return 0;
}

static int on_value(http_parser *p, const char *at, size_t len)
{
	struct conn *c = p->data;

	c->is_header_value = true;
	if (!strcasecmp(c->field, "accept"))
		append(c->accept, sizeof(c->accept), at, len);
	return 0;
}

/* Nobody reads a body: the rest is thrown away. */
static int on_headers(http_parser *p)
{
	struct conn *c = p->data;

	c->is_complete = true;
	http_parser_pause(p, 1);
	return 0;
}

void conn_open(struct conn *c, int fd, bool is_local, uint64_t now_ns)
{
	*c = (struct conn){
		.fd = fd, .state = CONN_READS, .is_local = is_local, .since_ns = now_ns
	};
	http_parser_init(&c->parser, HTTP_REQUEST);
	c->parser.data = c;
}

void conn_close(struct conn *c)
{
	close(c->fd);
	free(c->answer);
	*c = (struct conn){ .fd = -1 };
}

static void enter(struct conn *c, enum conn_state state, uint64_t now_ns)
{
	c->state = state;
	c->since_ns = now_ns;
}

/* Head and body in one piece: one write mostly does. */
static bool set_answer(struct conn *c, const struct http_answer *a)
{
	const char *status = http_status_str(a->status);
	const char *body = a->body ? a->body : status;
	size_t size = a->body ? a->size : strlen(status);
	char head[256];
	int len = snprintf(head, sizeof(head),
			   "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
			   "Connection: close\r\n\r\n",
			   a->status, status, a->type, size);

	if (c->parser.method == HTTP_HEAD)
		size = 0;
	c->answer = malloc(len + size);
	if (!c->answer)
		return false;
	memcpy(c->answer, head, len);
	memcpy(c->answer + len, body, size);
	c->size = len + size;
	return true;
}

static bool answer(struct conn *c, int status, http_handler handler, void *arg, uint64_t now_ns)
{
	struct http_answer a = { .status = status, .type = "text/plain; charset=utf-8" };
	struct http_request request = { c->path, c->accept, c->is_local };
	bool ok;

	c->path[strcspn(c->path, "?#")] = 0;
	if (!status && c->parser.method != HTTP_GET && c->parser.method != HTTP_HEAD)
		a.status = 405;
	if (!a.status)
		handler(arg, &request, &a);
	ok = set_answer(c, &a);
	free(a.body);
	enter(c, CONN_WRITES, now_ns);
	return ok;
}

/* 1: go on, 0: there is nothing more for now, -1: it is over. */
static int take(struct conn *c, http_handler handler, void *arg, uint64_t now_ns)
{
	static const http_parser_settings settings = { .on_url = on_url,
						       .on_header_field = on_field,
						       .on_header_value = on_value,
						       .on_headers_complete = on_headers };
	char data[2048];
	ssize_t n = recv(c->fd, data, sizeof(data), MSG_DONTWAIT);
	int status = 0;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	if (!n)
		return -1;
	http_parser_execute(&c->parser, &settings, data, n);
	c->received += n;
	if (!c->is_complete) {
		if (HTTP_PARSER_ERRNO(&c->parser) != HPE_OK)
			status = HTTP_PARSER_ERRNO(&c->parser) == HPE_CB_url ? 414 : 400;
		else if (c->received >= HTTP_HEAD_BYTES)
			status = 431;
		else
			return 1;
	}
	return answer(c, status, handler, arg, now_ns) ? 1 : -1;
}

static int give(struct conn *c, uint64_t now_ns)
{
	ssize_t n =
		send(c->fd, c->answer + c->sent, c->size - c->sent, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	c->sent += n;
	if (c->sent < c->size)
		return 1;
	/* closed with something unread, the connection would be reset, and the answer lost with it */
	shutdown(c->fd, SHUT_WR);
	free(c->answer);
	c->answer = NULL;
	enter(c, CONN_ENDS, now_ns);
	return 1;
}

static int end(struct conn *c)
{
	char data[2048];
	ssize_t n = recv(c->fd, data, sizeof(data), MSG_DONTWAIT);

	return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : n > 0 ? 1 : -1;
}

bool conn_go_on(struct conn *c, http_handler handler, void *arg, uint64_t now_ns)
{
	int more = 1;

	/* a client that never stops sending must not keep the rest from being served */
	for (int turn = 0; turn < 16 && more > 0; turn++) {
		if (c->state == CONN_READS)
			more = take(c, handler, arg, now_ns);
		else if (c->state == CONN_WRITES)
			more = give(c, now_ns);
		else
			more = end(c);
	}
	if (more >= 0)
		return true;
	conn_close(c);
	return false;
}

uint32_t conn_waits_for(const struct conn *c)
{
	return c->state == CONN_WRITES ? EPOLLOUT : EPOLLIN;
}
