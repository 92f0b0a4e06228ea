/* SPDX-License-Identifier: GPL-2.0-only */
/* How a count key becomes a verdict: names first, then cause, then owner. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/attribute.h"
#include "attribute/pods.h"
#include "attribute/watch.h"
#include "classify/classify.h"
#include "kernel/ksyms.h"
#include "kernel/reasons.h"
#include "rules/rules.h"
#include "verdicts.h"

#define BUCKETS 4096 /* the kernel's loss map holds as many keys */

struct entry {
	struct entry *next;
	struct verdict verdict;
	char where[64]; /* what verdict.loss.where points to */
};

struct verdicts {
	const struct host *host;
	struct watch *watch;
	struct entry *buckets[BUCKETS];
	uint32_t count;
};

int verdicts_new(struct verdicts **out, const struct host *host, struct watch *watch)
{
	struct verdicts *v = calloc(1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	v->host = host;
	v->watch = watch;
	*out = v;
	return 0;
}

static void free_first(struct entry **head)
{
	struct entry *e = *head;

	*head = e->next;
	free(e->verdict.last);
	free(e->verdict.last_rule);
	free(e);
}

void verdicts_free(struct verdicts *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (v->buckets[i])
			free_first(&v->buckets[i]);
	free(v);
}

/* FNV-1a over words: keys differ in few bits, and the multiplication spreads them. */
static uint32_t bucket(const struct loss_key *key)
{
	uint64_t words[sizeof(*key) / 8], h = 0xcbf29ce484222325;

	memcpy(words, key, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / 8; i++)
		h = (h ^ words[i]) * 0x100000001b3;
	return (h ^ h >> 32) % BUCKETS;
}

/* The location is a return address: the call is before it, perhaps the last of its function. */
static void name_location(struct entry *e, const struct host *h)
{
	struct loss *l = &e->verdict.loss;
	struct ksym sym;

	l->where = l->symbol = l->module = "";
	if (!h->ksyms || !l->key->location || !ksyms_find(h->ksyms, l->key->location - 1, &sym))
		return;
	ksyms_strip(e->where, sizeof(e->where), sym.name);
	l->where = e->where;
	l->symbol = sym.name;
	l->module = sym.module;
	l->offset = l->key->location - sym.start;
	l->symbol_size = sym.size;
}

static void find_victim(struct verdicts *v, struct verdict *verdict)
{
	const struct loss_key *key = &verdict->key;

	if (v->watch) {
		watch_cgroup(v->watch, key->cgroup);
		if (key->sk_netns)
			watch_netns(v->watch, key->sk_netns, key->netns_cookie);
		if (key->netns != key->sk_netns)
			watch_netns(v->watch, key->netns, key->sk_netns ? 0 : key->netns_cookie);
	}
	attribute_victim(&verdict->victim, key, v->host);
	verdict->generation = pods_generation(v->host->pods);
}

static struct entry *make(struct verdicts *v, const struct loss_key *key)
{
	struct entry *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->verdict.key = *key;
	e->verdict.id = v->count++;
	e->verdict.loss.key = &e->verdict.key;
	if (v->host->reasons && key->reason) {
		e->verdict.loss.reason = reasons_short(v->host->reasons, key->reason);
		e->verdict.loss.reason_full = reasons_full(v->host->reasons, key->reason);
	}
	name_location(e, v->host);
	e->verdict.cause = classify(&e->verdict.loss);
	return e;
}

static struct entry *find(struct verdicts *v, const struct loss_key *key, bool *is_new)
{
	struct entry **head = &v->buckets[bucket(key)], *e;

	for (e = *head; e; e = e->next)
		if (!memcmp(&e->verdict.key, key, sizeof(*key)))
			break;
	*is_new = !e;
	if (e)
		return e;
	e = make(v, key);
	if (!e)
		return NULL;
	e->next = *head;
	*head = e;
	return e;
}

const struct verdict *verdicts_get(struct verdicts *v, const struct loss_key *key)
{
	bool is_new;
	struct entry *e = find(v, key, &is_new);

	if (!e)
		return NULL;
	if (is_new || e->verdict.generation != pods_generation(v->host->pods))
		find_victim(v, &e->verdict);
	return &e->verdict;
}

const struct verdict *verdicts_told(struct verdicts *v, const struct loss_key *key,
				    const struct owner *victim)
{
	bool is_new;
	struct entry *e = find(v, key, &is_new);

	if (!e)
		return NULL;
	/* its strings are kept once each: the same owner has the same bytes */
	if (is_new || memcmp(&e->verdict.victim, victim, sizeof(*victim))) {
		memcpy(&e->verdict.victim, victim, sizeof(*victim));
		e->verdict.generation++;
	}
	return &e->verdict;
}

void verdicts_forget(struct verdicts *v, const struct loss_key *key)
{
	struct entry **at = &v->buckets[bucket(key)];

	while (*at && memcmp(&(*at)->verdict.key, key, sizeof(*key)))
		at = &(*at)->next;
	if (*at)
		free_first(at);
}

bool verdicts_may_change(const struct verdicts *v, const struct verdict *verdict)
{
	return v->watch && watch_expects(v->watch, verdict);
}

void verdicts_keep(const struct drop *d)
{
	struct entry *e = (struct entry *)((char *)d->verdict - offsetof(struct entry, verdict));
	struct verdict *v = &e->verdict;

	if (!v->cause->advise)
		return;
	if (!v->last)
		v->last = malloc(sizeof(*v->last));
	if (!v->last)
		return;
	*v->last = *d->ev;
	v->last->stack_size = 0;
	if (d->rule && !v->last_rule)
		v->last_rule = malloc(sizeof(*v->last_rule));
	if (d->rule && v->last_rule)
		*v->last_rule = *d->rule;
}
