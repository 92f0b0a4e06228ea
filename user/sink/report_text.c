/* SPDX-License-Identifier: GPL-2.0-only */
/* How a report reads: plain text that survives a mail, symbols as scripts/decode_stacktrace.sh takes them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/wrap.h"
#include "bearing.h"
#include "kernel/ksyms.h"
#include "sink/report_text.h"

#define STACKS	     3	/* of one cause are shown */
#define EXCERPT	     25 /* lines of one table */
#define TAINTS	     20
#define CONTINUATION 4

static const char *text_of(const struct environment *e, const char *name)
{
	return e ? environment_get(e, name) : "";
}

static const char *text_at(const struct environment *e, const char *prefix, const char *name)
{
	char full[2 * SURROUNDINGS_NAME];

	snprintf(full, sizeof(full), "%s%s", prefix, name);
	return text_of(e, full);
}

static void title(FILE *to, const char *text)
{
	fprintf(to, "\n%s\n", text);
	for (size_t i = strlen(text); i > 0; i--)
		fputc('-', to);
	fputc('\n', to);
}

/* 2026-11-27T09:46:31Z */
static void print_time(FILE *to, uint64_t real_ns)
{
	time_t second = real_ns / 1000000000;
	char text[32];
	struct tm tm;

	gmtime_r(&second, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	fputs(text, to);
}

void report_head(FILE *to, const struct report *r, const struct environment *e)
{
	uint64_t packets = 0;

	for (size_t i = 0; i < r->count; i++)
		packets += r->list[i]->packets;
	fprintf(to, "Packets lost in the kernel: %" PRIu64 " described, %zu %s\n", packets,
		r->count, r->count == 1 ? "cause" : "causes");
	if (*text_of(e, "uname"))
		fprintf(to, "\n%s", text_of(e, "uname"));
	if (*text_of(e, "trigger"))
		fprintf(to, "\nTrigger of the recording: %s", text_of(e, "trigger"));
	if (r->count)
		title(to, "What was lost");
}

/* "function+0x1/0x20 [module]" */
static void print_symbol(FILE *to, uint64_t addr, const struct host *h)
{
	struct ksym sym;

	if (!h->ksyms || !ksyms_find(h->ksyms, addr - 1, &sym))
		fprintf(to, "0x%" PRIx64, addr);
	else
		fprintf(to, "%s+0x%" PRIx64 "/0x%" PRIx64 "%s%s%s", sym.name, addr - sym.start,
			sym.size, *sym.module ? " [" : "", sym.module, *sym.module ? "]" : "");
}

static void print_places(FILE *to, const struct report *r, const struct cause_seen *k,
			 const struct host *h)
{
	fprintf(to, "\nWhere, with the kernel's drop reason:\n");
	for (size_t i = 0; i < r->place_count; i++) {
		const struct place *p = r->place_list[i];
		const struct verdict *v = p->verdict;

		if (v->cause != k->cause)
			continue;
		fprintf(to, "%10" PRIu64 "  ", p->packets);
		if (v->key.location)
			print_symbol(to, v->key.location, h);
		else
			fputs("(seen by a hook)", to);
		fprintf(to, " %s\n", v->loss.reason_full ? v->loss.reason_full : "(no reason)");
	}
}

static void print_stacks(FILE *to, const struct report *r, const struct cause_seen *k,
			 const struct host *h)
{
	int shown = 0;

	for (size_t i = 0; i < r->stacks.count && shown < STACKS; i++) {
		const struct stack *s = r->stacks.items[i];

		if (s->cause != k->cause)
			continue;
		shown++;
		fprintf(to, "\nCall Trace: (%" PRIu64 " packets)\n", s->packets);
		for (uint32_t j = 0; j < s->count; j++) {
			fputs(" ", to);
			print_symbol(to, s->frames[j], h);
			fputc('\n', to);
		}
	}
}

static bool is_named(const char *line, const char *name)
{
	return !strncmp(line, name, strlen(name));
}

/* The lines of a text that begin so. */
static void print_lines(FILE *to, const char *text, const char *begin)
{
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		if (is_named(line, begin))
			fprintf(to, "  %.*s\n", (int)len, line);
		line += len + (line[len] == '\n');
	}
}

static void print_excerpt(FILE *to, const char *name, const char *text)
{
	int lines = 0;

	if (!*text)
		return;
	fprintf(to, "\n%s:\n", name);
	while (*text && lines < EXCERPT) {
		size_t len = strcspn(text, "\n");

		fprintf(to, "  %.*s\n", (int)len, text);
		lines++;
		text += len + (text[len] == '\n');
	}
	if (*text)
		fprintf(to, "  [the rest is in environment.json]\n");
}

/* Of the node (prefix "") or of a namespace. */
static void print_bearing(FILE *to, const char *cause, const struct environment *e,
			  const char *prefix)
{
	const struct bearing *b;
	char name[2 * SURROUNDINGS_NAME];

	for (b = bearings; b < bearings + bearings_count; b++) {
		if (!bearing_is_for(b, cause))
			continue;
		for (int i = 0; i < BEARING_WORDS && b->sysctls[i]; i++)
			print_lines(to, text_at(e, prefix, "sysctls"), b->sysctls[i]);
		for (int i = 0; i < BEARING_WORDS && b->configs[i] && !*prefix; i++)
			print_lines(to, text_of(e, "config"), b->configs[i]);
		for (int i = 0; i < BEARING_WORDS && b->texts[i]; i++) {
			snprintf(name, sizeof(name), "%s%s", prefix, b->texts[i]);
			print_excerpt(to, name, text_of(e, name));
		}
	}
}

static void print_settings(FILE *to, const struct cause_seen *k, const struct environment *e)
{
	char prefix[SURROUNDINGS_NAME];

	fprintf(to, "\nSettings of the node that bear on it:\n");
	print_bearing(to, k->cause->name, e, "");
	for (int i = 0; i < SURROUNDINGS_MAX && k->netns[i]; i++) {
		surroundings_name(prefix, k->netns[i], "");
		if (!*text_at(e, prefix, "sysctls"))
			continue;
		fprintf(to, "\nSettings of network namespace %u, where it was lost:\n",
			k->netns[i]);
		print_bearing(to, k->cause->name, e, prefix);
	}
}

void report_cause(FILE *to, const struct report *r, const struct cause_seen *k,
		  const struct environment *e, const struct host *h)
{
	title(to, k->cause->name);
	fprintf(to, "%" PRIu64 " packets, first ", k->packets);
	print_time(to, k->first_ns);
	fputs(", last ", to);
	print_time(to, k->last_ns);
	fputs("\n", to);
	print_places(to, r, k, h);
	if (k->example)
		fprintf(to, "\nOne of them:\n%s", k->example);
	print_stacks(to, r, k, h);
	print_settings(to, k, e);
	fprintf(to, "\nHow to reproduce it (how it comes about):\n");
	wrap_text(to, k->cause->explain, 2, 0, REPORT_WIDTH);
	if (k->cause->docs)
		fprintf(to, "See %s.\n", k->cause->docs);
}

/* Documentation/admin-guide/tainted-kernels.rst */
static void print_taint(FILE *to, const char *text)
{
	static const char *const words[TAINTS] = {
		"P proprietary module",
		"F module was force loaded",
		"S out of specification",
		"R module was force unloaded",
		"M machine check exception",
		"B bad page",
		"U asked for by userspace",
		"D has died: oops or bug",
		"A ACPI table overridden",
		"W has warned",
		"C staging driver",
		"I firmware bug worked around",
		"O out-of-tree module",
		"E unsigned module",
		"L soft lockup",
		"K live patched",
		"X of the distribution",
		"T randstruct plugin",
		"N in-kernel test",
		"J fwctl",
	};
	unsigned long taint = strtoul(text, NULL, 10);

	if (!*text)
		return;
	fprintf(to, "Tainted: %lu%s\n", taint, taint ? "" : " (no)");
	for (int i = 0; i < TAINTS; i++)
		if (taint >> i & 1)
			fprintf(to, "  %s\n", words[i]);
}

void report_machine(FILE *to, const struct environment *e)
{
	if (!e || !e->count)
		return;
	title(to, "The machine");
	fputs(text_of(e, "uname"), to);
	print_lines(to, text_of(e, "os-release"), "PRETTY_NAME=");
	if (*text_of(e, "cmdline"))
		fprintf(to, "Command line: %s", text_of(e, "cmdline"));
	print_taint(to, text_of(e, "tainted"));
	print_lines(to, text_of(e, "config"), "CONFIG_PREEMPT");
	print_lines(to, text_of(e, "config"), "CONFIG_HZ=");
	print_excerpt(to, "Devices", text_of(e, "devices"));
	print_excerpt(to, "The kernel's counters of losses beside what was seen",
		      text_of(e, "audit"));
}

/* Where a line that is too long is broken: behind its last space that fits, or where it must. */
static size_t break_at(const char *line, size_t len, size_t room)
{
	size_t at = room;

	if (len <= room)
		return len;
	while (at > room / 2 && line[at] != ' ')
		at--;
	return at > room / 2 ? at : room;
}

static void fold_line(FILE *to, const char *line, size_t len)
{
	size_t indent = strspn(line, " "), room = REPORT_WIDTH;

	indent = indent > REPORT_WIDTH / 2 || indent >= len ? 0 : indent;
	while (len) {
		size_t n = break_at(line, len, room);

		fwrite(line, 1, n, to);
		fputc('\n', to);
		while (n < len && line[n] == ' ')
			n++;
		line += n;
		len -= n;
		if (len)
			fprintf(to, "%*s", (int)(indent + CONTINUATION), "");
		room = REPORT_WIDTH - indent - CONTINUATION;
	}
}

void report_fold(FILE *to, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), end = len;

		while (end && (text[end - 1] == ' ' || text[end - 1] == '\t'))
			end--;
		if (end)
			fold_line(to, text, end);
		else
			fputc('\n', to);
		text += len + (text[len] == '\n');
	}
}
