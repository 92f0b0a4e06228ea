/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of the claims to an address fits a moment best. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/addrs.h"

struct addrs_entry {
	struct owner_addr addr;
	struct addrs_claim *claims; /* live or not */
};

void addrs_init(struct addrs *a)
{
	hash_init(&a->by_addr, sizeof(struct owner_addr));
}

void addrs_free(struct addrs *a)
{
	hash_free(&a->by_addr);
}

static struct addrs_entry *take_entry(struct addrs *a, const struct owner_addr *addr)
{
	struct addrs_entry *e = hash_get(&a->by_addr, addr);

	if (e)
		return e;
	e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	e->addr = *addr;
	if (hash_put(&a->by_addr, addr, e)) {
		free(e);
		return NULL;
	}
	return e;
}

static void drop_if_unused(struct addrs *a, struct addrs_entry *e)
{
	if (e->claims)
		return;
	hash_del(&a->by_addr, &e->addr);
	free(e);
}

static void revive(struct addrs_claim *c, uint64_t now_ns)
{
	c->live = true;
	c->from_ns = now_ns;
}

static void retire(struct addrs_claim *c, uint64_t now_ns)
{
	if (!c->live)
		return;
	c->live = false;
	c->to_ns = now_ns;
}

static struct addrs_claim *find_claim(struct addrs_claim *claims, const struct owner_addr *addr)
{
	for (struct addrs_claim *c = claims; c; c = c->next)
		if (!memcmp(&c->entry->addr, addr, sizeof(*addr)))
			return c;
	return NULL;
}

static struct addrs_claim *add_claim(struct addrs *a, struct addrs_claim **claims, uint32_t pod,
				     const struct owner_addr *addr)
{
	struct addrs_entry *e = take_entry(a, addr);
	struct addrs_claim *c;

	if (!e)
		return NULL;
	c = calloc(1, sizeof(*c));
	if (!c) {
		drop_if_unused(a, e);
		return NULL;
	}
	c->entry = e;
	c->pod = pod;
	c->next = *claims;
	*claims = c;
	c->next_same = e->claims;
	e->claims = c;
	return c;
}

static void free_claim(struct addrs *a, struct addrs_claim *c)
{
	struct addrs_claim **at = &c->entry->claims;

	while (*at != c)
		at = &(*at)->next_same;
	*at = c->next_same;
	drop_if_unused(a, c->entry);
	free(c);
}

/* A pod that lives on does not pile up what it once held. */
static void forget_old(struct addrs *a, struct addrs_claim **at, uint64_t now_ns)
{
	struct addrs_claim *c;

	while ((c = *at)) {
		if (c->live || now_ns < c->to_ns + ADDRS_DOUBT_NS) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		free_claim(a, c);
	}
}

int addrs_set(struct addrs *a, struct addrs_claim **claims, uint32_t pod,
	      const struct owner_addr *addr, size_t count, uint64_t now_ns)
{
	struct addrs_claim *c;
	int changed = 0;

	for (c = *claims; c; c = c->next)
		c->wanted = false;
	for (size_t i = 0; i < count; i++) {
		c = find_claim(*claims, &addr[i]);
		if (!c)
			c = add_claim(a, claims, pod, &addr[i]);
		if (!c)
			return -ENOMEM;
		c->wanted = true;
		if (!c->live) {
			revive(c, now_ns);
			changed = 1;
		}
	}
	for (c = *claims; c; c = c->next)
		if (c->live && !c->wanted) {
			retire(c, now_ns);
			changed = 1;
		}
	forget_old(a, claims, now_ns);
	return changed;
}

void addrs_retire(struct addrs_claim *claims, uint64_t now_ns)
{
	for (struct addrs_claim *c = claims; c; c = c->next)
		retire(c, now_ns);
}

void addrs_forget(struct addrs *a, struct addrs_claim **claims)
{
	struct addrs_claim *next;

	for (struct addrs_claim *c = *claims; c; c = next) {
		next = c->next;
		free_claim(a, c);
	}
	*claims = NULL;
}

/* How well a claim fits a moment; the better of two equal ones is the later. */
enum fit {
	FIT_NOT,
	FIT_BEFORE, /* it had ended */
	FIT_AFTER,  /* it was learned of a little later */
	FIT_DURING,
};

static enum fit fit(const struct addrs_claim *c, uint64_t time_ns)
{
	if (!time_ns)
		return c->live ? FIT_DURING : FIT_BEFORE;
	if (time_ns < c->from_ns)
		return time_ns + ADDRS_DOUBT_NS >= c->from_ns ? FIT_AFTER : FIT_NOT;
	return c->live || time_ns < c->to_ns ? FIT_DURING : FIT_BEFORE;
}

static bool is_better(const struct addrs_claim *c, const struct addrs_claim *best, uint64_t time_ns)
{
	enum fit a = fit(c, time_ns), b = best ? fit(best, time_ns) : FIT_NOT;

	if (a != b)
		return a > b;
	return a == FIT_BEFORE ? c->to_ns > best->to_ns : a && c->from_ns >= best->from_ns;
}

/* Whether the claim is so near that the address may as well have been its pod's at that moment. */
static bool is_near(const struct addrs_claim *c, uint64_t time_ns)
{
	switch (fit(c, time_ns)) {
	case FIT_DURING:
	case FIT_AFTER:
		return true;
	case FIT_BEFORE:
		return time_ns && time_ns < c->to_ns + ADDRS_DOUBT_NS;
	default:
		return false;
	}
}

struct addrs_answer addrs_find(const struct addrs *a, const struct owner_addr *addr,
			       uint64_t time_ns)
{
	const struct addrs_entry *e = hash_get(&a->by_addr, addr);
	const struct addrs_claim *best = NULL, *c;
	struct addrs_answer answer = { 0 };

	for (c = e ? e->claims : NULL; c; c = c->next_same)
		if (is_better(c, best, time_ns))
			best = c;
	if (!best)
		return answer;
	answer.pod = best->pod;
	answer.held = fit(best, time_ns) > FIT_BEFORE;
	for (c = e->claims; c; c = c->next_same)
		if (c != best && is_near(c, time_ns))
			answer.ambiguous = true;
	return answer;
}

const struct owner_addr *addrs_claimed(const struct addrs_claim *c)
{
	return &c->entry->addr;
}
