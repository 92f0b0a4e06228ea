/* SPDX-License-Identifier: GPL-2.0-only */
/* Any bytes as a request, in two pieces: an answer or none, but nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/http_conn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void give(void *arg, const struct http_request *r, struct http_answer *a)
{
	(void)arg;
	if (strlen(r->path) >= 256 || strlen(r->accept) >= 512)
		abort();
	a->status = 200;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conn c;
	int fds[2];

	if (size > 2 * HTTP_HEAD_BYTES || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds))
		return 0;
	conn_open(&c, fds[0], true, 1);
	if (write(fds[1], data, size / 2) < 0 && errno != EAGAIN)
		abort();
	if (conn_go_on(&c, give, NULL, 2)) {
		if (write(fds[1], data + size / 2, size - size / 2) < 0 && errno != EAGAIN &&
		    errno != EPIPE)
			abort();
		if (conn_go_on(&c, give, NULL, 3))
			conn_close(&c);
	}
	close(fds[1]);
	return 0;
}
