/* SPDX-License-Identifier: GPL-2.0-only */
/* A flame graph of the stacks that lost packets: which boxes there are, and where. SVG 1.1, without scripts. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sink/out.h"
#include "sink/sinks.h"
#include "sink/stacks.h"

#define STACKS	  200 /* are drawn, those with the most packets; the rest is one box */
#define WIDTH	  1200
#define ROW	  18
#define HEAD	  (2 * ROW)
#define LETTER	  7 /* wide, at most */
#define NAME_SIZE 256

/* A stack as it is drawn: outermost function first, then the cause, then zeros. */
struct column {
	uint64_t keys[EVENT_STACK + 2]; /* what is the same is one box: where the function starts */
	const struct stack *stack;
};

struct svg {
	struct stacks stacks;
	struct out out;
	struct column columns[STACKS];
	size_t count;	/* of columns */
	uint32_t rows;	/* of boxes, one above the other */
	uint64_t total; /* packets, of all stacks */
};

struct box {
	const char *name, *fill;
	uint64_t before, packets; /* to the left of it, and its own */
	uint32_t row;
};

static int svg_open(struct sink *s)
{
	struct svg *g = calloc(1, sizeof(*g));

	if (!g)
		return -ENOMEM;
	out_init(&g->out, &s->config);
	stacks_init(&g->stacks);
	s->state = g;
	return 0;
}

static int svg_drop(struct sink *s, const struct drop *d)
{
	struct svg *g = s->state;

	return stacks_add(&g->stacks, d);
}

static int svg_tick(struct sink *s, uint64_t now_ns)
{
	(void)s;
	(void)now_ns;
	return 0;
}

/* Names may come from a recording, which may hold anything. */
static void put_text(struct strbuf *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '&')
			strbuf_puts(b, "&amp;");
		else if (c == '<')
			strbuf_puts(b, "&lt;");
		else if (c == '>')
			strbuf_puts(b, "&gt;");
		else
			strbuf_printable(b, &c, 1);
	}
}

/* What does not fit into the box is read in its title, which browsers show under the pointer. */
static void put_box(struct svg *g, const struct box *box)
{
	struct strbuf *b = &g->out.buf;
	double x = (double)box->before * WIDTH / g->total;
	double width = (double)box->packets * WIDTH / g->total;
	uint32_t y = HEAD + (g->rows - 1 - box->row) * ROW;
	size_t len = strnlen(box->name, NAME_SIZE), fits = width / LETTER;

	out_reserve(&g->out);
	strbuf_puts(b, "<g><title>");
	put_text(b, box->name, len);
	strbuf_printf(b, ": %" PRIu64 " packets, %.1f %%</title>", box->packets,
		      100.0 * box->packets / g->total);
	strbuf_printf(b, "<rect x=\"%.2f\" y=\"%u\" width=\"%.2f\" height=\"%d\" fill=\"%s\"/>", x,
		      y, width, ROW - 1, box->fill);
	if (fits > 3) {
		strbuf_printf(b, "<text x=\"%.2f\" y=\"%u\">", x + 3, y + ROW - 5);
		put_text(b, box->name, len < fits ? len : fits - 2);
		strbuf_puts(b, len < fits ? "</text>" : "..</text>");
	}
	strbuf_puts(b, "</g>\n");
}

/*
 * The name of the function this frame is in, into `data` where it has none of its own. A recording knows the
 * symbols of the frames alone. The same function has the same colour everywhere.
 */
static void name_function(struct box *box, char *data, size_t size, uint64_t frame,
			  const struct host *h)
{
	static const char *const fills[] = { "#f6c177", "#f2b266", "#eea65c", "#f8cf8e" };
	struct ksym sym = { 0 };
	struct strbuf b;
	bool found = h->ksyms && ksyms_find(h->ksyms, frame - 1, &sym);

	box->fill = fills[(sym.start >> 4) % (sizeof(fills) / sizeof(fills[0]))];
	if (found && !*sym.module) {
		box->name = sym.name;
		return;
	}
	strbuf_init(&b, data, size);
	if (found)
		strbuf_printf(&b, "%.127s [%.63s]", sym.name, sym.module);
	else
		strbuf_printf(&b, "0x%" PRIx64, frame);
	box->name = data;
}

/* The boxes of the columns from..to, which are the same below this row. */
static void draw(struct svg *g, const struct host *h, size_t from, size_t to, struct box box)
{
	const struct column *c = g->columns;
	uint32_t depth = box.row - 1;
	char name[NAME_SIZE];

	while (from < to && c[from].keys[depth]) {
		const struct stack *k = c[from].stack;
		size_t end = from;

		box.packets = 0;
		for (; end < to && c[end].keys[depth] == c[from].keys[depth]; end++)
			box.packets += c[end].stack->packets;
		box.name = k->cause->name;
		box.fill = "#e57f6b";
		if (depth < k->count)
			name_function(&box, name, sizeof(name), k->frames[k->count - 1 - depth], h);
		put_box(g, &box);
		draw(g, h, from, end, (struct box){ .before = box.before, .row = box.row + 1 });
		box.before += box.packets;
		from = end;
	}
}

static int by_keys(const void *a, const void *b)
{
	const struct column *x = a, *y = b;

	for (size_t i = 0; i < EVENT_STACK + 2; i++)
		if (x->keys[i] != y->keys[i])
			return x->keys[i] < y->keys[i] ? -1 : 1;
	return 0;
}

static void fill_column(struct column *c, const struct stack *k, const struct host *h)
{
	struct ksym sym;

	c->stack = k;
	for (uint32_t i = 0; i < k->count; i++) {
		uint64_t at = k->frames[k->count - 1 - i] - 1;

		c->keys[i] = h->ksyms && ksyms_find(h->ksyms, at, &sym) ? sym.start : at + 1;
	}
	c->keys[k->count] = (uintptr_t)k->cause;
}

/* Returns the packets of the stacks that are not drawn. */
static uint64_t fill_columns(struct svg *g, const struct host *h)
{
	uint64_t rest = 0;

	stacks_sort(&g->stacks);
	g->rows = 1;
	for (size_t i = 0; i < g->stacks.count; i++) {
		const struct stack *k = g->stacks.items[i];

		g->total += k->packets;
		if (g->count == STACKS) {
			rest += k->packets;
			continue;
		}
		fill_column(&g->columns[g->count++], k, h);
		if (g->rows < k->count + 2)
			g->rows = k->count + 2;
	}
	qsort(g->columns, g->count, sizeof(g->columns[0]), by_keys);
	return rest;
}

static int svg_end(struct sink *s, const struct summary *sum)
{
	struct svg *g = s->state;
	uint64_t rest = fill_columns(g, s->config.host);
	struct strbuf *b = &g->out.buf;

	(void)sum;
	strbuf_printf(b,
		      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" "
		      "font-family=\"monospace\" font-size=\"11\">\n"
		      "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
		      WIDTH, HEAD + g->rows * ROW);
	strbuf_printf(b, "<text x=\"3\" y=\"%d\">%s</text>\n", ROW,
		      g->total ? "Packets lost, by kernel stack and cause"
			       : "No kernel stacks of lost packets were recorded");
	if (g->total) {
		put_box(g, &(struct box){ "all", "#ddd", 0, g->total, 0 });
		draw(g, s->config.host, 0, g->count, (struct box){ .row = 1 });
	}
	if (rest)
		put_box(g, &(struct box){ "other", "#ddd", g->total - rest, rest, 1 });
	strbuf_puts(b, "</svg>\n");
	return out_flush(&g->out);
}

static void svg_close(struct sink *s)
{
	struct svg *g = s->state;

	out_flush(&g->out);
	stacks_free(&g->stacks);
	free(g);
	s->state = NULL;
}

const struct sink_ops sink_svg = {
	.name = "svg",
	.help = "a flame graph of kernel stacks and causes",
	.open = svg_open,
	.drop = svg_drop,
	.tick = svg_tick,
	.end = svg_end,
	.close = svg_close,
};
