/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TRACE_OPTIONS_H
#define TRACE_OPTIONS_H

#include <linux/types.h>

#include "knobs.h"
#include "cmd/options.h"
#include "probe/probes.h"
#include "wanted.h"

/* What was asked of `whydrop trace`. Strings are those of the command line. */
struct trace_options {
	const char *output;
	uint64_t count;
	uint64_t duration_ns;
	struct option_list causes, pods, namespaces, containers, labels;
	const char *netns, *host, *proto, *device;
	uint16_t port;
	bool all, stack, count_only, numeric, schema;
	int quiet, verbose;
	struct option_list ways;
	const char *root, *rules, *hooks, *write, *cri, *json_style;
};

/* Rows for the tables of commands that trace, whose option structs begin with struct trace_options. */
#define TRACE_AT(member) offsetof(struct trace_options, member)
/* clang-format off */
#define TRACE_LIMITS_AND_FILTERS                                                                   \
	{ "count", 'c', OPT_U64, TRACE_AT(count), "N", NULL, "stop after N losses" },              \
	{ "duration", 0, OPT_DURATION, TRACE_AT(duration_ns), "TIME", NULL,                        \
	  "stop after e.g. 30s, 5m" },                                                             \
	{ "cause", 0, OPT_LIST, TRACE_AT(causes), "NAME", NULL,                                    \
	  "only this cause (see 'whydrop explain')" },                                             \
	{ "pod", 0, OPT_LIST, TRACE_AT(pods), "NAME", NULL, "only losses of this pod" },           \
	{ "namespace", 0, OPT_LIST, TRACE_AT(namespaces), "NAME", NULL,                            \
	  "only losses in this Kubernetes namespace" },                                            \
	{ "container", 0, OPT_LIST, TRACE_AT(containers), "NAME", NULL,                            \
	  "only losses of containers of this name" },                                              \
	{ "label", 0, OPT_LIST, TRACE_AT(labels), "KEY=VALUE", NULL,                               \
	  "only losses of pods with this label (with --cri); given more than once: with all" },    \
	{ "netns", 0, OPT_STRING, TRACE_AT(netns), "NETNS", NULL,                                  \
	  "only this network namespace: name, path, host, self, pid:N or inode" },                 \
	{ "host", 0, OPT_STRING, TRACE_AT(host), "ADDR", NULL,                                     \
	  "only packets from or to this address" },                                                \
	{ "port", 0, OPT_PORT, TRACE_AT(port), "PORT", NULL,                                       \
	  "only packets from or to this port" },                                                   \
	{ "proto", 0, OPT_STRING, TRACE_AT(proto), "PROTO", NULL,                                  \
	  "only tcp, udp, icmp, ... or a number" },                                                \
	{ "interface", 'i', OPT_STRING, TRACE_AT(device), "DEV", NULL,                             \
	  "only losses on this device" },                                                          \
	{ "all", 0, OPT_FLAG, TRACE_AT(all), NULL, NULL,                                           \
	  "also show the frees that are no losses" }
#define TRACE_WAYS                                                                                 \
	{ "attach", 0, OPT_LIST, TRACE_AT(ways), "HOW", NULL,                                      \
	  "attach only by tp_btf, raw_tp, fentry or kprobe; tracepoint: to no functions" },        \
	{ "rules", 0, OPT_CHOICE, TRACE_AT(rules), "HOW", "off|cheap|exact",                       \
	  "name the firewall rule that dropped a packet (costs per packet and chain); exact: also "\
	  "one that does by a verdict map (costs per look into a set)" },                          \
	{ "hooks", 0, OPT_CHOICE, TRACE_AT(hooks), "WHEN", "demand|always",                        \
	  "attach what costs per packet with the first loss that it can tell more of, or always" },\
	{ "root", 0, OPT_STRING, TRACE_AT(root), "DIR", NULL, "where the host's / is mounted" },   \
	{ "cri", 0, OPT_STRING, TRACE_AT(cri), "SOCKET", NULL,                                     \
	  "ask the container runtime for the labels of pods, for JSON and --label" }
/* clang-format on */

extern const struct trace_options trace_defaults;
extern const struct option_def trace_option_defs[]; /* ends with an empty one */

/* 0, or -EINVAL after a message: --cause with a name that no cause has. */
int causes_check(const struct option_list *list);

/* 0, or -EINVAL after a message: --label that is none. */
int labels_check(const struct option_list *list);

/* 0, or -EINVAL after a message: options that contradict each other, causes and ways that do not exist. */
int trace_check(const struct trace_options *o);

/* The filters that run in the kernel, and how events leave it. 0, or -errno after a message. */
int trace_knobs(const struct trace_options *o, struct knobs *out);

/* Whether the names of OpenTelemetry are asked for. */
bool trace_otel(const struct trace_options *o);

enum rules_watched trace_rules(const struct trace_options *o);

/* Whether hooks that wait for a loss are attached at the start. */
bool trace_hooks_always(const struct trace_options *o);

/* The filters that run in user space; points into the options. */
struct wanted trace_wanted(const struct trace_options *o);

#endif
