/* SPDX-License-Identifier: GPL-2.0-only */
/* `whydrop explain`: the catalogue of causes for people. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/wrap.h"
#include "classify/classify.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "fields.h"

struct explain_options {
	bool markdown;
};

static const struct explain_options defaults = { 0 };

static const struct option_def options[] = {
	{ "markdown", 0, OPT_FLAG, offsetof(struct explain_options, markdown), NULL, NULL,
	  "print the whole catalogue as Markdown" },
	{ 0 },
};

static void print_list(void)
{
	int width = wrap_width(stdout);

	for (size_t i = 0; i < causes_count; i++) {
		int at = printf("%-30s %-9s", causes[i].name, severity_name(causes[i].severity));

		wrap_text(stdout, causes[i].summary, 41, at, width);
	}
	printf("\n'whydrop explain CAUSE' tells all about one.\n");
}

static void print_evidence(const struct cause *c, int width)
{
	for (int i = 0; i < CAUSE_EVIDENCE && c->evidence[i]; i++) {
		const struct field *f = field_find(c->evidence[i]);
		int at = printf("    %s", c->evidence[i]);

		wrap_text(stdout, f ? f->help : "", 30, at, width);
	}
}

static void print_cause(const struct cause *c)
{
	int width = wrap_width(stdout);

	printf("%s (%s)\n", c->name, severity_name(c->severity));
	wrap_text(stdout, c->summary, 2, 0, width);
	printf("\nHow it comes about\n");
	wrap_text(stdout, c->explain, 2, 0, width);
	if (c->evidence[0]) {
		printf("\nEvidence\n");
		print_evidence(c, width);
	}
	printf("\nRemedy\n");
	wrap_text(stdout, c->remedy, 2, 0, width);
	printf("\nSource\n");
	wrap_text(stdout, c->docs, 2, 0, width);
}

static void print_markdown(void)
{
	printf("# Causes\n");
	for (size_t i = 0; i < causes_count; i++) {
		const struct cause *c = &causes[i];

		printf("\n## %s\n\n*%s*: %s.\n\n%s\n\n**Remedy.** %s\n", c->name,
		       severity_name(c->severity), c->summary, c->explain, c->remedy);
		for (int j = 0; j < CAUSE_EVIDENCE && c->evidence[j]; j++)
			printf("%s`%s`", j ? ", " : "\n**Evidence.** ", c->evidence[j]);
		printf("%s\n**Source.** %s\n", c->evidence[0] ? "\n" : "", c->docs);
	}
}

/* Causes that share the longest beginning with what was typed, to help with a slip. */
static size_t alike(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

static int unknown(const char *name)
{
	size_t best = 0;

	for (size_t i = 1; i < causes_count; i++)
		if (alike(causes[i].name, name) > alike(causes[best].name, name))
			best = i;
	log_err(0, "no cause '%s'; did you mean '%s'? 'whydrop explain' lists all", name,
		causes[best].name);
	return EXIT_USAGE;
}

static int run(const void *option_values, int argc, char **argv)
{
	const struct explain_options *o = option_values;

	if (o->markdown) {
		print_markdown();
		return EXIT_DONE;
	}
	if (!argc)
		print_list();
	for (int i = 0; i < argc; i++) {
		const struct cause *c = cause_find(argv[i]);

		if (!c)
			return unknown(argv[i]);
		if (i)
			putchar('\n');
		print_cause(c);
	}
	return EXIT_DONE;
}

const struct command command_explain = {
	.name = "explain",
	.args = "[CAUSE...]",
	.summary = "tell what a cause means, how it comes about, and what to do",
	.description =
		"Prints the catalogue of causes, or all about each CAUSE: how it comes about, what "
		"the evidence says, the remedy, and the kernel function or document behind it.",
	.options = options,
	.options_size = sizeof(struct explain_options),
	.defaults = &defaults,
	.run = run,
};
