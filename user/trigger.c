/* SPDX-License-Identifier: GPL-2.0-only */
/* How a trigger is written, and over which time its rate is taken. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "classify/classify.h"
#include "trigger.h"

#define SECOND 1000000000ULL

/* "100/s" */
static int parse_rate(struct trigger *t, const char *text)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = { { "/s", SECOND }, { "/m", 60 * SECOND }, { "/h", 3600 * SECOND } };
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	t->more_than = strtoull(text, &end, 10);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]) && !errno; i++)
		if (!strcmp(end, units[i].name))
			t->window_ns = units[i].ns;
	return t->window_ns ? 0 : -EINVAL;
}

static int parse_word(struct trigger *t, const char *word)
{
	const struct cause *c;

	if (!strncmp(word, "rate>", 5) && !t->window_ns) {
		if (!parse_rate(t, word + 5))
			return 0;
		return log_err(-EINVAL, "--trigger: %s: give a rate such as rate>100/s, /m or /h",
			       word);
	}
	if (strncmp(word, "cause=", 6))
		return log_err(-EINVAL, "--trigger: '%s' is none of cause=NAME and one rate>N/s",
			       word);
	c = cause_find(word + 6);
	if (!c)
		return log_err(-EINVAL,
			       "--trigger: %s: no such cause; 'whydrop explain' lists them", word);
	if (t->cause_count == TRIGGER_CAUSES)
		return log_err(-EINVAL, "--trigger: at most %d causes", TRIGGER_CAUSES);
	t->causes[t->cause_count++] = c;
	return 0;
}

int trigger_parse(struct trigger *t, const char *text)
{
	char *copy = strdup(text), *save = NULL;
	int err = copy ? 0 : -ENOMEM;

	*t = (struct trigger){ 0 };
	for (char *word = copy ? strtok_r(copy, " ", &save) : NULL; word && !err;
	     word = strtok_r(NULL, " ", &save))
		err = parse_word(t, word);
	free(copy);
	if (!err && !t->window_ns)
		return log_err(-EINVAL, "--trigger '%s': say the rate, such as rate>100/s", text);
	return err;
}

bool trigger_names(const struct trigger *t, const struct cause *c)
{
	for (int i = 0; i < t->cause_count; i++)
		if (t->causes[i] == c)
			return true;
	return !t->cause_count;
}

static struct trigger_reading *reading(struct trigger *t, unsigned i)
{
	return &t->readings[(t->first + i) % TRIGGER_READINGS];
}

/* The oldest within the window, or the last, if that is older. */
static const struct trigger_reading *base(struct trigger *t, uint64_t time_ns)
{
	while (t->count > 1 && time_ns - reading(t, 0)->time_ns > t->window_ns) {
		t->first = (t->first + 1) % TRIGGER_READINGS;
		t->count--;
	}
	return reading(t, 0);
}

/* So far apart that the ring holds a window of them. */
static void keep(struct trigger *t, uint64_t total, uint64_t time_ns)
{
	const uint64_t gap_ns = t->window_ns / (TRIGGER_READINGS - 2);

	if (t->count && time_ns - reading(t, t->count - 1)->time_ns < gap_ns)
		return;
	if (t->count == TRIGGER_READINGS) {
		t->first = (t->first + 1) % TRIGGER_READINGS;
		t->count--;
	}
	*reading(t, t->count++) = (struct trigger_reading){ total, time_ns };
}

bool trigger_read(struct trigger *t, uint64_t total, uint64_t time_ns, uint64_t *recent)
{
	const struct trigger_reading *from;
	uint64_t elapsed;

	*recent = 0;
	if (!t->count) {
		keep(t, total, time_ns);
		return false;
	}
	from = base(t, time_ns);
	elapsed = time_ns - from->time_ns;
	/* a sum that is read while it grows may once be less than before */
	*recent = total > from->total ? total - from->total : 0;
	keep(t, total, time_ns);
	if (elapsed > t->window_ns)
		return (double)*recent * t->window_ns > (double)t->more_than * elapsed;
	return *recent > t->more_than;
}
