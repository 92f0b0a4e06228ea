/* SPDX-License-Identifier: GPL-2.0-only */
/* A small HTTP/1.1 server whose clients cannot hurt it: how many, how much, how long is bounded. */
#ifndef AGENT_HTTP_H
#define AGENT_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_CLIENTS	32   /* connections; one more ends the one that has been there longest */
#define HTTP_ANSWERS	4    /* answers kept for clients that read slowly, likewise */
#define HTTP_HEAD_BYTES 8192 /* of request line and headers */
#define HTTP_SECONDS	5    /* for a request to arrive, for an answer to be read, to hang up */

/* A request, whose method is GET or HEAD and whose body, if it has one, nobody reads. */
struct http_request {
	const char *path;   /* without the query */
	const char *accept; /* all Accept headers, "" without one */
	bool is_local;	    /* came by a Unix socket */
};

struct http_answer {
	int status;	  /* 200, 404 ... */
	const char *type; /* media type */
	char *body;	  /* of malloc(), from now on the server's; NULL: the status in words */
	size_t size;
};

typedef void (*http_handler)(void *arg, const struct http_request *request,
			     struct http_answer *answer);

struct http;

/* 0 or -errno; free with http_free, which takes NULL and removes the names of Unix sockets. */
int http_new(struct http **out, http_handler handler, void *arg);
void http_free(struct http *h);

/* Listen at "ADDR:PORT", "[ADDR6]:PORT" or "unix:PATH". 0, or -errno after a message. */
int http_listen(struct http *h, const char *where);

int http_fd(const struct http *h); /* readable when http_serve() has something to do */
void http_serve(struct http *h);
/* At least every second: who is too slow is cut off. */
void http_tick(struct http *h);

/* Connections that were ended because they were too slow, or too many. */
uint64_t http_cut_off(const struct http *h);

#endif
