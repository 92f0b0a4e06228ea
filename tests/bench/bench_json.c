/* SPDX-License-Identifier: GPL-2.0-only */
/* What one record costs from its bytes to its JSON line, in CPU time: decode and the sink. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "build.h"
#include "decode/decode.h"
#include "sink/sink.h"

#define RECORDS 1000000
#define BATCH	1000 /* records between two ticks: 100 ms at 10 000 losses a second */
#define KINDS	6

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* Every record is decoded anew and has a time of its own, as in a trace. */
static int run(struct sink *s, uint64_t *decode_ns, uint64_t *sink_ns)
{
	struct event events[KINDS];
	struct drop drops[BATCH];
	uint64_t start;
	int err = 0;

	for (int i = 0; i < KINDS; i++)
		events[i] = *build_golden(i)->ev;
	for (int n = 0; n < RECORDS && !err; n += BATCH) {
		start = cpu_ns();
		for (int i = 0; i < BATCH && !err; i++)
			err = decode(&drops[i], &events[i % KINDS], sizeof(events[0]));
		*decode_ns += cpu_ns() - start;
		start = cpu_ns();
		for (int i = 0; i < BATCH && !err; i++) {
			const struct drop *model = build_golden(i % KINDS);

			drops[i].verdict = model->verdict;
			drops[i].peer = model->peer;
			drops[i].time_real_ns = model->time_real_ns + (n + i) * 10000ULL;
			err = s->ops->drop(s, &drops[i]);
		}
		if (!err)
			err = s->ops->tick(s, start);
		*sink_ns += cpu_ns() - start;
	}
	return err;
}

int main(int argc, char **argv)
{
	const char *file = argc > 1 ? argv[1] : "/dev/null";
	const char *name = argc > 2 ? argv[2] : "json";
	uint64_t decode_ns = 0, sink_ns = 0;
	struct sink s = { .ops = sink_find(name) };
	int err;

	s.config.fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	s.config.host = build_host();
	if (!s.ops || s.config.fd < 0 || s.ops->open(&s)) {
		fprintf(stderr, "usage: bench_json [FILE [json|text]]; FILE must be writable\n");
		return 2;
	}
	err = run(&s, &decode_ns, &sink_ns);
	s.ops->close(&s);
	close(s.config.fd);
	if (err) {
		fprintf(stderr, "bench_json: error %d while writing %s\n", -err, file);
		return 1;
	}
	printf("%s to %s: decode %.0f ns, sink %.0f ns per event\n", name, file,
	       (double)decode_ns / RECORDS, (double)sink_ns / RECORDS);
	return 0;
}
