/* SPDX-License-Identifier: GPL-2.0-only */
/* Any bytes as a record: it is refused, or every sink shows it; JSON of it is JSON. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <json-c/json.h>

#include "classify/cause.h"
#include "decode/decode.h"
#include "sink/sink.h"

#define LINE 32768

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct cause cause = {
	.name = "fuzzed",
	.evidence = { "length", "receive_queue_bytes", "accept_queue", "qdisc", "qdisc_length",
		      "mark", "device_mtu", "socket_port" },
	.summary = "any",
	.remedy = "None.",
};

static void show(const struct drop *d, const char *name, char *line)
{
	static const struct host host;
	struct sink s = { .ops = sink_find(name), .config = { .stack = true, .host = &host } };
	ssize_t n;

	s.config.fd = memfd_create(name, 0);
	if (s.config.fd < 0 || s.ops->open(&s) || s.ops->drop(&s, d) || s.ops->tick(&s, 1))
		abort();
	s.ops->close(&s);
	n = pread(s.config.fd, line, LINE - 1, 0);
	close(s.config.fd);
	if (n <= 0 || line[n - 1] != '\n')
		abort();
	line[n] = 0;
}

static void show_all(struct drop *d)
{
	static char line[LINE];
	struct verdict v = { .key = d->ev->key, .cause = &cause };
	struct json_object *o;

	v.loss.key = &v.key;
	v.loss.where = v.loss.symbol = v.loss.module = "";
	d->verdict = &v;
	d->time_real_ns = d->ev->time_ns;
	show(d, "text", line);
	for (const char *p = line; *p; p++)
		if (*p != '\n' && (*p < ' ' || *p == 0x7f))
			abort();
	show(d, "json", line);
	if (strchr(line, '\n') != line + strlen(line) - 1)
		abort();
	o = json_tokener_parse(line);
	if (!o)
		abort();
	json_object_put(o);
}

/* What decides whether it is a record, so that most inputs come further. */
static void make_acceptable(struct event *ev, size_t size)
{
	ev->size = size;
	ev->version = EVENT_VERSION;
	ev->stack_size %= (size - sizeof(*ev)) / sizeof(ev->stack[0]) + 1;
	ev->snap_size %= EVENT_SNAP + 1;
	ev->l3_offset %= EVENT_SNAP;
	ev->key.kind = EV_SKB_DROP;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *exact = malloc(size ? size : 1);
	struct drop d;

	if (!exact)
		return 0;
	memcpy(exact, data, size);
	if (size >= sizeof(struct event) && size <= UINT16_MAX && data[0] % 8)
		make_acceptable(exact, size);
	if (!decode(&d, exact, size))
		show_all(&d);
	free(exact);
	return 0;
}
