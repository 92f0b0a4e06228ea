/* SPDX-License-Identifier: GPL-2.0-only */
/* What grew since when, in namespaces that come and go, and how much of it was seen. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attribute/pods.h"
#include "audit/audit.h"
#include "audit/places.h"
#include "audit/reader.h"
#include "base/hash.h"
#include "base/log.h"
#include "drop.h"
#include "host.h"

#define TICK_NS 1000000000 /* namespaces that have just come are looked for at most as often */

/* A namespace, or the machine. */
struct place {
	uint32_t inum; /* 0: the machine */
	uint64_t cookie;
	char *name; /* under /run */
	char *ns, *pod, *uid;
	bool late, gone;
	uint32_t stamp; /* when it was read last */
	struct counts last;
	uint64_t fell; /* bit i: counter i has */
	uint64_t grown[COUNTERS_MAX];
	uint64_t seen[COUNTERS_MAX];
	uint64_t perhaps[COUNTERS_MAX];
};

struct audit {
	struct audit_config config;
	struct reader reader;
	struct place **places; /* in the order they were met */
	uint32_t count;
	struct hash by_inum; /* of those that are not gone */
	struct place machine;
	uint32_t stamp;
	uint32_t generation; /* of the pod index at the last look */
	uint64_t looked_ns;
	bool begun;
	bool only_new; /* this look passes over what is known */
};

static void place_free(struct place *p)
{
	free(p->name);
	free(p->ns);
	free(p->pod);
	free(p->uid);
	free(p);
}

/* The kernel never counts down: what is less began anew, from a number that nobody saw. */
static void grow(struct place *p, const struct counts *now, bool from_zero)
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

static struct place *add_place(struct audit *a, uint32_t inum, uint64_t cookie, const char *name)
{
	struct place **grown = realloc(a->places, (a->count + 1) * sizeof(*grown)), *p;

	if (!grown)
		return NULL;
	a->places = grown;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->inum = inum;
	p->cookie = cookie;
	p->late = a->begun;
	p->name = name ? strdup(name) : NULL;
	if ((name && !p->name) || hash_put(&a->by_inum, &inum, p)) {
		place_free(p);
		return NULL;
	}
	a->places[a->count++] = p;
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
static int learn_owner(const struct audit *a, struct place *p)
{
	const struct pod *pod = pods_by_netns(a->config.host->pods, p->inum, p->cookie);

	if (!pod)
		return 0;
	return keep(&p->ns, pod->ns) && keep(&p->pod, pod->name) && keep(&p->uid, pod->uid)
		       ? 0
		       : -ENOMEM;
}

/* An inode is used again at once, a cookie never. */
static bool is_same(const struct place *p, uint64_t cookie)
{
	return !p->cookie || !cookie || p->cookie == cookie;
}

static int on_place(void *arg, int fd, uint32_t inum, const char *name)
{
	struct audit *a = arg;
	struct place *p = hash_get(&a->by_inum, &inum);
	struct counts now;
	uint64_t cookie;
	bool is_new = false;

	if (a->config.netns && inum != a->config.netns)
		return 0;
	if (p && a->only_new) {
		p->stamp = a->stamp;
		return learn_owner(a, p);
	}
	/* it may be gone by now, or not ours to enter */
	if (reader_read(&a->reader, fd, &now, &cookie))
		return 0;
	if (p && !is_same(p, cookie)) {
		p->gone = true;
		p = NULL;
	}
	if (!p) {
		p = add_place(a, inum, cookie, name);
		is_new = true;
	}
	if (!p)
		return -ENOMEM;
	grow(p, &now, is_new && a->config.absolute);
	p->stamp = a->stamp;
	return learn_owner(a, p);
}

static void see_gone(struct audit *a)
{
	for (uint32_t i = 0; i < a->count; i++) {
		struct place *p = a->places[i];

		if (p->stamp == a->stamp || p->gone)
			continue;
		p->gone = true;
		hash_del(&a->by_inum, &p->inum);
	}
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static int look(struct audit *a, bool only_new)
{
	int err;

	a->only_new = only_new;
	a->generation = pods_generation(a->config.host->pods);
	a->looked_ns = now_ns();
	/* a look that leaves processes out says nothing of what is gone */
	if (!only_new)
		a->stamp++;
	err = places_each(a->config.host, a->config.root, !only_new, on_place, a);
	if (!err && !only_new)
		see_gone(a);
	return err;
}

int audit_refresh(struct audit *a)
{
	struct counts now;

	if (!a->config.netns) {
		reader_machine(&a->reader, &now);
		grow(&a->machine, &now, !a->begun && a->config.absolute);
	}
	return look(a, false);
}

int audit_tick(struct audit *a)
{
	if (a->generation == pods_generation(a->config.host->pods) ||
	    now_ns() < a->looked_ns + TICK_NS)
		return 0;
	return look(a, true);
}

int audit_new(struct audit **out, const struct audit_config *config)
{
	struct audit *a = calloc(1, sizeof(*a));
	int err;

	if (!a)
		return -ENOMEM;
	a->config = *config;
	hash_init(&a->by_inum, sizeof(uint32_t));
	err = reader_open(&a->reader);
	if (!err)
		err = audit_refresh(a);
	if (err) {
		audit_free(a);
		return log_err(err, "cannot read the kernel's counters");
	}
	a->begun = true;
	*out = a;
	return 0;
}

void audit_free(struct audit *a)
{
	if (!a)
		return;
	for (uint32_t i = 0; i < a->count; i++)
		place_free(a->places[i]);
	free(a->places);
	hash_free(&a->by_inum);
	reader_close(&a->reader);
	free(a);
}

static void reset_place(struct place *p)
{
	memset(p->seen, 0, sizeof(p->seen));
	memset(p->perhaps, 0, sizeof(p->perhaps));
}

void audit_reset(struct audit *a)
{
	for (uint32_t i = 0; i < a->count; i++)
		reset_place(a->places[i]);
	reset_place(&a->machine);
}

/* The cookie of a key is that of its socket's namespace, if it has one. */
static struct place *find_place(const struct audit *a, const struct loss_key *key)
{
	bool same = !key->sk_netns || key->sk_netns == key->netns;
	uint64_t cookie = same ? key->netns_cookie : 0;

	for (uint32_t i = a->count; i; i--)
		if (a->places[i - 1]->inum == key->netns && is_same(a->places[i - 1], cookie))
			return a->places[i - 1];
	return NULL;
}

static void count(struct place *p, size_t i, const struct verdict *v, uint64_t buffers)
{
	enum counted counted = kcounter_counts(&kcounters[i], v->cause, &v->loss);

	if (counted == COUNTED_SURELY)
		p->seen[i] += buffers;
	else if (counted == COUNTED_PERHAPS)
		p->perhaps[i] += buffers;
}

void audit_count(struct audit *a, const struct verdict *v, uint64_t buffers)
{
	struct place *p = find_place(a, &v->key);

	for (size_t i = 0; i < kcounters_count; i++) {
		if (kcounters[i].of_machine)
			count(&a->machine, i, v, buffers);
		else if (p)
			count(p, i, v, buffers);
	}
}

static struct owner owner_of(const struct audit *a, const struct place *p)
{
	struct owner o = { .ns = p->ns, .pod = p->pod, .uid = p->uid, .netns = p->inum };

	if (p->inum && p->inum == a->config.host->netns)
		o.how = HOW_HOST;
	else if (p->inum)
		o.how = HOW_NETNS;
	o.netns_name = p->name;
	return o;
}

/* Its counts began after whydrop's, or ended before. */
static const char half_seen[] =
	"What was lost before the namespace was first read, or after the last time, cannot be judged.";

static const char *reading_of(const struct audit_row *row)
{
	if (!row->judged)
		return row->kernel ? row->counter->reading : NULL;
	if (row->remainder > 0)
		return row->counter->reading;
	if (!row->remainder)
		return NULL;
	return row->flags & (AUDIT_LATE | AUDIT_GONE) ? half_seen : row->counter->more;
}

static void judge(struct audit_row *row, const struct audit *a, const struct place *p, size_t i)
{
	uint64_t missing;

	row->counter = &kcounters[i];
	row->owner = owner_of(a, p);
	row->judged = row->counter->judged != JUDGED_NOT && !a->config.absolute;
	row->kernel = p->grown[i];
	row->whydrop = p->seen[i];
	row->remainder = 0;
	row->flags = (p->late ? AUDIT_LATE : 0) | (p->gone ? AUDIT_GONE : 0) |
		     (p->fell >> i & 1 ? AUDIT_RESET : 0);
	if (row->judged) {
		missing = row->kernel > row->whydrop ? row->kernel - row->whydrop : 0;
		row->whydrop += p->perhaps[i] < missing ? p->perhaps[i] : missing;
		row->remainder = (int64_t)(row->kernel - row->whydrop);
	}
	row->reading = reading_of(row);
}

bool audit_next(const struct audit *a, uint32_t *pos, struct audit_row *row)
{
	for (; *pos < (a->count + 1) * kcounters_count; ++*pos) {
		uint32_t place = *pos / kcounters_count;
		size_t i = *pos % kcounters_count;
		const struct place *p = place < a->count ? a->places[place] : &a->machine;

		if (!(p->last.known >> i & 1) || kcounters[i].of_machine != (p == &a->machine))
			continue;
		judge(row, a, p, i);
		++*pos;
		return true;
	}
	return false;
}

struct audit_total audit_total(const struct audit *a)
{
	struct audit_total t = { 0 };
	struct audit_row row;
	uint32_t pos = 0;

	while (audit_next(a, &pos, &row)) {
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
