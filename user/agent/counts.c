// SPDX-License-Identifier: GPL-2.0-only
/* What was counted with each key, and how much of it the series have already. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/counts.h"
#include "audit/ledger.h"
#include "base/hash.h"

struct part {
	struct loss_key key;
	struct loss_count sum;	/* in this round */
	struct loss_count told; /* to the series */
	uint64_t changed_ns;
};

struct counts {
	struct verdicts *verdicts;
	struct series_set *series;
	struct ledger *ledger; /* NULL: nobody compares */
	struct hash parts;     /* of struct part, by loss_key */
	uint64_t other;
	int err;   /* of this round */
	bool wait; /* something was left for the next */
};

int counts_new(struct counts **out, struct verdicts *verdicts, struct series_set *series)
{
	struct counts *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->verdicts = verdicts;
	c->series = series;
	hash_init(&c->parts, sizeof(struct loss_key));
	*out = c;
	return 0;
}

void counts_audit(struct counts *c, struct ledger *ledger)
{
	c->ledger = ledger;
}

void counts_free(struct counts *c)
{
	struct part *p;
	uint32_t pos = 0;

	if (!c)
		return;
	while ((p = hash_next(&c->parts, &pos)))
		free(p);
	hash_free(&c->parts);
	free(c);
}

static struct part *get(struct counts *c, const struct loss_key *key)
{
	struct part *p = hash_get(&c->parts, key);

	if (p)
		return p;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->key = *key;
	if (hash_put(&c->parts, key, p)) {
		free(p);
		return NULL;
	}
	return p;
}

void counts_add(void *arg, const struct loss_key *key, const struct loss_count *sum)
{
	struct counts *c = arg;
	struct part *p;

	if (!key) {
		c->other = sum->buffers;
		return;
	}
	p = get(c, key);
	if (!p) {
		c->err = -ENOMEM;
		return;
	}
	p->sum.buffers += sum->buffers;
	p->sum.packets += sum->packets;
	p->sum.bytes += sum->bytes;
}

/* What moved from a CPU's slot to the map while both were read may be missing: then it is there next time. */
static uint64_t grown(uint64_t sum, uint64_t told)
{
	return sum > told ? sum - told : 0;
}

static int tell(struct counts *c, struct part *p, uint64_t now_ns)
{
	const struct loss_count more = { grown(p->sum.buffers, p->told.buffers),
					 grown(p->sum.packets, p->told.packets),
					 grown(p->sum.bytes, p->told.bytes) };
	const struct verdict *v;
	int err;

	if (!more.buffers && !more.packets && !more.bytes)
		return 0;
	p->changed_ns = now_ns;
	v = verdicts_get(c->verdicts, &p->key);
	if (!v)
		return -ENOMEM;
	if (verdicts_may_change(c->verdicts, v)) {
		c->wait = true;
		return 0;
	}
	err = series_add(c->series, v, &more, now_ns);
	if (err)
		return err;
	if (c->ledger)
		ledger_count(c->ledger, v, more.buffers);
	p->told.buffers += more.buffers;
	p->told.packets += more.packets;
	p->told.bytes += more.bytes;
	return 0;
}

int counts_settle(struct counts *c, uint64_t now_ns)
{
	int err = c->err, one;
	struct part *p;
	uint32_t pos = 0;

	c->wait = false;
	while ((p = hash_next(&c->parts, &pos))) {
		one = tell(c, p, now_ns);
		err = err ? err : one;
		p->sum = (struct loss_count){ 0 };
	}
	c->err = 0;
	return err;
}

bool counts_wait(const struct counts *c)
{
	return c->wait;
}

uint64_t counts_other(const struct counts *c)
{
	return c->other;
}

size_t counts_keys(const struct counts *c)
{
	return c->parts.count;
}

void counts_forget(struct counts *c, uint64_t now_ns, uint64_t idle_ns, size_t max,
		   counts_forget_fn fn, void *arg)
{
	struct part *p;
	uint32_t pos = 0;

	while (max && (p = hash_next(&c->parts, &pos))) {
		if (now_ns - p->changed_ns < idle_ns || !fn(arg, &p->key, &p->told))
			continue;
		max--;
		verdicts_forget(c->verdicts, &p->key);
		hash_del(&c->parts, &p->key);
		pos--;
		free(p);
	}
}
