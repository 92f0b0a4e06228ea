// SPDX-License-Identifier: GPL-2.0-only
/* The options of `whydrop trace`: their names, which of them go together, and what they mean to the kernel. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/log.h"
#include "classify/classify.h"
#include "cmd/trace_options.h"
#include "cmd/ways.h"
#include "filters.h"
#include "kernel/terminal.h"

#define WAKEUP_MASK 255 /* a storm wakes the reader every 256 losses per CPU */

const struct trace_options trace_defaults = { .output = "text",
					      .root = "/",
					      .rules = "cheap",
					      .hooks = "demand",
					      .json_style = "native" };

#define AT(member) TRACE_AT(member)

const struct option_def trace_option_defs[] = {
	{ "output", 'o', OPT_CHOICE, AT(output), "FORMAT", "text|json|pcapng|key",
	  "how losses are shown; key is for tests and bug reports" },
	{ "json-style", 0, OPT_CHOICE, AT(json_style), "NAMES", "native|otel",
	  "names of the members of -o json: whydrop's own, or those of OpenTelemetry" },
	TRACE_LIMITS_AND_FILTERS,
	{ "stack", 0, OPT_FLAG, AT(stack), NULL, NULL, "with the kernel stack of each loss" },
	{ "count-only", 0, OPT_FLAG, AT(count_only), NULL, NULL,
	  "count in the kernel, show only the summary" },
	{ "write", 'w', OPT_STRING, AT(write), "FILE", NULL,
	  "also record the losses into FILE, for 'whydrop replay'" },
	{ "numeric", 'n', OPT_FLAG, AT(numeric), NULL, NULL,
	  "numbers instead of the names of pods, units and namespaces" },
	{ "quiet", 'q', OPT_COUNT, AT(quiet), NULL, NULL,
	  "no summary at the end; twice: no 'ready' either" },
	{ "verbose", 'v', OPT_COUNT, AT(verbose), NULL, NULL, "say what is tried and refused" },
	{ "schema", 0, OPT_FLAG, AT(schema), NULL, NULL,
	  "print the JSON schema of -o json and exit" },
	TRACE_WAYS,
	{ 0 },
};

int trace_knobs(const struct trace_options *o, struct knobs *k)
{
	int err = 0;

	*k = (struct knobs){ .events = !o->count_only,
			     .stack = o->stack,
			     .wakeup_mask = WAKEUP_MASK };
	if (o->netns) {
		err = filters_netns(o->netns, &k->filter_netns);
		k->filter = 1;
	}
	if (!err && o->host)
		err = filters_address(k, o->host);
	if (!err && o->proto)
		err = filters_protocol(k, o->proto);
	if (!err && o->device)
		err = filters_device(k, o->device, o->netns);
	if (o->port) {
		k->filter_port = o->port;
		k->filter = 1;
	}
	k->filter_owner =
		o->pods.count || o->namespaces.count || o->containers.count || o->labels.count;
	if (!err && terminal_find(k))
		log_debug("leaving out the connection of this terminal");
	return err;
}

int causes_check(const struct option_list *list)
{
	for (int i = 0; i < list->count; i++)
		if (!cause_find(list->items[i]))
			return log_err(-EINVAL,
				       "--cause %s: no such cause; 'whydrop explain' lists "
				       "them",
				       list->items[i]);
	return 0;
}

int labels_check(const struct option_list *list)
{
	for (int i = 0; i < list->count; i++) {
		const char *value = strchr(list->items[i], '=');

		if (!value || value == list->items[i])
			return log_err(-EINVAL, "--label %s: KEY=VALUE is meant, such as app=web",
				       list->items[i]);
	}
	return 0;
}

bool trace_otel(const struct trace_options *o)
{
	return o->json_style && !strcmp(o->json_style, "otel");
}

int trace_check(const struct trace_options *o)
{
	if (o->count_only &&
	    (o->count || o->stack || o->quiet || o->write || !strcmp(o->output, "json")))
		return log_err(-EINVAL,
			       "--count-only shows the summary and nothing else: leave out "
			       "--count, --stack, --quiet, --write and -o json");
	if (trace_otel(o) && strcmp(o->output, "json"))
		return log_err(-EINVAL, "--json-style otel: only with -o json");
	if (o->labels.count && !o->cri)
		return log_err(-EINVAL,
			       "--label needs --cri: labels are told by the container runtime, for "
			       "example at /run/containerd/containerd.sock");
	if (causes_check(&o->causes) || labels_check(&o->labels))
		return -EINVAL;
	return ways_check(&o->ways) ? -EINVAL : 0;
}

enum rules_watched trace_rules(const struct trace_options *o)
{
	if (!strcmp(o->rules, "off"))
		return RULES_OFF;
	return strcmp(o->rules, "exact") ? RULES_CHEAP : RULES_EXACT;
}

bool trace_hooks_always(const struct trace_options *o)
{
	return !strcmp(o->hooks, "always");
}

struct wanted trace_wanted(const struct trace_options *o)
{
	return (struct wanted){
		.normal = o->all,
		.causes = { o->causes.items, o->causes.count },
		.pods = { o->pods.items, o->pods.count },
		.namespaces = { o->namespaces.items, o->namespaces.count },
		.containers = { o->containers.items, o->containers.count },
		.labels = { o->labels.items, o->labels.count },
	};
}
