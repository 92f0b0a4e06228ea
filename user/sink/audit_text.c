/* SPDX-License-Identifier: GPL-2.0-only */
/* How an audit reads. */
#include <inttypes.h>
#include <string.h>

#include "audit/ledger.h"
#include "base/wrap.h"
#include "sink/audit_text.h"
#include "sink/owner_text.h"

#define OWNER_SIZE 256

static const char *owner_of(char *text, const struct ledger_row *row, const struct host *h)
{
	struct strbuf b;

	strbuf_init(&b, text, OWNER_SIZE);
	if (row->counter->of_machine)
		strbuf_puts(&b, "machine");
	else
		owner_text(&b, &row->owner, h, 0);
	return text;
}

/* The first two columns. */
static void print_names(FILE *to, const struct audit_view *view, const char *whose,
			const char *counter)
{
	fprintf(to, "%-*s %-*s", view->narrow ? 14 : 24, whose, view->narrow ? 25 : 30, counter);
}

static void print_row(FILE *to, const struct ledger_row *row, const struct audit_view *view)
{
	char owner[OWNER_SIZE];

	print_names(to, view, owner_of(owner, row, view->host), row->counter->name);
	fprintf(to, " %9" PRIu64, row->kernel);
	if (row->judged)
		fprintf(to, " %9" PRIu64 " %9" PRId64, row->whydrop, row->remainder);
	else if (!view->absolute)
		fprintf(to, " %9" PRIu64 " %9s", row->whydrop, "-");
	fputc('\n', to);
	if (row->reading)
		wrap_text(to, row->reading, 4, 0, wrap_width(to));
	if (row->flags & LEDGER_RESET)
		wrap_text(to, "The counter began anew meanwhile: some of it is missing.", 4, 0,
			  wrap_width(to));
}

static void print_total(FILE *to, const struct ledger *l, const struct audit_view *view)
{
	struct ledger_total t = ledger_total(l);

	print_names(to, view, "total", "losses, each once");
	fprintf(to, " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 "\n", t.counted, t.explained,
		t.counted - t.explained);
}

void audit_text(FILE *to, const struct ledger *l, const struct audit_view *view)
{
	struct ledger_row row;
	uint32_t pos = 0;

	print_names(to, view, "WHOSE", "COUNTER");
	fprintf(to, " %9s", "KERNEL");
	if (!view->absolute)
		fprintf(to, " %9s %9s", "WHYDROP", "REMAINDER");
	fputc('\n', to);
	while (ledger_next(l, &pos, &row))
		if (view->all || row.kernel || (row.judged && row.whydrop))
			print_row(to, &row, view);
	if (!view->absolute)
		print_total(to, l, view);
}

void audit_sentence(FILE *to, const struct ledger *l, const struct host *h)
{
	struct ledger_total t = ledger_total(l);
	char text[1024], owner[OWNER_SIZE];
	struct strbuf b;

	if (!t.counted && !t.findings)
		return;
	strbuf_init(&b, text, sizeof(text));
	if (!t.findings) {
		strbuf_printf(&b, "explained all %" PRIu64 " counted losses", t.counted);
	} else {
		strbuf_printf(&b, "explained %" PRIu64 " of %" PRIu64 " counted losses; %" PRId64,
			      t.explained, t.counted, t.worst.remainder);
		strbuf_printf(&b, " %s in %s not seen: %s", t.worst.counter->name,
			      owner_of(owner, &t.worst, h), t.worst.reading);
		if (t.findings > 1)
			strbuf_printf(&b,
				      " %u more counters have a remainder: 'whydrop audit' "
				      "shows all.",
				      t.findings - 1);
	}
	fputc('\n', to);
	wrap_text(to, text, 0, 0, wrap_width(to));
}
