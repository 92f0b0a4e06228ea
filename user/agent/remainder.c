/* SPDX-License-Identifier: GPL-2.0-only */
/* Which rows of an audit become series, and that namespaces which are gone do not pile up. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/exposition.h"
#include "agent/remainder.h"
#include "audit/audit.h"
#include "audit/ledger.h"

#define LABELS_SIZE 4096

struct remainder {
	struct audit *audit;
	char *node;
	struct remainder_row *rows;
	size_t count, room;
};

int remainder_new(struct remainder **out, const struct host *host, const char *root,
		  const char *node)
{
	const struct audit_config config = { .host = host, .root = root };
	struct remainder *r = calloc(1, sizeof(*r));
	int err = -ENOMEM;

	if (r)
		r->node = strdup(node);
	if (r && r->node)
		err = audit_new(&r->audit, &config);
	if (err) {
		remainder_free(r);
		return err;
	}
	*out = r;
	return 0;
}

static void clear(struct remainder *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->rows[i].labels);
	r->count = 0;
}

void remainder_free(struct remainder *r)
{
	if (!r)
		return;
	clear(r);
	free(r->rows);
	free(r->node);
	audit_free(r->audit);
	free(r);
}

struct ledger *remainder_ledger(struct remainder *r)
{
	return audit_ledger(r->audit);
}

int remainder_read(struct remainder *r)
{
	return audit_refresh(r->audit);
}

static void write_labels(struct strbuf *b, const struct remainder *r, const struct ledger_row *row)
{
	const struct owner *o = &row->owner;

	expo_label(b, "counter", row->counter->name);
	expo_label(b, "namespace", o->ns);
	expo_label(b, "pod", o->pod);
	/* a pod that has no name yet, else a namespace that has one */
	expo_label(b, "netns", o->pod ? NULL : o->uid ? o->uid : o->netns_name);
	expo_label(b, "node", r->node);
}

static int add(struct remainder *r, const struct ledger_row *row)
{
	size_t room = r->room ? r->room * 2 : 64;
	char labels[LABELS_SIZE];
	struct remainder_row *grown;
	struct strbuf b;

	if (r->count == r->room) {
		grown = realloc(r->rows, room * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		r->rows = grown;
		r->room = room;
	}
	strbuf_init(&b, labels, sizeof(labels));
	write_labels(&b, r, row);
	r->rows[r->count] = (struct remainder_row){ strdup(labels), row->kernel, row->remainder };
	return r->rows[r->count].labels ? r->count++, 0 : -ENOMEM;
}

/* Namespaces without a name of their own are one series: labels do not tell them apart. */
static void add_up(struct remainder *r)
{
	struct remainder_row *last = &r->rows[r->count - 1], *row = r->rows;

	while (strcmp(row->labels, last->labels))
		row++;
	if (row == last)
		return;
	row->kernel += last->kernel;
	row->remainder += last->remainder;
	free(last->labels);
	r->count--;
}

int remainder_compare(struct remainder *r)
{
	struct ledger *l = audit_ledger(r->audit);
	struct ledger_row row;
	uint32_t pos = 0;
	int err = 0;

	clear(r);
	while (!err && ledger_next(l, &pos, &row)) {
		if (!row.judged || !row.kernel)
			continue;
		err = add(r, &row);
		if (!err)
			add_up(r);
	}
	ledger_forget_gone(l);
	return err;
}

void remainder_each(const struct remainder *r,
		    void (*fn)(void *arg, const struct remainder_row *row), void *arg)
{
	for (size_t i = 0; i < r->count; i++)
		fn(arg, &r->rows[i]);
}
