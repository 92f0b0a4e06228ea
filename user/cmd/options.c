/* SPDX-License-Identifier: GPL-2.0-only */
/* How each type of option is read from the command line, and what is said of a wrong one. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/options.h"

#define OPTIONS_MAX 64
#define LONG_ONLY   256 /* getopt value of options without a letter: this plus their row */

int options_duration(const char *text, uint64_t *ns)
{
	static const struct {
		const char *unit;
		uint64_t ns;
	} units[] = {
		{ "", 1000000000 }, { "s", 1000000000 },  { "ms", 1000000 },
		{ "us", 1000 },	    { "m", 60000000000 }, { "h", 3600000000000 },
	};
	char *end;
	unsigned long long n;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	n = strtoull(text, &end, 10);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]) && !errno; i++)
		if (!strcmp(end, units[i].unit) && n && n <= UINT64_MAX / 2 / units[i].ns) {
			*ns = n * units[i].ns;
			return 0;
		}
	return -EINVAL;
}

static int number(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno || *end || *out < min || *out > max ? -EINVAL : 0;
}

static bool is_choice(const char *choices, const char *text)
{
	size_t len = strlen(text);

	for (const char *p = choices; len && *p; p += *p == '|') {
		size_t n = strcspn(p, "|");

		if (n == len && !strncmp(p, text, n))
			return true;
		p += n;
	}
	return false;
}

/* Items are cut out of a copy that lives as long as the program: options are read once. */
static int add_items(struct option_list *list, const char *text)
{
	char *copy = strdup(text), *save = NULL, *item;

	if (!copy)
		return -ENOMEM;
	for (item = strtok_r(copy, ",", &save); item; item = strtok_r(NULL, ",", &save)) {
		if (list->count == OPTION_LIST_MAX)
			return -E2BIG;
		list->items[list->count++] = item;
	}
	return 0;
}

static int set(const struct option_def *o, void *out, const char *text)
{
	void *value = (char *)out + o->offset;
	uint64_t n = 0;

	switch (o->type) {
	case OPT_FLAG:
		*(bool *)value = true;
		return 0;
	case OPT_COUNT:
		++*(int *)value;
		return 0;
	case OPT_STRING:
		*(const char **)value = text;
		return *text ? 0 : log_err(-EINVAL, "--%s needs a value", o->name);
	case OPT_U64:
		if (number(text, 1, UINT64_MAX, value))
			return log_err(-EINVAL, "--%s %s: give a whole number from 1", o->name,
				       text);
		return 0;
	case OPT_PORT:
		if (number(text, 1, 65535, &n))
			return log_err(-EINVAL, "--%s %s: a port is a number from 1 to 65535",
				       o->name, text);
		*(uint16_t *)value = n;
		return 0;
	case OPT_DURATION:
		if (options_duration(text, value))
			return log_err(-EINVAL,
				       "--%s %s: give a duration such as 500ms, 30s, 5m or 1h",
				       o->name, text);
		return 0;
	case OPT_CHOICE:
		if (!is_choice(o->choices, text))
			return log_err(-EINVAL, "--%s %s: give one of %s", o->name, text,
				       o->choices);
		*(const char **)value = text;
		return 0;
	case OPT_LIST:
		if (add_items(value, text))
			return log_err(-EINVAL, "--%s: at most %d values", o->name,
				       OPTION_LIST_MAX);
		return 0;
	}
	return -EINVAL;
}

/* The rows as getopt_long wants them. Returns the number of rows. */
static int tables(const struct command *c, struct option *longs, char *shorts)
{
	char *s = shorts;
	int n = 0;

	/* stop at the first argument: the rest is a command with options of its own */
	if (c->passes_command)
		*s++ = '+';
	*s++ = ':';
	for (const struct option_def *o = c->options; o->name; o++, n++) {
		longs[n] = (struct option){
			.name = o->name,
			.has_arg = o->arg ? required_argument : no_argument,
			.val = o->letter ? o->letter : LONG_ONLY + n,
		};
		if (o->letter)
			*s++ = o->letter;
		if (o->letter && o->arg)
			*s++ = ':';
	}
	longs[n++] = (struct option){ .name = "help", .val = 'h' };
	longs[n] = (struct option){ 0 };
	*s++ = 'h';
	*s = 0;
	return n;
}

static const struct option_def *row(const struct command *c, int val)
{
	const struct option_def *o = c->options;

	if (val >= LONG_ONLY)
		return &o[val - LONG_ONLY];
	while (o->name && o->letter != val)
		o++;
	return o->name ? o : NULL;
}

static int wrong(const struct command *c, int what, char **argv)
{
	const char *arg = argv[optind - 1];

	if (what == ':')
		return log_err(-EINVAL, "%s: %s needs a value; see 'whydrop %s --help'", c->name,
			       arg, c->name);
	return log_err(-EINVAL, "%s: no option %s; see 'whydrop %s --help'", c->name, arg, c->name);
}

int options_parse(const struct command *c, void *out, int argc, char **argv, int *first)
{
	struct option longs[OPTIONS_MAX];
	char shorts[2 * OPTIONS_MAX];
	int val, err = 0;

	memcpy(out, c->defaults, c->options_size);
	tables(c, longs, shorts);
	opterr = 0;
	optind = 0; /* also forget where an earlier call stood, getopt(3) */
	while (!err && (val = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (val == 'h' && !row(c, 'h')) {
			options_usage(c, stdout);
			return 1;
		}
		if (val == '?' || val == ':')
			return wrong(c, val, argv);
		err = set(row(c, val), out, optarg);
	}
	*first = optind;
	if (!err && c->passes_command && optind < argc && strcmp(argv[optind - 1], "--"))
		return log_err(-EINVAL, "%s: '%s' is no option; put a command to run behind --",
			       c->name, argv[optind]);
	if (!err && !c->passes_command && !*c->args && optind < argc)
		return log_err(-EINVAL, "%s: '%s' is too much; it takes options only", c->name,
			       argv[optind]);
	return err;
}
