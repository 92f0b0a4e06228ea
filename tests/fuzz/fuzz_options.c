/* SPDX-License-Identifier: GPL-2.0-only */
/* Any words on a command line: they are refused, or the filters they make are in their bounds. */
#include <net/if.h>
#include <sanitizer/lsan_interface.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classify/classify.h"
#include "cmd/trace_options.h"
#include "cmd/ways.h"
#include "filters.h"

#define WORDS 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void filters(const struct trace_options *o)
{
	struct knobs k = { 0 };
	uint32_t inode = 0;

	if (o->host && !filters_address(&k, o->host) && k.filter_family != 4 &&
	    k.filter_family != 6)
		abort();
	if (o->proto && !filters_protocol(&k, o->proto) && !k.filter_proto)
		abort();
	if (o->netns && !filters_netns(o->netns, &inode) && !inode)
		abort();
	if (o->device && !filters_device(&k, o->device, NULL) && !k.filter_ifindex)
		abort();
}

static void options(int argc, char **argv)
{
	struct command c = { .name = "trace",
			     .args = "",
			     .summary = "",
			     .description = "",
			     .options = trace_option_defs,
			     .options_size = sizeof(struct trace_options),
			     .defaults = &trace_defaults };
	struct trace_options o;
	int first, err;

	/* lists are cut out of copies that live as long as the program */
	__lsan_disable();
	err = options_parse(&c, &o, argc, argv, &first);
	__lsan_enable();
	if (err)
		return;
	if (first > argc || o.causes.count > OPTION_LIST_MAX || o.pods.count > OPTION_LIST_MAX)
		abort();
	if (!trace_check(&o))
		filters(&o);
}

/* Each line is a word. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[WORDS + 2] = { "trace" }, *copy = malloc(size + 1), *at = copy;
	int argc = 1;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	copy[size] = 0;
	while (at && argc <= WORDS)
		argv[argc++] = strsep(&at, "\n");
	options(argc, argv);
	free(copy);
	return 0;
}
