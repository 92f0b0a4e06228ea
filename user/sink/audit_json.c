/* SPDX-License-Identifier: GPL-2.0-only */
/* The members of an audit's JSON lines; schema.c describes them. */
#include <errno.h>
#include <inttypes.h>

#include "audit/ledger.h"
#include "base/jsonw.h"
#include "base/words.h"
#include "schema.h"
#include "sink/audit_text.h"

#define LINE_SIZE 8192 /* four names, each byte of them escaped, and our own texts */

static void counted_causes(struct jsonw *w, const struct kcounter *c)
{
	const char *list = c->causes, *word;
	size_t size;

	jsonw_open(w, "causes", '[');
	while ((word = words_next(&list, &size)))
		jsonw_bytes(w, NULL, word, size);
	jsonw_close(w, ']');
}

static void flags(struct jsonw *w, unsigned flags)
{
	static const struct {
		unsigned flag;
		const char *name;
	} names[] = { { LEDGER_LATE, "late" }, { LEDGER_GONE, "gone" }, { LEDGER_RESET, "reset" } };

	jsonw_open(w, "flags", '[');
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags & names[i].flag)
			jsonw_string(w, NULL, names[i].name);
	jsonw_close(w, ']');
}

static void remainder_of(struct jsonw *w, const struct ledger_row *row)
{
	if (!row->judged) {
		jsonw_null(w, "remainder");
		return;
	}
	jsonw_key(w, "remainder");
	strbuf_printf(w->out, "%" PRId64, row->remainder);
}

static void owner(struct jsonw *w, const struct ledger_row *row)
{
	const struct owner *o = &row->owner;

	jsonw_string(w, "scope",
		     row->counter->of_machine ? "machine"
		     : o->pod || o->uid	      ? "pod"
		     : o->how == HOW_HOST     ? "host"
					      : "netns");
	jsonw_string(w, "namespace", o->ns);
	jsonw_string(w, "pod", o->pod);
	jsonw_string(w, "uid", o->uid);
	jsonw_string(w, "netns_name", o->netns_name);
	jsonw_u64(w, "netns", o->netns);
}

static void line(struct jsonw *w, const struct ledger_row *row, const struct audit_view *view,
		 const char *at)
{
	jsonw_open(w, NULL, '{');
	jsonw_u64(w, "v", AUDIT_SCHEMA_VERSION);
	jsonw_string(w, "time", at);
	owner(w, row);
	jsonw_string(w, "counter", row->counter->name);
	jsonw_u64(w, "kernel", row->kernel);
	if (view->absolute)
		jsonw_null(w, "whydrop");
	else
		jsonw_u64(w, "whydrop", row->whydrop);
	remainder_of(w, row);
	jsonw_bool(w, "judged", row->judged);
	counted_causes(w, row->counter);
	jsonw_string(w, "reading", row->reading);
	flags(w, row->flags);
	jsonw_close(w, '}');
}

int audit_json(FILE *to, const struct ledger *l, const struct audit_view *view, time_t at)
{
	char text[LINE_SIZE], when[32];
	struct ledger_row row;
	struct strbuf b;
	struct jsonw w;
	uint32_t pos = 0;
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	while (ledger_next(l, &pos, &row)) {
		if (!view->all && !row.kernel && !(row.judged && row.whydrop))
			continue;
		strbuf_init(&b, text, sizeof(text));
		jsonw_init(&w, &b);
		line(&w, &row, view, when);
		if (b.truncated)
			return -EMSGSIZE;
		fprintf(to, "%s\n", text);
	}
	return fflush(to) ? -errno : 0;
}
