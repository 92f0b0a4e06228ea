/* SPDX-License-Identifier: GPL-2.0-only */
/* How the texts of pods that are forgotten are let go: the others move to a new place now and then. */
#include <errno.h>
#include <string.h>

#include "attribute/pods_impl.h"

/* Not worth the copying before so much is used, nor before it has doubled since. */
#define MIN_BYTES (1 << 20)
/* Whoever has read an answer may show its texts a moment later: the old place stays until the next time. */
#define PAUSE_NS (10 * 1000000000ULL)

typedef const char *(*keep_fn)(struct intern *t, const char *s, size_t len);

static const char *find(struct intern *t, const char *s, size_t len)
{
	return intern_find(t, s, len);
}

static int move(struct intern *to, keep_fn keep, const char **at)
{
	const char *kept = *at ? keep(to, *at, strlen(*at)) : NULL;

	if (*at && !kept)
		return -ENOMEM;
	*at = kept;
	return 0;
}

static int move_all(struct pods *p, struct intern *to, keep_fn keep)
{
	struct pods_netns *n;
	struct container *ct;
	struct cgroup *c;
	struct pod *pod;
	uint32_t pos;
	int err = 0;

	for (pos = 0; (pod = hash_next(&p->by_id, &pos));) {
		err |= move(to, keep, &pod->uid);
		err |= move(to, keep, &pod->ns);
		err |= move(to, keep, &pod->name);
		err |= move(to, keep, &pod->labels);
		if (pod->home)
			err |= move(to, keep, &pod->home->name);
		for (n = pod->old_homes; n; n = n->next)
			err |= move(to, keep, &n->name);
	}
	for (pos = 0; (ct = hash_next(&p->containers, &pos));) {
		err |= move(to, keep, &ct->id);
		err |= move(to, keep, &ct->name);
	}
	for (pos = 0; (c = hash_next(&p->by_cgroup, &pos));)
		err |= move(to, keep, &c->unit);
	for (pos = 0; (n = hash_next(&p->by_inum, &pos));)
		err |= move(to, keep, &n->name);
	return err ? -ENOMEM : 0;
}

/* These tables go by the addresses of texts. */
static int fill_tables(struct pods *p, struct hash *by_uid, struct hash *containers)
{
	struct container *c;
	struct pod *pod;
	uint32_t pos;
	int err = 0;

	for (pos = 0; !err && (pod = hash_next(&p->by_id, &pos));)
		err = hash_put(by_uid, &pod->uid, pod);
	for (pos = 0; !err && (c = hash_next(&p->containers, &pos));)
		err = hash_put(containers, &c->id, c);
	return err;
}

static void replace(struct hash *table, struct hash *by)
{
	hash_free(table);
	*table = *by;
}

int pods_move_texts(struct pods *p, uint64_t now_ns)
{
	struct hash by_uid, containers;
	struct intern to;
	int err;

	if (p->texts.bytes < MIN_BYTES || p->texts.bytes < 2 * p->texts_moved ||
	    now_ns < p->texts_ns + PAUSE_NS)
		return 0;
	intern_init(&to);
	hash_init(&by_uid, sizeof(char *));
	hash_init(&containers, sizeof(char *));
	err = move_all(p, &to, intern_add);
	if (!err)
		err = fill_tables(p, &by_uid, &containers);
	if (err) { /* what was moved is still in the old place */
		move_all(p, &p->texts, find);
		hash_free(&by_uid);
		hash_free(&containers);
		intern_free(&to);
		return err;
	}
	replace(&p->by_uid, &by_uid);
	replace(&p->containers, &containers);
	intern_free(&p->old_texts);
	p->old_texts = p->texts;
	p->texts = to;
	p->texts_moved = to.bytes;
	p->texts_ns = now_ns;
	p->generation++;
	return 0;
}
