/* SPDX-License-Identifier: GPL-2.0-only */
/* What grew since when, in namespaces that come and go, and what of it a count of losses explains. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/pods.h"
#include "audit/ledger.h"
#include "drop.h"
#include "host.h"

/* A namespace, or the machine. */
struct ledger_place {
	uint32_t inum; /* 0: the machine */
	uint64_t cookie;
	char *name; /* under /run */
	char *ns, *pod, *uid;
	bool late, gone;
	uint32_t stamp; /* when it was read last */
	struct readings last;
	uint64_t fell; /* bit i: counter i has */
	uint64_t grown[COUNTERS_MAX];
	uint64_t seen[COUNTERS_MAX];
	uint64_t perhaps[COUNTERS_MAX];
};

void ledger_init(struct ledger *l, const struct host *host, bool absolute)
{
	*l = (struct ledger){ .host = host, .absolute = absolute };
	hash_init(&l->by_inum, sizeof(uint32_t));
}

static void place_free(struct ledger_place *p)
{
	if (!p)
		return;
	free(p->name);
	free(p->ns);
	free(p->pod);
	free(p->uid);
	free(p);
}

void ledger_free(struct ledger *l)
{
	for (uint32_t i = 0; i < l->count; i++)
		place_free(l->places[i]);
	place_free(l->machine);
	free(l->places);
	hash_free(&l->by_inum);
}

/* The kernel never counts down: what is less began anew, from a number that nobody saw. */
static void grow(struct ledger_place *p, const struct readings *now, bool from_zero)
{
	for (size_t i = 0; i < kcounters_count; i++) {
		uint64_t bit = 1ULL << i, before = p->last.known & bit ? p->last.value[i] : 0;

		if (!(now->known & bit) || (!(p->last.known & bit) && !from_zero))
			continue;
		if (now->value[i] < before)
			p->fell |= bit;
		else
			p->grown[i] += now->value[i] - before;
	}
	p->last = *now;
}

static struct ledger_place *new_place(const struct ledger *l, uint32_t inum, uint64_t cookie,
				      const char *name)
{
	struct ledger_place *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->inum = inum;
	p->cookie = cookie;
	p->late = l->begun;
	p->name = name ? strdup(name) : NULL;
	if (name && !p->name) {
		free(p);
		return NULL;
	}
	return p;
}

static struct ledger_place *add_place(struct ledger *l, uint32_t inum, uint64_t cookie,
				      const char *name)
{
	struct ledger_place **grown = realloc(l->places, (l->count + 1) * sizeof(*grown)), *p;

	if (!grown)
		return NULL;
	l->places = grown;
	p = new_place(l, inum, cookie, name);
	if (p && hash_put(&l->by_inum, &inum, p)) {
		place_free(p);
		return NULL;
	}
	if (p)
		l->places[l->count++] = p;
	return p;
}

static bool keep(char **kept, const char *text)
{
	char *copy;

	if (!text || (*kept && !strcmp(*kept, text)))
		return true;
	copy = strdup(text);
	if (!copy)
		return false;
	free(*kept);
	*kept = copy;
	return true;
}

/* The index forgets pods that ended. */
static int learn_owner(const struct ledger *l, struct ledger_place *p)
{
	const struct pod *pod = pods_by_netns(l->host->pods, p->inum, p->cookie);

	if (!pod)
		return 0;
	return keep(&p->ns, pod->ns) && keep(&p->pod, pod->name) && keep(&p->uid, pod->uid)
		       ? 0
		       : -ENOMEM;
}

/* An inode is used again at once, a cookie never. */
static bool is_same(const struct ledger_place *p, uint64_t cookie)
{
	return !p->cookie || !cookie || p->cookie == cookie;
}

/* The place of a namespace; *is_new: it was not met before. */
static struct ledger_place *find_or_add(struct ledger *l, uint32_t inum, uint64_t cookie,
					const char *name, bool *is_new)
{
	struct ledger_place *p = inum ? hash_get(&l->by_inum, &inum) : l->machine;

	if (p && !is_same(p, cookie)) {
		p->gone = true;
		p = NULL;
	}
	*is_new = !p;
	if (p)
		return p;
	if (inum)
		return add_place(l, inum, cookie, name);
	l->machine = new_place(l, 0, 0, NULL);
	return l->machine;
}

int ledger_read(struct ledger *l, uint32_t inum, uint64_t cookie, const char *name,
		const struct readings *now)
{
	bool is_new;
	struct ledger_place *p = find_or_add(l, inum, cookie, name, &is_new);

	if (!p)
		return -ENOMEM;
	grow(p, now, is_new && l->absolute);
	p->stamp = l->stamp;
	return inum ? learn_owner(l, p) : 0;
}

bool ledger_knows(const struct ledger *l, uint32_t inum)
{
	return hash_get(&l->by_inum, &inum);
}

void ledger_look_begin(struct ledger *l)
{
	l->stamp++;
}

void ledger_look_end(struct ledger *l)
{
	for (uint32_t i = 0; i < l->count; i++) {
		struct ledger_place *p = l->places[i];

		if (p->stamp == l->stamp || p->gone)
			continue;
		p->gone = true;
		hash_del(&l->by_inum, &p->inum);
	}
}

void ledger_forget_gone(struct ledger *l)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < l->count; i++) {
		if (l->places[i]->gone)
			place_free(l->places[i]);
		else
			l->places[kept++] = l->places[i];
	}
	l->count = kept;
}

static void reset_place(struct ledger_place *p)
{
	memset(p->seen, 0, sizeof(p->seen));
	memset(p->perhaps, 0, sizeof(p->perhaps));
}

void ledger_reset(struct ledger *l)
{
	for (uint32_t i = 0; i < l->count; i++)
		reset_place(l->places[i]);
	if (l->machine)
		reset_place(l->machine);
}

/* The cookie of a key is that of its socket's namespace, if it has one. */
static struct ledger_place *find_place(const struct ledger *l, const struct loss_key *key)
{
	bool same = !key->sk_netns || key->sk_netns == key->netns;
	uint64_t cookie = same ? key->netns_cookie : 0;

	for (uint32_t i = l->count; i; i--)
		if (l->places[i - 1]->inum == key->netns && is_same(l->places[i - 1], cookie))
			return l->places[i - 1];
	return NULL;
}

static void count(struct ledger_place *p, size_t i, const struct verdict *v, uint64_t buffers)
{
	enum counted counted = kcounter_counts(&kcounters[i], v->cause, &v->loss);

	if (counted == COUNTED_SURELY)
		p->seen[i] += buffers;
	else if (counted == COUNTED_PERHAPS)
		p->perhaps[i] += buffers;
}

void ledger_count(struct ledger *l, const struct verdict *v, uint64_t buffers)
{
	struct ledger_place *p = find_place(l, &v->key);

	for (size_t i = 0; i < kcounters_count; i++) {
		if (kcounters[i].of_machine && l->machine)
			count(l->machine, i, v, buffers);
		else if (!kcounters[i].of_machine && p)
			count(p, i, v, buffers);
	}
}

static struct owner owner_of(const struct ledger *l, const struct ledger_place *p)
{
	struct owner o = { .ns = p->ns, .pod = p->pod, .uid = p->uid, .netns = p->inum };

	if (p->inum && p->inum == l->host->netns)
		o.how = HOW_HOST;
	else if (p->inum)
		o.how = HOW_NETNS;
	o.netns_name = p->name;
	return o;
}

/* Its counts began after whydrop's, or ended before. */
static const char half_seen[] =
	"What was lost before the namespace was first read, or after the last time, cannot be judged.";

static const char *reading_of(const struct ledger_row *row)
{
	if (!row->judged)
		return row->kernel ? row->counter->reading : NULL;
	if (row->remainder > 0)
		return row->counter->reading;
	if (!row->remainder)
		return NULL;
	return row->flags & (LEDGER_LATE | LEDGER_GONE) ? half_seen : row->counter->more;
}

static void judge(struct ledger_row *row, const struct ledger *l, const struct ledger_place *p,
		  size_t i)
{
	uint64_t missing;

	row->counter = &kcounters[i];
	row->owner = owner_of(l, p);
	row->judged = row->counter->judged != JUDGED_NOT && !l->absolute;
	row->kernel = p->grown[i];
	row->whydrop = p->seen[i];
	row->remainder = 0;
	row->flags = (p->late ? LEDGER_LATE : 0) | (p->gone ? LEDGER_GONE : 0) |
		     (p->fell >> i & 1 ? LEDGER_RESET : 0);
	if (row->judged) {
		missing = row->kernel > row->whydrop ? row->kernel - row->whydrop : 0;
		row->whydrop += p->perhaps[i] < missing ? p->perhaps[i] : missing;
		row->remainder = (int64_t)(row->kernel - row->whydrop);
	}
	row->reading = reading_of(row);
}

bool ledger_next(const struct ledger *l, uint32_t *pos, struct ledger_row *row)
{
	for (; *pos < (l->count + 1) * kcounters_count; ++*pos) {
		uint32_t place = *pos / kcounters_count;
		size_t i = *pos % kcounters_count;
		const struct ledger_place *p = place < l->count ? l->places[place] : l->machine;

		if (!p || !(p->last.known >> i & 1) || kcounters[i].of_machine != (p == l->machine))
			continue;
		judge(row, l, p, i);
		++*pos;
		return true;
	}
	return false;
}

struct ledger_total ledger_total(const struct ledger *l)
{
	struct ledger_total t = { 0 };
	struct ledger_row row;
	uint32_t pos = 0;

	while (ledger_next(l, &pos, &row)) {
		if (row.judged && row.counter->judged == JUDGED_ALONE) {
			t.counted += row.kernel;
			t.explained += row.remainder > 0 ? row.whydrop : row.kernel;
		}
		if (row.remainder <= 0)
			continue;
		t.findings++;
		if (!t.worst.counter || row.remainder > t.worst.remainder)
			t.worst = row;
	}
	return t;
}
