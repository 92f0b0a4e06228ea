/* SPDX-License-Identifier: GPL-2.0-only */
/* Several sinks as one: all of them see each loss, and the first failure is the tee's. */
#include "sink/sinks.h"

static int tee_open(struct sink *s)
{
	int err = 0;

	s->state = s->config.parts;
	for (size_t i = 0; i < s->config.part_count && !err; i++) {
		struct sink *part = &s->config.parts[i];

		part->config.host = s->config.host;
		err = part->ops->open(part);
	}
	return err;
}

static int tee_drop(struct sink *s, const struct drop *d)
{
	int err = 0;

	for (size_t i = 0; i < s->config.part_count && !err; i++)
		err = s->config.parts[i].ops->drop(&s->config.parts[i], d);
	return err;
}

static int tee_tick(struct sink *s, uint64_t now_ns)
{
	int err = 0;

	for (size_t i = 0; i < s->config.part_count && !err; i++)
		err = s->config.parts[i].ops->tick(&s->config.parts[i], now_ns);
	return err;
}

static int tee_end(struct sink *s, const struct summary *sum)
{
	int err = 0;

	for (size_t i = 0; i < s->config.part_count && !err; i++)
		err = sink_end(&s->config.parts[i], sum);
	return err;
}

static void tee_close(struct sink *s)
{
	for (size_t i = 0; i < s->config.part_count; i++)
		if (s->config.parts[i].state)
			s->config.parts[i].ops->close(&s->config.parts[i]);
	s->state = NULL;
}

const struct sink_ops sink_tee = {
	.name = "tee",
	.help = "several sinks at once",
	.open = tee_open,
	.drop = tee_drop,
	.tick = tee_tick,
	.end = tee_end,
	.close = tee_close,
};
