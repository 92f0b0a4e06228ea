/* SPDX-License-Identifier: GPL-2.0-only */
/* How gRPC is put on HTTP/2 (grpc.io, PROTOCOL-HTTP2), which nghttp2 speaks. */
#include <errno.h>
#include <nghttp2/nghttp2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cri/call.h"

#define PREFIX	       5	  /* before a message: compressed?, length (big-endian) */
#define MAX_ANSWER     (16 << 20) /* what containerd sends at most */
#define AT_ONCE	       16	  /* reads */
#define STATUS_OK      0
#define STATUS_UNKNOWN 12 /* UNIMPLEMENTED */

struct cri_call {
	nghttp2_session *session;
	int fd;
	int error;
	int status; /* gRPC's, -1: not told yet */
	bool closed;
	size_t asked;	       /* of the question's bytes */
	const uint8_t *unsent; /* nghttp2's, what the socket did not take */
	size_t unsent_size;
	uint8_t *answer;
	size_t size, room;
};

static int on_data(nghttp2_session *s, uint8_t flags, int32_t stream, const uint8_t *data,
		   size_t size, void *arg)
{
	struct cri_call *c = arg;
	uint8_t *grown;

	(void)s;
	(void)flags;
	(void)stream;
	if (size > MAX_ANSWER + PREFIX - c->size) {
		c->error = -EMSGSIZE;
		return NGHTTP2_ERR_CALLBACK_FAILURE;
	}
	if (c->size + size > c->room) {
		c->room = 2 * (c->size + size);
		grown = realloc(c->answer, c->room);
		if (!grown) {
			c->error = -ENOMEM;
			return NGHTTP2_ERR_CALLBACK_FAILURE;
		}
		c->answer = grown;
	}
	memcpy(c->answer + c->size, data, size);
	c->size += size;
	return 0;
}

static int on_header(nghttp2_session *s, const nghttp2_frame *frame, const uint8_t *name,
		     size_t name_size, const uint8_t *value, size_t size, uint8_t flags, void *arg)
{
	static const char key[] = "grpc-status";
	struct cri_call *c = arg;

	(void)s;
	(void)frame;
	(void)flags;
	if (name_size == sizeof(key) - 1 && !memcmp(name, key, name_size))
		c->status = size ? (int)strtol((const char *)value, NULL, 10) : -1;
	return 0;
}

static int on_close(nghttp2_session *s, int32_t stream, uint32_t error, void *arg)
{
	struct cri_call *c = arg;

	(void)s;
	(void)stream;
	c->closed = true;
	if (error)
		c->error = -EPROTO;
	return 0;
}

/* An empty message: not compressed, no bytes. */
static ssize_t question(nghttp2_session *s, int32_t stream, uint8_t *buf, size_t room,
			uint32_t *flags, nghttp2_data_source *source, void *arg)
{
	struct cri_call *c = arg;
	size_t n = PREFIX - c->asked < room ? PREFIX - c->asked : room;

	(void)s;
	(void)stream;
	(void)source;
	memset(buf, 0, n);
	c->asked += n;
	if (c->asked == PREFIX)
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)n;
}

static int open_session(struct cri_call *c)
{
	nghttp2_session_callbacks *on;
	int err;

	if (nghttp2_session_callbacks_new(&on))
		return -ENOMEM;
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(on, on_data);
	nghttp2_session_callbacks_set_on_header_callback(on, on_header);
	nghttp2_session_callbacks_set_on_stream_close_callback(on, on_close);
	err = nghttp2_session_client_new(&c->session, on, c);
	nghttp2_session_callbacks_del(on);
	return err ? -ENOMEM : 0;
}

static int ask(struct cri_call *c, const char *method)
{
#define HEADER(name, value)                                                                        \
	{                                                                                          \
		(uint8_t *)(name), (uint8_t *)(value), strlen(name), strlen(value), 0              \
	}
	const nghttp2_nv headers[] = {
		HEADER(":method", "POST"),
		HEADER(":scheme", "http"),
		HEADER(":path", method),
		HEADER(":authority", "localhost"),
		HEADER("content-type", "application/grpc"),
		HEADER("user-agent", "whydrop/" WHYDROP_VERSION),
		HEADER("te", "trailers"),
	};
#undef HEADER
	const nghttp2_data_provider body = { .read_callback = question };

	if (nghttp2_submit_settings(c->session, NGHTTP2_FLAG_NONE, NULL, 0) ||
	    nghttp2_submit_request(c->session, NULL, headers, sizeof(headers) / sizeof(headers[0]),
				   &body, NULL) < 0)
		return -ENOMEM;
	return 0;
}

static int reach(struct cri_call *c, const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(to.sun_path))
		return -ENAMETOOLONG;
	strcpy(to.sun_path, path);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return c->fd < 0 || connect(c->fd, (void *)&to, sizeof(to)) ? -errno : 0;
}

int cri_call_new(struct cri_call **out, const char *path, const char *method)
{
	struct cri_call *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	c->fd = c->status = -1;
	err = reach(c, path);
	if (!err)
		err = open_session(c);
	if (!err)
		err = ask(c, method);
	if (!err)
		err = cri_call_go_on(c);
	if (err < 0) {
		cri_call_free(c);
		return err;
	}
	*out = c;
	return 0;
}

void cri_call_free(struct cri_call *c)
{
	if (!c)
		return;
	nghttp2_session_del(c->session);
	if (c->fd >= 0)
		close(c->fd);
	free(c->answer);
	free(c);
}

int cri_call_fd(const struct cri_call *c)
{
	return c->fd;
}

/* Until the socket takes no more, which seldom happens: what is sent is short. */
static int send_waiting(struct cri_call *c)
{
	for (;;) {
		ssize_t n;

		if (!c->unsent_size) {
			n = nghttp2_session_mem_send(c->session, &c->unsent);
			if (n <= 0)
				return n ? -EPROTO : 0;
			c->unsent_size = n;
		}
		n = send(c->fd, c->unsent, c->unsent_size, MSG_NOSIGNAL);
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		c->unsent += n;
		c->unsent_size -= n;
	}
}

/* No more than a part of what a fast runtime may send: others wait to be served. */
static int receive(struct cri_call *c)
{
	uint8_t buf[16384];
	int err;

	for (int i = 0; i < AT_ONCE && !c->closed; i++) {
		ssize_t n = recv(c->fd, buf, sizeof(buf), 0);

		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		if (!n)
			return -ECONNRESET;
		if (nghttp2_session_mem_recv(c->session, buf, n) != n)
			return c->error ? c->error : -EPROTO;
		err = c->closed ? 0 : send_waiting(c);
		if (err)
			return err;
		/* these were no frames, which the other side has been told */
		if (!c->closed && !nghttp2_session_want_read(c->session))
			return -EPROTO;
	}
	return 0;
}

/* One message, whole and not compressed, and the status that it is all. */
static int judge(const struct cri_call *c)
{
	const uint8_t *a = c->answer;

	if (c->status == STATUS_UNKNOWN)
		return -ENOSYS;
	if (c->error || c->status != STATUS_OK || c->size < PREFIX || a[0])
		return -EPROTO;
	if (((uint32_t)a[1] << 24 | a[2] << 16 | a[3] << 8 | a[4]) != c->size - PREFIX)
		return -EPROTO;
	return 1;
}

int cri_call_go_on(struct cri_call *c)
{
	int err = send_waiting(c);

	if (!err)
		err = receive(c);
	if (err)
		return err;
	return c->closed ? judge(c) : 0;
}

const uint8_t *cri_call_answer(const struct cri_call *c, size_t *size)
{
	*size = c->size - PREFIX;
	return c->answer + PREFIX;
}
