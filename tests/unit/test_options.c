/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line: what each type of option takes and refuses, and what is made from the tables. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

#include "cmd/options.h"
#include "cmd/ways.h"
#include "filters.h"
#include "kernel/facts.h"

struct values {
	bool flag;
	int level;
	const char *text, *choice;
	uint64_t number, duration;
	uint16_t port;
	struct option_list list;
};

static const struct values defaults = { .choice = "a", .number = 7 };

static const struct option_def options[] = {
	{ "flag", 'f', OPT_FLAG, offsetof(struct values, flag), NULL, NULL, "a flag" },
	{ "level", 'v', OPT_COUNT, offsetof(struct values, level), NULL, NULL, "a count" },
	{ "text", 0, OPT_STRING, offsetof(struct values, text), "TEXT", NULL, "a text" },
	{ "choice", 'o', OPT_CHOICE, offsetof(struct values, choice), "WHICH", "a|bc", "a choice" },
	{ "number", 'c', OPT_U64, offsetof(struct values, number), "N", NULL, "a number" },
	{ "duration", 0, OPT_DURATION, offsetof(struct values, duration), "TIME", NULL, "a time" },
	{ "port", 0, OPT_PORT, offsetof(struct values, port), "PORT", NULL, "a port" },
	{ "list", 0, OPT_LIST, offsetof(struct values, list), "NAME", NULL, "a list" },
	{ 0 },
};

static const struct command command = {
	.name = "test",
	.args = "[-- COMMAND]",
	.summary = "a command",
	.description = "Does nothing.",
	.options = options,
	.options_size = sizeof(struct values),
	.defaults = &defaults,
	.passes_command = true,
};

static struct values v;
static int first;

static int parse(const char *line)
{
	static char copy[512];
	char *argv[32] = { (char *)"test" };
	int argc = 1;

	strcpy(copy, line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	return options_parse(&command, &v, argc, argv, &first);
}

Test(options, defaults_hold_where_nothing_is_said)
{
	cr_assert_eq(parse(""), 0);
	cr_expect_str_eq(v.choice, "a");
	cr_expect_eq(v.number, 7);
	cr_expect_not(v.flag);
}

Test(options, every_type)
{
	cr_assert_eq(parse("-f -vv -v --text x --choice=bc -c 12 --duration 1500ms --port 443 "
			   "--list a,b --list c -- cmd --flag"),
		     0);
	cr_expect(v.flag);
	cr_expect_eq(v.level, 3);
	cr_expect_str_eq(v.text, "x");
	cr_expect_str_eq(v.choice, "bc");
	cr_expect_eq(v.number, 12);
	cr_expect_eq(v.duration, 1500000000);
	cr_expect_eq(v.port, 443);
	cr_expect_eq(v.list.count, 3);
	cr_expect_str_eq(v.list.items[2], "c");
	cr_expect_eq(first, 18, "the command begins behind --");
}

Test(options, what_is_wrong_is_refused)
{
	static const char *const lines[] = {
		"--nonsense",
		"-x",
		"--port 0",
		"--port 65536",
		"--port 80x",
		"--port -1",
		"--port",
		"-c 0",
		"-c 1.5",
		"-c -3",
		"-c",
		"--choice d",
		"--choice b",
		"-o",
		"--duration 0",
		"--duration 5x",
		"--duration -5s",
		"--duration s",
		"stray",
		"--flag=yes",
		"--duration 99999999999999h",
		"-c 99999999999999999999999",
		"--list 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		cr_expect_eq(parse(lines[i]), -EINVAL, "%s", lines[i]);
}

Test(options, durations)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} rows[] = { { "1", 1000000000 },    { "30s", 30000000000 },  { "500ms", 500000000 },
		     { "5m", 300000000000 }, { "1h", 3600000000000 }, { "7us", 7000 } };
	uint64_t ns;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cr_expect_eq(options_duration(rows[i].text, &ns), 0, "%s", rows[i].text);
		cr_expect_eq(ns, rows[i].ns, "%s", rows[i].text);
	}
}

static char *print(void (*to)(FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	to(f);
	fclose(f);
	return text;
}

Test(options, documents_name_every_command_and_option)
{
	char *man = print(options_man), *completion = print(options_completion);
	char *overview = print(options_overview);

	for (size_t i = 0; commands[i]; i++) {
		cr_expect_not_null(strstr(man, commands[i]->name));
		cr_expect_not_null(strstr(completion, commands[i]->name));
		cr_expect_not_null(strstr(overview, commands[i]->name));
		for (const struct option_def *o = commands[i]->options; o->name; o++)
			cr_expect_not_null(strstr(completion, o->name), "%s", o->name);
	}
	cr_expect_not_null(strstr(man, ".SH CAUSES"));
	free(man);
	free(completion);
	free(overview);
}

Test(options, tables_are_complete)
{
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];

		cr_expect(c->summary && c->description && c->args && c->run && c->defaults);
		cr_expect_eq(command_find(c->name), c);
		for (const struct option_def *o = c->options; o->name; o++) {
			cr_expect(o->help && *o->help, "%s", o->name);
			cr_expect_eq(o->arg == NULL, o->type == OPT_FLAG || o->type == OPT_COUNT,
				     "%s", o->name);
			cr_expect_eq(o->choices != NULL, o->type == OPT_CHOICE, "%s", o->name);
			cr_expect(o->offset < c->options_size, "%s", o->name);
		}
	}
	cr_expect_null(command_find("nonsense"));
}

Test(filters, addresses_and_protocols)
{
	struct knobs k = { 0 };

	cr_expect_eq(filters_address(&k, "10.0.0.1"), 0);
	cr_expect_eq(k.filter_family, 4);
	cr_expect_eq(filters_address(&k, "fd00::1"), 0);
	cr_expect_eq(k.filter_family, 6);
	cr_expect_eq(filters_address(&k, "10.0.0.1/8"), -EINVAL);
	cr_expect_eq(filters_address(&k, "localhost"), -EINVAL);
	cr_expect_eq(filters_protocol(&k, "TCP"), 0);
	cr_expect_eq(k.filter_proto, 6);
	cr_expect_eq(filters_protocol(&k, "132"), 0);
	cr_expect_eq(k.filter_proto, 132);
	cr_expect_eq(filters_protocol(&k, "256"), -EINVAL);
	cr_expect_eq(filters_protocol(&k, "tcpx"), -EINVAL);
	cr_expect_eq(filters_protocol(&k, ""), -EINVAL);
}

Test(filters, namespaces)
{
	uint32_t inode = 0, self = 0;

	cr_expect_eq(filters_netns("4026531840", &inode), 0);
	cr_expect_eq(inode, 4026531840);
	cr_expect_eq(filters_netns("self", &self), 0);
	cr_expect_gt(self, 0);
	cr_expect_eq(filters_netns("/proc/self/ns/net", &inode), 0);
	cr_expect_eq(inode, self);
	cr_expect_eq(filters_netns("no-such-name", &inode), -ENOENT);
	cr_expect_eq(filters_netns("99999999999999999999", &inode), -EINVAL);
}

#define KPROBES	  (1U << ATTACH_KPROBE | 1U << ATTACH_KRETPROBE)
#define FUNCTIONS (KPROBES | 1U << ATTACH_FENTRY | 1U << ATTACH_FEXIT)

Test(ways, only_functions_or_only_tracepoints_can_be_restricted)
{
	const struct option_list none = { 0 }, kprobe = { { "kprobe" }, 1 },
				 raw = { { "raw_tp" }, 1 }, no_functions = { { "tracepoint" }, 1 };
	const struct option_list bad = { { "uprobe" }, 1 };

	cr_expect_eq(ways_mask(&none), (1U << ATTACH_COUNT) - 1);
	cr_expect_eq(ways_mask(&kprobe), 1U << ATTACH_TP_BTF | 1U << ATTACH_RAW_TP | KPROBES);
	cr_expect_eq(ways_mask(&raw), 1U << ATTACH_RAW_TP | FUNCTIONS);
	cr_expect_eq(ways_mask(&no_functions), 1U << ATTACH_TP_BTF | 1U << ATTACH_RAW_TP);
	cr_expect_eq(ways_check(&no_functions), 0);
	cr_expect_eq(ways_check(&bad), -EINVAL);
	cr_expect_eq(ways_check(&kprobe), 0);
}
