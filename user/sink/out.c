/* SPDX-License-Identifier: GPL-2.0-only */
/* What a write may answer, and what that means for the lines behind it. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
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

/* Up to the last end of a block; all of it where there are none. */
static size_t blocks(const struct out *o)
{
	off_t at = o->write ? -1 : lseek(o->fd, 0, SEEK_CUR);
	size_t over = at < 0 ? 0 : (at + o->buf.len) % OUT_BLOCK;

	return over < o->buf.len ? o->buf.len - over : o->buf.len;
}

static void write_some(struct out *o, size_t size)
{
	struct pollfd p = { .fd = o->fd, .events = POLLOUT };
	size_t done = 0;

	if (o->write && size) {
		o->error = o->write(o->write_arg, o->buf.data, size);
		done = size;
	}
	while (!o->error && done < size) {
		ssize_t n = write(o->fd, o->buf.data + done, size - done);

		if (n >= 0)
			done += n;
		else if (errno == EAGAIN)
			poll(&p, 1, -1);
		else if (errno != EINTR)
			o->error = -errno;
	}
}

/* What is behind the blocks stays. */
static int flush_blocks(struct out *o)
{
	size_t size = blocks(o), rest = o->buf.len - size;

	write_some(o, size);
	memmove(o->buf.data, o->buf.data + size, rest);
	strbuf_end(&o->buf, o->buf.data + rest);
	return o->error;
}

int out_reserve(struct out *o)
{
	return o->buf.len > OUT_SIZE - OUT_LINE ? flush_blocks(o) : o->error;
}

int out_flush(struct out *o)
{
	write_some(o, o->buf.len);
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
