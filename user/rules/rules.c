/* SPDX-License-Identifier: GPL-2.0-only */
/* Which rules have been asked for, the thread that fetches them, and how long an event may wait for it. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/enter.h"
#include "rules/fetch.h"

#define SLOTS	    1024
#define PROBES	    8		/* slots that a rule may be in */
#define KEEP_NS	    60000000000 /* addresses of legacy tables are used again */
#define PATIENCE_NS 30000000	/* between two ticks: events are shown within 100 ms */

enum state {
	FREE,
	WANTED,
	FETCHING,
	KNOWN,
	FAILED
};

struct slot {
	enum state state;
	uint64_t time_ns;
	struct detail_nf_rule rule;
	struct rule_info info;
};

struct rules {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wanted, done;
	bool end;
	char root[256];
	int home; /* the namespace of this process */
	/* of the asking thread only */
	uint64_t patience_ns;	 /* left until the next tick */
	uint64_t tick_ns;	 /* when that was the last time */
	const struct slot *last; /* that it got an answer from: known, and nobody else changes it */
	struct slot slots[SLOTS];
};

static bool is_same(const struct detail_nf_rule *a, const struct detail_nf_rule *b)
{
	return a->rule == b->rule && a->table_id == b->table_id && a->netns == b->netns &&
	       a->backend == b->backend && a->family == b->family &&
	       !memcmp(a->table, b->table, sizeof(a->table));
}

static int fetch(struct rule_info *out, const struct rules *r, const struct detail_nf_rule *d)
{
	int fd = netns_open(r->root, d->netns), home, err;

	if (fd < 0)
		return fd;
	err = enter_netns(fd, r->home);
	if (!err) {
		err = d->backend == NF_BACKEND_NFT ? nft_fetch(out, d) : legacy_fetch(out, d);
		home = leave_netns(fd, r->home);
		err = err ? err : home;
	}
	close(fd);
	if (!err)
		rule_named(out);
	return err;
}

static struct slot *next_wanted(struct rules *r)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (r->slots[i].state == WANTED)
			return &r->slots[i];
	return NULL;
}

static void *work(void *arg)
{
	struct rules *r = arg;
	struct detail_nf_rule rule;
	struct rule_info info;
	struct slot *s;
	int err;

	pthread_mutex_lock(&r->lock);
	while (!r->end) {
		s = next_wanted(r);
		if (!s) {
			pthread_cond_wait(&r->wanted, &r->lock);
			continue;
		}
		s->state = FETCHING;
		rule = s->rule;
		pthread_mutex_unlock(&r->lock);
		memset(&info, 0, sizeof(info));
		err = fetch(&info, r, &rule);
		pthread_mutex_lock(&r->lock);
		s->info = info;
		s->state = err ? FAILED : KNOWN;
		s->time_ns = now_ns();
		pthread_cond_broadcast(&r->done);
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

/* The slot of this rule, or one to put it in: the oldest of those it may be in. NULL: all are busy. */
static struct slot *slot_of(struct rules *r, const struct detail_nf_rule *d)
{
	uint64_t h = (d->rule * 31 + d->table_id / 64) * 0x9e3779b97f4a7c15ULL + d->netns;
	struct slot *oldest = NULL;

	for (size_t i = 0; i < PROBES; i++) {
		struct slot *s = &r->slots[((h >> 32) + i) % SLOTS];

		if (s->state != FREE && is_same(&s->rule, d))
			return s;
		if (s->state == WANTED || s->state == FETCHING)
			continue;
		if (!oldest || s->time_ns < oldest->time_ns)
			oldest = s;
	}
	if (oldest)
		oldest->state = FREE;
	return oldest;
}

static void wait_for(struct rules *r, const struct slot *s)
{
	uint64_t start = now_ns(), end = start + r->patience_ns, waited;
	struct timespec until = { end / 1000000000, end % 1000000000 };

	while (s->state == WANTED || s->state == FETCHING)
		if (pthread_cond_timedwait(&r->done, &r->lock, &until))
			break;
	waited = now_ns() - start;
	r->patience_ns = waited < r->patience_ns ? r->patience_ns - waited : 0;
}

static bool is_old(const struct rules *r, const struct slot *s)
{
	return r->tick_ns > s->time_ns && r->tick_ns - s->time_ns > KEEP_NS;
}

const struct rule_info *rules_get(struct rules *r, const struct detail_nf_rule *d)
{
	bool first = false;
	struct slot *s;

	if (!d->rule || !d->netns)
		return NULL;
	if (r->last && is_same(&r->last->rule, d) && !is_old(r, r->last))
		return &r->last->info;
	r->last = NULL;
	pthread_mutex_lock(&r->lock);
	s = slot_of(r, d);
	if (s && (s->state == KNOWN || s->state == FAILED) && is_old(r, s))
		s->state = FREE;
	if (s && s->state == FREE) {
		first = true;
		s->rule = *d;
		s->state = WANTED;
		pthread_cond_signal(&r->wanted);
	}
	/* the others would wait while the ring fills */
	if (first && r->patience_ns)
		wait_for(r, s);
	if (s && s->state == KNOWN)
		r->last = s;
	pthread_mutex_unlock(&r->lock);
	return r->last ? &r->last->info : NULL;
}

void rules_tick(struct rules *r)
{
	if (!r)
		return;
	r->patience_ns = PATIENCE_NS;
	r->tick_ns = now_ns();
}

int rules_new(struct rules **out, const char *root)
{
	struct rules *r = calloc(1, sizeof(*r));
	pthread_condattr_t monotonic;
	sigset_t all, old;
	int err;

	if (!r)
		return -ENOMEM;
	strncpy(r->root, root, sizeof(r->root) - 1);
	r->home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	pthread_mutex_init(&r->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&r->wanted, NULL);
	pthread_cond_init(&r->done, &monotonic);
	pthread_condattr_destroy(&monotonic);
	/* signals are the event loop's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = r->home < 0 ? errno : pthread_create(&r->thread, NULL, work, r);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err) {
		if (r->home >= 0)
			close(r->home);
		free(r);
		return -err;
	}
	rules_tick(r);
	*out = r;
	return 0;
}

void rules_free(struct rules *r)
{
	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	r->end = true;
	pthread_cond_signal(&r->wanted);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->thread, NULL);
	close(r->home);
	pthread_cond_destroy(&r->wanted);
	pthread_cond_destroy(&r->done);
	pthread_mutex_destroy(&r->lock);
	free(r);
}
