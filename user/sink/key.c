/* SPDX-License-Identifier: GPL-2.0-only */
/* Count keys as text: all that a loss was judged from, and as what. Tests replay them. */
#include "sink/out.h"
#include "sink/sinks.h"

static void word(struct strbuf *b, const char *text)
{
	strbuf_puts(b, text && *text ? text : "-");
	strbuf_putc(b, ' ');
}

/* cause reason function kind ethertype protocol facts note; no addresses, which no other run has */
static int key_drop(struct sink *s, const struct drop *d)
{
	const struct verdict *v = d->verdict;
	const struct loss_key *k = &v->key;
	struct out *out = s->state;
	int err = out_reserve(out);

	if (err)
		return err;
	word(&out->buf, v->cause->name);
	word(&out->buf, v->loss.reason);
	word(&out->buf, v->loss.where);
	strbuf_printf(&out->buf, "%u %04x %u %07x %08x\n", k->kind, k->l3, k->proto, k->facts,
		      k->note);
	return 0;
}

const struct sink_ops sink_key = {
	.name = "key",
	.help = "what each loss was judged from, for tests and bug reports",
	.open = out_sink_open,
	.drop = key_drop,
	.tick = out_sink_tick,
	.close = out_sink_close,
};
