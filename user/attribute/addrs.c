/* SPDX-License-Identifier: GPL-2.0-only */
/* How claims to an address are kept in order: live ones by age of the claim, then the last to go. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/addrs.h"

struct addrs_entry {
	struct owner_addr addr;
	struct addrs_claim *live; /* the newest first */
	uint32_t last_pod;	  /* the last that gave it up, 0 if forgotten */
	uint64_t changed_ns;	  /* when it did */
	uint32_t claims;	  /* live or not */
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

static void revive(struct addrs_claim *c)
{
	c->live = true;
	c->next_same = c->entry->live;
	c->entry->live = c;
	if (c->entry->last_pod == c->pod)
		c->entry->last_pod = 0;
}

static void retire(struct addrs_claim *c, uint64_t now_ns)
{
	struct addrs_claim **at = &c->entry->live;

	if (!c->live)
		return;
	while (*at != c)
		at = &(*at)->next_same;
	*at = c->next_same;
	c->live = false;
	c->entry->last_pod = c->pod;
	c->entry->changed_ns = now_ns;
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
	e->claims++;
	c->entry = e;
	c->pod = pod;
	c->next = *claims;
	*claims = c;
	return c;
}

static void free_claim(struct addrs *a, struct addrs_claim *c)
{
	if (c->entry->last_pod == c->pod)
		c->entry->last_pod = 0;
	c->entry->claims--;
	drop_if_unused(a, c->entry);
	free(c);
}

/* A pod that lives on does not pile up what it once held. */
static void forget_old(struct addrs *a, struct addrs_claim **at, uint64_t now_ns)
{
	struct addrs_claim *c;

	while ((c = *at)) {
		if (c->live || now_ns < c->entry->changed_ns + ADDRS_DOUBT_NS) {
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
			revive(c);
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
		retire(c, 0);
		free_claim(a, c);
	}
	*claims = NULL;
}

struct addrs_answer addrs_find(const struct addrs *a, const struct owner_addr *addr,
			       uint64_t time_ns)
{
	const struct addrs_entry *e = hash_get(&a->by_addr, addr);
	struct addrs_answer answer = { 0 };

	if (!e)
		return answer;
	if (!e->live) {
		answer.pod = e->last_pod;
		return answer;
	}
	answer.pod = e->live->pod;
	answer.live = true;
	answer.ambiguous = e->live->next_same;
	if (time_ns && e->last_pod && time_ns < e->changed_ns + ADDRS_DOUBT_NS)
		answer.ambiguous = true;
	return answer;
}

const struct owner_addr *addrs_claimed(const struct addrs_claim *c)
{
	return &c->entry->addr;
}
