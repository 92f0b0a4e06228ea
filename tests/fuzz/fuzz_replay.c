/* SPDX-License-Identifier: GPL-2.0-only */
/* Any bytes as the entries of a recording: they are refused, or every sink shows the losses in them. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "redact.h"
#include "sink/sinks.h"
#include "source/entries.h"

#define PARTS 6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void show(struct entries *e, const uint8_t *data, size_t size, int fd, struct redact *redact)
{
	struct sink parts[PARTS] = {
		{ .ops = &sink_json },	 { .ops = &sink_pcapng },
		{ .ops = &sink_folded }, { .ops = &sink_svg },
		{ .ops = &sink_report }, { .ops = &sink_record, .config = { .redact = redact } }
	};
	struct sink tee = {
		.ops = &sink_tee,
		.config = { .host = &e->host, .parts = parts, .part_count = PARTS },
	};
	struct pipeline p = { .host = &e->host, .sink = &tee, .wanted = { .normal = true } };
	struct summary s = { 0 };

	for (size_t i = 0; i < PARTS; i++) {
		parts[i].config.fd = fd;
		parts[i].config.stack = true;
		parts[i].config.environment = &e->environment;
	}
	if (verdicts_new(&p.verdicts, &e->host, NULL) || tee.ops->open(&tee))
		abort();
	entries_read(e, data, size, &p);
	if (entries_summary(e, &p, &s))
		abort();
	sink_end(&tee, &s);
	tee.ops->close(&tee);
	free(s.rows);
	verdicts_free(p.verdicts);
}

/* Chunks in front of the entries would keep most inputs from them: their sum is tested elsewhere. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct redact *redact;
	struct entries e;
	int fd;

	if (!redact && redact_new(&redact))
		abort();
	if (!size)
		return 0;
	fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || entries_init(&e))
		abort();
	show(&e, data + 1, size - 1, fd, data[0] & 1 ? redact : NULL);
	entries_free(&e);
	close(fd);
	return 0;
}
