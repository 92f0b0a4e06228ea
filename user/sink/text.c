/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines for people: the columns, and how a storm folds on a terminal. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel/ksyms.h"
#include "sink/drop_text.h"
#include "sink/extra_text.h"
#include "sink/out.h"
#include "sink/owner_text.h"
#include "sink/sinks.h"

#define CAUSE_WIDTH  24
#define OWNER_WIDTH  28
#define FLOW_WIDTH   52
#define FOLD_AFTER   3		/* lines of one kind shown in full ... */
#define FOLD_TIME_NS 1000000000 /* ... in this time */

struct kind {
	uint64_t since_ns; /* start of the present second, 0: none */
	uint32_t shown, folded;
	const struct verdict *verdict;
};

struct text {
	struct out out;
	struct kind *kinds; /* by verdict id */
	size_t kinds_count;
	uint64_t now_ns;
	time_t second; /* that `clock` is of */
	char clock[16];
};

static int text_open(struct sink *s)
{
	struct text *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	out_init(&t->out, &s->config);
	t->second = -1;
	s->state = t;
	return 0;
}

static const char *color(const struct sink *s, enum severity severity)
{
	static const char *const colors[] = {
		[SEV_LOSS] = "\033[31m",    [SEV_REFUSED] = "\033[31m", [SEV_PRESSURE] = "\033[33m",
		[SEV_SYMPTOM] = "\033[33m", [SEV_INFO] = "\033[36m",	[SEV_NORMAL] = "\033[2m",
	};

	return s->config.color ? colors[severity] : "";
}

/* Fill up to the column that begins `width` after `from`; one space at least. */
static void column(struct strbuf *b, size_t from, size_t width)
{
	do
		strbuf_putc(b, ' ');
	while (b->len < from + width && !b->truncated);
}

static void clock_column(struct text *t, uint64_t real_ns)
{
	time_t second = real_ns / 1000000000;
	struct tm tm;

	if (second != t->second) {
		localtime_r(&second, &tm);
		strftime(t->clock, sizeof(t->clock), "%H:%M:%S.", &tm);
		t->second = second;
	}
	strbuf_puts(&t->out.buf, t->clock);
	strbuf_u64_pad(&t->out.buf, real_ns % 1000000000 / 1000, 6);
	strbuf_putc(&t->out.buf, ' ');
}

static void stack(struct strbuf *b, const struct drop *d, const struct host *h)
{
	struct ksym sym;

	for (int i = 0; i < d->ev->stack_size; i++) {
		uint64_t at = d->ev->stack[i];

		if (h->ksyms && ksyms_find(h->ksyms, at - 1, &sym))
			strbuf_printf(b, "    %s+0x%lx/0x%lx%s%s%s\n", sym.name, at - sym.start,
				      sym.size, *sym.module ? " [" : "", sym.module,
				      *sym.module ? "]" : "");
		else
			strbuf_printf(b, "    0x%lx\n", at);
	}
}

static void line(struct sink *s, const struct drop *d)
{
	struct text *t = s->state;
	struct strbuf *b = &t->out.buf;
	const struct host *h = s->config.host;
	const struct cause *c = d->verdict->cause;
	size_t start;

	clock_column(t, d->time_real_ns);
	strbuf_puts(b, color(s, c->severity));
	start = b->len;
	strbuf_puts(b, c->name);
	column(b, start, CAUSE_WIDTH);
	if (s->config.color)
		strbuf_puts(b, "\033[0m");
	start = b->len;
	owner_text(b, &d->verdict->victim, h, d->ev->time_ns);
	column(b, start, OWNER_WIDTH);
	start = b->len;
	drop_flow_text(b, d);
	column(b, start, FLOW_WIDTH);
	if (d->ev->dev[0])
		strbuf_printable(b, d->ev->dev, strnlen(d->ev->dev, sizeof(d->ev->dev)));
	else
		strbuf_putc(b, '-');
	drop_evidence_text(b, d, h);
	strbuf_putc(b, '\n');
	if (s->config.stack)
		stack(b, d, h);
	if (d->extra)
		extra_lines(b, d->extra, "    ");
}

/* "4 812": groups of three, as people read large numbers. */
static void grouped(struct strbuf *b, uint64_t n)
{
	if (n >= 1000) {
		grouped(b, n / 1000);
		strbuf_putc(b, ' ');
		strbuf_u64_pad(b, n % 1000, 3);
	} else {
		strbuf_u64(b, n);
	}
}

static void unfold(struct sink *s, struct kind *k)
{
	struct text *t = s->state;
	struct strbuf *b = &t->out.buf;

	if (k->folded) {
		strbuf_puts(b, "… and ");
		grouped(b, k->folded);
		strbuf_puts(b, " more like this in 1 s: ");
		strbuf_puts(b, k->verdict->cause->name);
		strbuf_putc(b, ' ');
		owner_text(b, &k->verdict->victim, s->config.host, t->now_ns);
		strbuf_putc(b, '\n');
	}
	k->since_ns = k->shown = k->folded = 0;
}

static struct kind *kind(struct text *t, const struct verdict *v)
{
	size_t count = v->id + 256;
	struct kind *grown;

	if (v->id >= t->kinds_count) {
		grown = realloc(t->kinds, count * sizeof(*grown));
		if (!grown)
			return NULL;
		memset(grown + t->kinds_count, 0, (count - t->kinds_count) * sizeof(*grown));
		t->kinds = grown;
		t->kinds_count = count;
	}
	return &t->kinds[v->id];
}

static int text_drop(struct sink *s, const struct drop *d)
{
	struct text *t = s->state;
	struct kind *k;
	int err = out_reserve(&t->out);

	if (err)
		return err;
	if (s->config.fold) {
		k = kind(t, d->verdict);
		if (!k)
			return -ENOMEM;
		if (!k->since_ns)
			k->since_ns = t->now_ns ? t->now_ns : 1;
		k->verdict = d->verdict;
		if (k->shown == FOLD_AFTER) {
			k->folded++;
			return 0;
		}
		k->shown++;
	}
	line(s, d);
	return 0;
}

static int fold_over(struct sink *s, uint64_t before_ns)
{
	struct text *t = s->state;
	int err = 0;

	for (size_t i = 0; i < t->kinds_count && !err; i++)
		if (t->kinds[i].since_ns && t->kinds[i].since_ns <= before_ns) {
			unfold(s, &t->kinds[i]);
			err = out_reserve(&t->out);
		}
	return err;
}

static int text_tick(struct sink *s, uint64_t now_ns)
{
	struct text *t = s->state;
	int err;

	t->now_ns = now_ns;
	err = fold_over(s, now_ns > FOLD_TIME_NS ? now_ns - FOLD_TIME_NS : 0);
	return err ? err : out_flush(&t->out);
}

static void text_close(struct sink *s)
{
	struct text *t = s->state;

	fold_over(s, UINT64_MAX);
	out_flush(&t->out);
	free(t->kinds);
	free(t);
	s->state = NULL;
}

const struct sink_ops sink_text = {
	.name = "text",
	.help = "one aligned line per loss",
	.open = text_open,
	.drop = text_drop,
	.tick = text_tick,
	.close = text_close,
};
