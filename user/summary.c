/* SPDX-License-Identifier: GPL-2.0-only */
/* How the end of a run reads. */
#include <stdlib.h>
#include <string.h>

#include "base/wrap.h"
#include "sink/owner_text.h"
#include "summary.h"

#define OWNER_SIZE 256

static void owner_of(char *text, const struct verdict *v, const struct host *h)
{
	struct strbuf b;

	strbuf_init(&b, text, OWNER_SIZE);
	owner_text(&b, &v->victim, h);
}

/* Rows of one cause and owner become one: keys tell more apart than people want to read. */
static void merge(struct summary *s, const struct host *h)
{
	char a[OWNER_SIZE], b[OWNER_SIZE];
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++) {
		size_t j = 0;

		owner_of(a, s->rows[i].verdict, h);
		for (; j < kept; j++) {
			owner_of(b, s->rows[j].verdict, h);
			if (s->rows[j].verdict->cause == s->rows[i].verdict->cause && !strcmp(a, b))
				break;
		}
		if (j == kept) {
			s->rows[kept++] = s->rows[i];
			continue;
		}
		s->rows[j].count.buffers += s->rows[i].count.buffers;
		s->rows[j].count.packets += s->rows[i].count.packets;
		s->rows[j].count.bytes += s->rows[i].count.bytes;
	}
	s->count = kept;
}

static int by_packets(const void *a, const void *b)
{
	const struct summary_row *x = a, *y = b;

	if (x->count.packets != y->count.packets)
		return x->count.packets < y->count.packets ? 1 : -1;
	return strcmp(x->verdict->cause->name, y->verdict->cause->name);
}

static void print_rows(FILE *to, const struct summary *s, const struct host *h)
{
	char owner[OWNER_SIZE];
	uint64_t total = 0;

	for (size_t i = 0; i < s->count; i++)
		total += s->rows[i].count.packets;
	fprintf(to, "\n%10s %6s  %-28s %s\n", "packets", "share", "cause", "whose");
	for (size_t i = 0; i < s->count; i++) {
		const struct summary_row *r = &s->rows[i];

		owner_of(owner, r->verdict, h);
		fprintf(to, "%10llu %5.1f%%  %-28s %s\n", (unsigned long long)r->count.packets,
			100.0 * r->count.packets / total, r->verdict->cause->name, owner);
	}
}

static void print_remedies(FILE *to, const struct summary *s)
{
	int width = wrap_width(to);

	for (size_t i = 0; i < s->count; i++) {
		const struct cause *c = s->rows[i].verdict->cause;
		size_t before = 0;

		while (before < i && s->rows[before].verdict->cause != c)
			before++;
		if (before < i)
			continue;
		fprintf(to, "\n%s: ", c->name);
		wrap_text(to, c->summary, 2, strlen(c->name) + 2, width);
		wrap_text(to, c->remedy, 2, 0, width);
	}
}

static void print_account(FILE *to, const struct summary_account *a)
{
	const struct {
		const char *what;
		uint64_t count;
		int always;
	} rows[] = {
		{ "shown", a->shown, 1 },
		{ "hidden as normal (--all shows them)", a->hidden, 1 },
		{ "filtered", a->filtered, 1 },
		{ "of this terminal's own connection", a->own, 0 },
		{ "lost (counted, but not shown: the ring buffer was full)", a->lost, 1 },
		{ "left in the ring buffer when tracing ended", a->left, 0 },
		{ "not understood", a->bad, 0 },
	};

	fprintf(to, "\n%10llu buffers freed as dropped were seen, of them\n",
		(unsigned long long)a->seen);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].count || rows[i].always)
			fprintf(to, "%10llu %s\n", (unsigned long long)rows[i].count, rows[i].what);
	if (a->other)
		fprintf(to,
			"%10llu counted without cause: more kinds of loss than the count map holds\n",
			(unsigned long long)a->other);
	if (a->missed)
		fprintf(to,
			"%10llu more were not seen: the kernel skipped nested runs of a program\n",
			(unsigned long long)a->missed);
}

void summary_print(FILE *to, struct summary *s, const struct host *h)
{
	merge(s, h);
	if (s->count) {
		qsort(s->rows, s->count, sizeof(*s->rows), by_packets);
		print_rows(to, s, h);
		print_remedies(to, s);
	} else {
		fprintf(to, "\nno losses\n");
	}
	print_account(to, &s->account);
}
