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
	struct owner known; /* the pod it was last found to be; uid NULL: none yet */
	uint32_t known_id;  /* of that pod */
	char *texts;	    /* of known */
	char where[64];	    /* what verdict.loss.where points to */
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
	free(e->texts);
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

static const size_t owner_texts[] = {
	offsetof(struct owner, ns),	      offsetof(struct owner, pod),
	offsetof(struct owner, uid),	      offsetof(struct owner, container),
	offsetof(struct owner, container_id), offsetof(struct owner, unit),
	offsetof(struct owner, netns_name),   offsetof(struct owner, labels),
};

#define OWNER_TEXTS (sizeof(owner_texts) / sizeof(owner_texts[0]))

static const char *text_of(const struct owner *o, size_t i)
{
	return *(const char *const *)((const char *)o + owner_texts[i]);
}

static bool same_texts(const struct owner *a, const struct owner *b)
{
	for (size_t i = 0; i < OWNER_TEXTS; i++) {
		const char *s = text_of(a, i), *t = text_of(b, i);

		if (s != t && (!s || !t || strcmp(s, t) != 0))
			return false;
	}
	return true;
}

/* The index lets its texts go: these are copies. Without memory nobody is known. */
static void copy_texts(struct entry *e, const struct owner *o)
{
	size_t size = 0;
	char *at;

	for (size_t i = 0; i < OWNER_TEXTS; i++)
		size += text_of(o, i) ? strlen(text_of(o, i)) + 1 : 0;
	free(e->texts);
	e->known = (struct owner){ 0 };
	e->texts = at = malloc(size);
	for (size_t i = 0; i < OWNER_TEXTS && at; i++) {
		if (!text_of(o, i))
			continue;
		memcpy((char *)&e->known + owner_texts[i], &at, sizeof(at));
		at = stpcpy(at, text_of(o, i)) + 1;
	}
}

/* By the index; perhaps it has met a pod with this uid again since (a static one). */
static bool is_forgotten(const struct verdicts *v, const struct entry *e)
{
	const struct pod *pod = pods_by_uid(v->host->pods, e->known.uid);

	return !pod || pod->id != e->known_id;
}

static void keep_owner(const struct verdicts *v, struct entry *e, const struct owner *o)
{
	const struct pod *pod = pods_by_uid(v->host->pods, o->uid);

	if (!same_texts(&e->known, o))
		copy_texts(e, o);
	e->known_id = pod ? pod->id : 0;
	e->known.terminated_ns = o->terminated_ns;
	e->known.netns = o->netns;
	e->known.how = o->how;
	e->known.flags = o->flags;
}

/*
 * The index forgets what ended long ago, the counts of a run do not: they go to the owner that the events named.
 * A cgroup's id is never given out again, and the pod that the owner maps named is part of the key: what these
 * said stays true. Whose a namespace is may have been mistaken, as long as the index has the pod and knows better.
 */
static bool stays_true(const struct verdicts *v, const struct entry *e)
{
	const struct owner *now = &e->verdict.victim;

	if (!e->known.uid || now->how == HOW_SK_CGROUP)
		return false;
	if (now->uid)
		return e->known.how == HOW_SK_CGROUP && !strcmp(now->uid, e->known.uid);
	return e->known.how != HOW_NETNS || is_forgotten(v, e);
}

static void remember(struct verdicts *v, struct entry *e)
{
	struct owner *o = &e->verdict.victim;

	if (!stays_true(v, e)) {
		if (o->uid)
			keep_owner(v, e, o);
		return;
	}
	*o = e->known;
	if (is_forgotten(v, e) && !(o->flags & OWNER_TERMINATED)) {
		o->flags |= OWNER_TERMINATED;
		o->terminated_ns = UINT64_MAX; /* later than any event */
	}
}

static void find_victim(struct verdicts *v, struct entry *e)
{
	struct verdict *verdict = &e->verdict;
	const struct loss_key *key = &verdict->key;

	if (v->watch) {
		watch_cgroup(v->watch, key->cgroup);
		if (key->sk_netns)
			watch_netns(v->watch, key->sk_netns, key->netns_cookie);
		if (key->netns != key->sk_netns)
			watch_netns(v->watch, key->netns, key->sk_netns ? 0 : key->netns_cookie);
	}
	attribute_victim(&verdict->victim, key, v->host);
	remember(v, e);
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
		find_victim(v, e);
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
	memcpy(v->last, d->ev, offsetof(struct event, snap) + d->ev->snap_size);
	v->last->stack_size = 0;
	if (d->rule && !v->last_rule)
		v->last_rule = malloc(sizeof(*v->last_rule));
	if (d->rule && v->last_rule)
		*v->last_rule = *d->rule;
}
