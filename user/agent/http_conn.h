/* SPDX-License-Identifier: GPL-2.0-only */
/* One client of the HTTP server: its request as it arrives, its answer as it is read. */
#ifndef AGENT_HTTP_CONN_H
#define AGENT_HTTP_CONN_H

#include <http_parser.h>

#include "agent/http.h"

enum conn_state {
	CONN_FREE,
	CONN_READS,  /* the request is arriving */
	CONN_WRITES, /* the answer is being read */
	CONN_ENDS    /* the answer has been sent; what the client still sends is thrown away */
};

struct conn {
	int fd;
	enum conn_state state;
	bool is_local, is_complete, is_header_value;
	uint64_t since_ns; /* of the state, CLOCK_MONOTONIC */
	http_parser parser;
	size_t received;
	char path[256], accept[512], field[16]; /* as much as fits of each */
	char *answer;				/* head and body */
	size_t size, sent;
};

/* fd is the connection's from now on, and does not block. */
void conn_open(struct conn *c, int fd, bool is_local, uint64_t now_ns);
void conn_close(struct conn *c);

/*
 * Go on as far as possible without waiting; the handler is asked when the request is complete. False: this
 * connection is over and has been closed.
 */
bool conn_go_on(struct conn *c, http_handler handler, void *arg, uint64_t now_ns);

/* What to wait for: EPOLLIN or EPOLLOUT. */
uint32_t conn_waits_for(const struct conn *c);

#endif
