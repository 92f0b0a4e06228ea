/* SPDX-License-Identifier: GPL-2.0-only */
/* What of a recording is believed: chunks whose sum is right, and in them only what refers to what is there. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/log.h"
#include "base/pack.h"
#include "source/entries.h"
#include "source/replay.h"

struct replay {
	struct entries entries;
	const char *path;
	int fd;
	uint64_t offset; /* of the chunk in hand */
	uint64_t next;	 /* what has been read */
	uint8_t *packed, *raw;
	size_t packed_size;
};

static int wrong(const struct replay *r, int err, const char *what)
{
	log_err(0, "%s: byte %llu: %s", r->path, (unsigned long long)r->offset, what);
	return err;
}

/* As many bytes as there are, up to size; -errno after a message. */
static ssize_t read_up_to(struct replay *r, uint8_t *out, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(r->fd, out + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return log_err(-errno, "%s: cannot be read", r->path);
		if (!n)
			break;
		done += n;
	}
	r->next += done;
	return done;
}

/* Of another version, or another kind of machine. */
static int foreign(const struct replay *r, int at, const char *what)
{
	log_err(0, "%s: byte %d: %s; this version reads format %d with events of version %d",
		r->path, at, what, RECORDING_VERSION, EVENT_VERSION);
	return -EPROTO;
}

static int read_header(struct replay *r)
{
	uint8_t data[RECORDING_HEADER];
	struct unpacker u = { data, sizeof(data), 8, false };
	uint32_t version, event_version, event_size, order;
	ssize_t n = read_up_to(r, data, sizeof(data));

	if (n < 0)
		return n;
	if (n < 8 || memcmp(data, RECORDING_MAGIC, 8))
		return wrong(r, -EBADMSG, "not a recording of whydrop");
	if (n < RECORDING_HEADER)
		return wrong(r, -EBADMSG, "cut off in its header");
	version = unpack_u32(&u);
	if (version < RECORDING_OLDEST || version > RECORDING_VERSION)
		return foreign(r, 8, "a format of another version of whydrop");
	event_version = unpack_u32(&u);
	event_size = unpack_u32(&u);
	memcpy(&order, unpack_raw(&u, 4), 4);
	unpack_u32(&u);
	if (unpack_u32(&u) != crc32(0, data, RECORDING_HEADER - 4))
		return wrong(r, -EBADMSG, "the header is damaged");
	if (event_version != EVENT_VERSION || event_size != sizeof(struct event))
		return foreign(r, 12, "events of another version of whydrop");
	if (order != RECORDING_ORDER)
		return foreign(r, 20, "made on a machine of another byte order");
	return 0;
}

/* The next chunk's entries. Returns their size, 0 at the end of the file, or -errno after a message. */
static ssize_t read_chunk(struct replay *r)
{
	uint8_t head[RECORDING_CHUNK];
	struct unpacker u = { head, sizeof(head), 0, false };
	uint32_t size, packed, sum;
	ssize_t n;
	uLongf got;

	r->offset = r->next;
	n = read_up_to(r, head, sizeof(head));
	if (n <= 0)
		return n;
	if (n < RECORDING_CHUNK)
		return wrong(r, -EBADMSG, "the recording is cut off here");
	size = unpack_u32(&u);
	packed = unpack_u32(&u);
	sum = unpack_u32(&u);
	if (!size || size > RECORDING_MAX || packed > r->packed_size)
		return wrong(r, -EBADMSG, "the recording is damaged here: sizes that cannot be");
	n = read_up_to(r, r->packed, packed);
	if (n < 0)
		return n;
	if ((size_t)n < packed)
		return wrong(r, -EBADMSG, "the recording is cut off here");
	got = size;
	if (crc32(crc32(0, head, 8), r->packed, packed) != sum)
		return wrong(r, -EBADMSG, "the recording is damaged here: its sum is wrong");
	if (uncompress(r->raw, &got, r->packed, packed) != Z_OK || got != size)
		return wrong(r, -EBADMSG, "the recording is damaged here: it cannot be inflated");
	return size;
}

/* p NULL: the first chunk. Returns what entries_read() does, the error explained. */
static int read_entries(struct replay *r, size_t size, struct pipeline *p)
{
	int err = entries_read(&r->entries, r->raw, size, p);

	if (err == -EBADMSG)
		return wrong(r, err, "the recording is damaged here: entries that make no sense");
	return err;
}

int replay_run(struct replay *r, struct pipeline *p)
{
	ssize_t size = 0;
	int err = 0;

	while (!err && (size = read_chunk(r)) > 0) {
		err = read_entries(r, size, p);
		if (!err)
			err = p->sink->ops->tick(p->sink, r->entries.time_ns);
	}
	if (!err && size < 0)
		err = size;
	if (!err && !r->entries.ended) {
		r->offset = r->next;
		err = wrong(r, -EBADMSG, "the recording ends here, before its account");
	}
	return err;
}

bool replay_is_whole(const struct replay *r)
{
	return r->entries.ended;
}

struct host *replay_host(struct replay *r)
{
	return &r->entries.host;
}

const struct environment *replay_environment(const struct replay *r)
{
	return &r->entries.environment;
}

int replay_summary(struct replay *r, const struct pipeline *p, struct summary *s)
{
	return entries_summary(&r->entries, p, s);
}

static int start(struct replay *r)
{
	ssize_t size;
	int err = entries_init(&r->entries);

	r->packed_size = compressBound(RECORDING_MAX);
	r->packed = malloc(r->packed_size);
	r->raw = malloc(RECORDING_MAX);
	if (err || !r->packed || !r->raw)
		return log_err(-ENOMEM, "%s", r->path);
	err = read_header(r);
	if (err)
		return err;
	size = read_chunk(r);
	if (size <= 0)
		return size ? size : wrong(r, -EBADMSG, "the recording is cut off here");
	return read_entries(r, size, NULL);
}

int replay_open(struct replay **out, const char *path)
{
	struct replay *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return -ENOMEM;
	r->path = path;
	r->fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);
	err = r->fd < 0 ? log_err(-errno, "%s: cannot be opened", path) : start(r);
	if (err) {
		replay_close(r);
		return err;
	}
	*out = r;
	return 0;
}

void replay_close(struct replay *r)
{
	if (!r)
		return;
	entries_free(&r->entries);
	free(r->packed);
	free(r->raw);
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}
