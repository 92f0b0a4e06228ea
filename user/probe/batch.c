// SPDX-License-Identifier: GPL-2.0-only
/* How much of a map is asked for at a time. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "probe/batch.h"

#define ROOM  (128 * 1024) /* bytes asked for at first */
#define LEAST 16	   /* elements, however large they are */

struct batch {
	int fd;
	size_t key_size, value_size;
	char *keys, *values;
	uint32_t room; /* elements */
	void (*each)(void *arg, const void *key, const void *value);
	void *arg;
};

static int make_room(struct batch *b, uint32_t room)
{
	free(b->keys);
	free(b->values);
	b->room = room;
	b->keys = calloc(room, b->key_size);
	b->values = calloc(room, b->value_size);
	return b->keys && b->values ? 0 : -ENOMEM;
}

static void tell(const struct batch *b, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		b->each(b->arg, b->keys + i * b->key_size, b->values + i * b->value_size);
}

/* A bucket of the hash is given whole: if it does not fit (ENOSPC), nothing was taken, and more room is needed. */
static int each_batch(struct batch *b)
{
	uint32_t at, count;
	void *from = NULL;
	int err = 0;

	while (!err) {
		count = b->room;
		err = bpf_map_lookup_batch(b->fd, from, &at, b->keys, b->values, &count, NULL)
			      ? -errno
			      : 0;
		if (err == -ENOSPC) {
			err = make_room(b, b->room * 2);
			continue;
		}
		if (!err || err == -ENOENT)
			tell(b, count);
		from = &at;
	}
	return err == -ENOENT ? 0 : err;
}

int batch_each(int map_fd, size_t key_size, size_t value_size,
	       void (*each)(void *arg, const void *key, const void *value), void *arg)
{
	struct batch b = { .fd = map_fd,
			   .key_size = key_size,
			   .value_size = value_size,
			   .each = each,
			   .arg = arg };
	uint32_t room = ROOM / (key_size + value_size);
	int err = make_room(&b, room > LEAST ? room : LEAST);

	if (!err)
		err = each_batch(&b);
	free(b.keys);
	free(b.values);
	return err;
}
