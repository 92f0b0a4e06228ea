/* SPDX-License-Identifier: GPL-2.0-only */
/* How the end of a run reads. */
#include <stdlib.h>
#include <string.h>

#include "base/wrap.h"
#include "classify/advice.h"
#include "sink/owner_text.h"
#include "summary.h"

#define OWNER_SIZE 256

static void owner_of(char *text, const struct verdict *v, const struct host *h)
{
	struct strbuf b;

	strbuf_init(&b, text, OWNER_SIZE);
	owner_text(&b, &v->victim, h, 0);
}

/* What is hidden is told by cause alone. */
static bool is_same(const struct summary_row *x, const struct summary_row *y, const struct host *h)
{
	char a[OWNER_SIZE], b[OWNER_SIZE];

	if (x->verdict->cause != y->verdict->cause || x->hidden != y->hidden)
		return false;
	if (x->hidden)
		return true;
	owner_of(a, x->verdict, h);
	owner_of(b, y->verdict, h);
	return !strcmp(a, b);
}

/* Rows of one cause and owner become one: keys tell more apart than people want to read. */
static void merge(struct summary *s, const struct host *h)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++) {
		size_t j = 0;

		while (j < kept && !is_same(&s->rows[j], &s->rows[i], h))
			j++;
		if (j == kept) {
			s->rows[kept++] = s->rows[i];
			continue;
		}
		s->rows[j].count.buffers += s->rows[i].count.buffers;
		s->rows[j].count.packets += s->rows[i].count.packets;
		s->rows[j].count.bytes += s->rows[i].count.bytes;
		if (!s->rows[j].verdict->last)
			s->rows[j].verdict = s->rows[i].verdict;
	}
	s->count = kept;
}

/* Most packets first; what is hidden behind the rest. */
static int by_packets(const void *a, const void *b)
{
	const struct summary_row *x = a, *y = b;

	if (x->hidden != y->hidden)
		return x->hidden ? 1 : -1;
	if (x->count.packets != y->count.packets)
		return x->count.packets < y->count.packets ? 1 : -1;
	return strcmp(x->verdict->cause->name, y->verdict->cause->name);
}

static void print_rows(FILE *to, const struct summary_row *rows, size_t count, const struct host *h)
{
	char owner[OWNER_SIZE];
	uint64_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += rows[i].count.packets;
	fprintf(to, "\n%10s %6s  %-28s %s\n", "packets", "share", "cause", "whose");
	for (size_t i = 0; i < count; i++) {
		owner_of(owner, rows[i].verdict, h);
		fprintf(to, "%10llu %5.1f%%  %-28s %s\n", (unsigned long long)rows[i].count.packets,
			total ? 100.0 * rows[i].count.packets / total : 0,
			rows[i].verdict->cause->name, owner);
	}
}

/* In the light of the last event, where one was kept. */
static void advice_of(struct strbuf *b, const struct verdict *v, const struct host *h)
{
	struct drop d = { .ev = v->last, .verdict = v, .rule = v->last_rule };

	if (v->last)
		advice(b, &d, h);
	else
		strbuf_puts(b, v->cause->remedy);
}

static void print_remedies(FILE *to, const struct summary_row *rows, size_t count,
			   const struct host *h, int width)
{
	char text[ADVICE_SIZE];
	struct strbuf b;

	for (size_t i = 0; i < count; i++) {
		const struct cause *c = rows[i].verdict->cause;
		size_t before = 0;

		while (before < i && rows[before].verdict->cause != c)
			before++;
		if (before < i)
			continue;
		fprintf(to, "\n%s:", c->name);
		wrap_text(to, c->summary, 2, strlen(c->name) + 1, width);
		strbuf_init(&b, text, sizeof(text));
		advice_of(&b, rows[i].verdict, h);
		wrap_text(to, text, 2, 0, width);
	}
}

/* "12 hidden as normal: a 10, b 2; --all shows them" */
static void print_hidden(FILE *to, uint64_t total, const struct summary_row *rows, size_t count,
			 int width)
{
	char text[1024], number[32];
	struct strbuf b;
	int at;

	strbuf_init(&b, text, sizeof(text));
	strbuf_puts(&b, "hidden as normal");
	for (size_t i = 0; i < count; i++)
		strbuf_printf(&b, "%s %s %llu", i ? "," : ":", rows[i].verdict->cause->name,
			      (unsigned long long)rows[i].count.buffers);
	strbuf_puts(&b, "; --all shows them");
	at = snprintf(number, sizeof(number), "%10llu ", (unsigned long long)total);
	fputs(number, to);
	wrap_text(to, total ? text : "hidden as normal", 11, at, width);
}

static void print_line(FILE *to, uint64_t count, const char *what)
{
	fprintf(to, "%10llu %s\n", (unsigned long long)count, what);
}

static void print_account(FILE *to, const struct summary *s, size_t shown, int width)
{
	const struct summary_account *a = &s->account;

	fputc('\n', to);
	print_line(to, a->seen, "events were seen, of them");
	if (a->counted)
		print_line(to, a->counted, "counted (--count-only)");
	print_line(to, a->shown, "shown");
	print_hidden(to, a->hidden, s->rows + shown, s->count - shown, width);
	print_line(to, a->filtered, "filtered");
	if (a->own)
		print_line(to, a->own, "of this terminal's own connection");
	if (a->waited)
		print_line(to, a->waited, "counted, but not described: before the trigger was met");
	print_line(to, a->lost, "lost (counted, but not shown: the ring buffer was full)");
	if (a->left)
		print_line(to, a->left, "left in the ring buffer when tracing ended");
	if (a->bad)
		print_line(to, a->bad, "not understood");
	if (a->other)
		print_line(to, a->other,
			   "counted without cause: more kinds of loss than the count map holds");
	if (a->missed)
		print_line(to, a->missed,
			   "more were not seen: the kernel skipped nested runs of a program");
}

void summary_print(FILE *to, struct summary *s, const struct host *h)
{
	int width = s->width ? s->width : wrap_width(to);
	size_t shown = 0;

	merge(s, h);
	if (s->count)
		qsort(s->rows, s->count, sizeof(*s->rows), by_packets);
	while (shown < s->count && !s->rows[shown].hidden)
		shown++;
	if (shown) {
		print_rows(to, s->rows, shown, h);
		print_remedies(to, s->rows, shown, h, width);
	} else {
		fprintf(to, "\nno losses\n");
	}
	print_account(to, s, shown, width);
}
