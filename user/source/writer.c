/* SPDX-License-Identifier: GPL-2.0-only */
/* How a recording's chunks are deflated, summed and written. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <linux/types.h>

#include "event.h"
#include "source/writer.h"

#define FAST 1 /* of zlib's levels: records are mostly zeros and repetitions */

static int write_all(struct writer *w, const uint8_t *data, size_t size)
{
	while (!w->error && size) {
		ssize_t n = write(w->fd, data, size);

		if (n < 0 && errno != EINTR)
			w->error = -errno;
		if (n < 0)
			continue;
		data += n;
		size -= n;
	}
	return w->error;
}

int writer_open(struct writer *w, int fd)
{
	const uint32_t order = RECORDING_ORDER;
	struct packer p = { 0 };

	*w = (struct writer){ .fd = fd };
	pack_raw(&p, RECORDING_MAGIC, 8);
	pack_u32(&p, RECORDING_VERSION);
	pack_u32(&p, EVENT_VERSION);
	pack_u32(&p, sizeof(struct event));
	pack_raw(&p, &order, sizeof(order));
	pack_u32(&p, 0);
	pack_u32(&p, p.failed ? 0 : crc32(0, p.data, p.len));
	if (p.failed)
		w->error = -ENOMEM;
	else
		write_all(w, p.data, p.len);
	pack_free(&p);
	return w->error;
}

void writer_begin(struct writer *w, enum recording_entry type)
{
	pack_u8(&w->batch, type);
	pack_u32(&w->batch, 0);
	w->start = w->batch.len;
}

void writer_end(struct writer *w)
{
	pack_u32_at(&w->batch, w->start - 4, w->batch.len - w->start);
}

int writer_flush(struct writer *w)
{
	uLongf size = compressBound(w->batch.len);
	struct packer *c = &w->chunk;

	if (w->error || !w->batch.len)
		return w->error;
	c->len = 0;
	if (w->batch.failed || !pack_space(c, RECORDING_CHUNK + size) ||
	    compress2(c->data + RECORDING_CHUNK, &size, w->batch.data, w->batch.len, FAST) != Z_OK)
		return w->error = -ENOMEM;
	pack_u32_at(c, 0, w->batch.len);
	pack_u32_at(c, 4, size);
	pack_u32_at(c, 8, crc32(crc32(0, c->data, 8), c->data + RECORDING_CHUNK, size));
	w->batch.len = 0;
	return write_all(w, c->data, RECORDING_CHUNK + size);
}

int writer_flush_full(struct writer *w)
{
	return w->batch.len >= RECORDING_WRITE ? writer_flush(w) : w->error;
}

void writer_close(struct writer *w)
{
	pack_free(&w->batch);
	pack_free(&w->chunk);
}
