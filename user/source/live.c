/* SPDX-License-Identifier: GPL-2.0-only */
/* How the ring buffer is read: all that waits at each wakeup and at each tick of the caller. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

#include "source/live.h"

struct live {
	struct ring_buffer *ring;
};

int live_new(struct live **out, int map_fd, live_record_fn fn, void *arg)
{
	struct live *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->ring = ring_buffer__new(map_fd, fn, arg, NULL);
	if (!l->ring) {
		free(l);
		return -errno;
	}
	*out = l;
	return 0;
}

void live_free(struct live *l)
{
	if (!l)
		return;
	ring_buffer__free(l->ring);
	free(l);
}

int live_fd(const struct live *l)
{
	return ring_buffer__epoll_fd(l->ring);
}

int live_drain(struct live *l)
{
	return ring_buffer__consume(l->ring);
}
