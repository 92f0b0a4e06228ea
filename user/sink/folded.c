/* SPDX-License-Identifier: GPL-2.0-only */
/* Stacks as flame graphs take them: "outermost;...;innermost;cause packets", each stack once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sink/out.h"
#include "sink/sinks.h"
#include "sink/stacks.h"

struct folded {
	struct stacks stacks;
	struct out out;
};

static int folded_open(struct sink *s)
{
	struct folded *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	out_init(&f->out, &s->config);
	stacks_init(&f->stacks);
	s->state = f;
	return 0;
}

static int folded_drop(struct sink *s, const struct drop *d)
{
	struct folded *f = s->state;

	return stacks_add(&f->stacks, d);
}

static int folded_tick(struct sink *s, uint64_t now_ns)
{
	(void)s;
	(void)now_ns;
	return 0;
}

static int write_stack(struct folded *f, const struct stack *k, const struct host *h)
{
	struct strbuf *b = &f->out.buf;
	struct ksym sym;
	int err = out_reserve(&f->out);

	for (uint32_t i = k->count; i-- > 0;) {
		if (h->ksyms && ksyms_find(h->ksyms, k->frames[i] - 1, &sym))
			strbuf_puts(b, sym.name);
		else
			strbuf_printf(b, "0x%lx", k->frames[i]);
		strbuf_putc(b, ';');
	}
	strbuf_printf(b, "%s %lu\n", k->cause->name, k->packets);
	return err;
}

static int folded_end(struct sink *s, const struct summary *sum)
{
	struct folded *f = s->state;
	int err = 0;

	(void)sum;
	for (size_t i = 0; i < f->stacks.count && !err; i++)
		err = write_stack(f, f->stacks.items[i], s->config.host);
	return err ? err : out_flush(&f->out);
}

static void folded_close(struct sink *s)
{
	struct folded *f = s->state;

	out_flush(&f->out);
	stacks_free(&f->stacks);
	free(f);
	s->state = NULL;
}

const struct sink_ops sink_folded = {
	.name = "folded",
	.help = "kernel stacks and their counts, for flame graphs",
	.open = folded_open,
	.drop = folded_drop,
	.tick = folded_tick,
	.end = folded_end,
	.close = folded_close,
};
