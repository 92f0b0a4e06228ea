/* SPDX-License-Identifier: GPL-2.0-only */
/* What a write may answer, and what that means for the lines behind it. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "sink/out.h"
#include "sink/sink.h"

void out_init(struct out *o, const struct sink_config *config)
{
	o->fd = config->fd;
	o->write = config->write;
	o->write_arg = config->write_arg;
	o->error = 0;
	strbuf_init(&o->buf, o->data, sizeof(o->data));
}

int out_reserve(struct out *o)
{
	return o->buf.len > OUT_SIZE - OUT_LINE ? out_flush(o) : o->error;
}

int out_flush(struct out *o)
{
	struct pollfd p = { .fd = o->fd, .events = POLLOUT };
	size_t done = 0;

	if (o->write && o->buf.len) {
		o->error = o->write(o->write_arg, o->buf.data, o->buf.len);
		done = o->buf.len;
	}
	while (!o->error && done < o->buf.len) {
		ssize_t n = write(o->fd, o->buf.data + done, o->buf.len - done);

		if (n >= 0)
			done += n;
		else if (errno == EAGAIN)
			poll(&p, 1, -1);
		else if (errno != EINTR)
			o->error = -errno;
	}
	strbuf_reset(&o->buf);
	return o->error;
}

int out_end_line(struct out *o, size_t start)
{
	if (!o->buf.truncated)
		return 0;
	o->buf.len = start;
	o->buf.truncated = false;
	return -EMSGSIZE;
}

int out_sink_open(struct sink *s)
{
	struct out *out = calloc(1, sizeof(*out));

	if (!out)
		return -ENOMEM;
	out_init(out, &s->config);
	s->state = out;
	return 0;
}

int out_sink_tick(struct sink *s, uint64_t now_ns)
{
	(void)now_ns;
	return out_flush(s->state);
}

void out_sink_close(struct sink *s)
{
	out_flush(s->state);
	free(s->state);
	s->state = NULL;
}
