// SPDX-License-Identifier: GPL-2.0-only
/* Which labels a judged loss gets, and how their number stays bounded. */
#include <errno.h>
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "agent/exposition.h"
#include "agent/series.h"
#include "attribute/pods.h"

#define LABELS_SIZE                                                                                \
	8192	     /* a cgroup's path of PATH_MAX bytes fits, and twice that if all are escaped */
#define LEAVE_MAX 64 /* at one time */
#define OTHER	  "other"

struct series_set {
	void *tree; /* of struct series, tsearch(3) */
	size_t count, max;
	char *node;
};

int series_new(struct series_set **out, const char *node, size_t max)
{
	struct series_set *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->max = max;
	s->node = strdup(node);
	if (!s->node) {
		free(s);
		return -ENOMEM;
	}
	*out = s;
	return 0;
}

static void free_one(void *series)
{
	struct series *s = series;

	free(s->labels);
	free(s);
}

void series_free(struct series_set *s)
{
	if (!s)
		return;
	tdestroy(s->tree, free_one);
	free(s->node);
	free(s);
}

static int compare(const void *a, const void *b)
{
	const struct series *x = a, *y = b;

	return x->family != y->family ? (int)x->family - (int)y->family
				      : strcmp(x->labels, y->labels);
}

static enum series_family family_of(enum severity severity)
{
	static const enum series_family families[] = {
		[SEV_LOSS] = SERIES_DROPS,	[SEV_SYMPTOM] = SERIES_DROPS,
		[SEV_REFUSED] = SERIES_REFUSED, [SEV_PRESSURE] = SERIES_PRESSURE,
		[SEV_INFO] = SERIES_NORMAL,	[SEV_NORMAL] = SERIES_NORMAL,
	};

	return families[severity];
}

/*
 * The socket tells which end it is. The owner maps say by what a forwarded packet's owner was found, which
 * is also an end of it, but only if that decided.
 */
const char *series_direction(const struct verdict *v)
{
	static const char *const by_owner[] = {
		[OWNER_BY_IIF] = "egress", [OWNER_BY_DEV] = "ingress", [OWNER_BY_MAC] = "egress",
		[OWNER_BY_SRC] = "egress", [OWNER_BY_DST] = "ingress",
	};
	uint32_t by = OWNER_HOW(v->key.owner);
	enum how how = v->victim.how;

	if (v->key.facts & FACT_SK_RX)
		return "ingress";
	if (v->key.facts & FACT_SK_TX)
		return "egress";
	if (by >= OWNER_BY_IIF && by <= OWNER_BY_DST && how >= HOW_VETH && how <= HOW_IP_DST)
		return by_owner[by];
	return "unknown";
}

static void write_labels(struct strbuf *b, const struct series_set *s, const struct verdict *v,
			 bool other)
{
	const struct owner *o = &v->victim;

	expo_label(b, "cause", v->cause->name);
	expo_label(b, "severity", severity_name(v->cause->severity));
	if (family_of(v->cause->severity) != SERIES_NORMAL) {
		expo_label(b, "namespace", other ? OTHER : o->ns);
		expo_label(b, "pod", other ? OTHER : o->pod);
		expo_label(b, "container", other ? OTHER : o->container);
		expo_label(b, "unit", other ? OTHER : o->unit);
		expo_label(b, "direction", other ? OTHER : series_direction(v));
	}
	expo_label(b, "node", s->node);
}

static struct series *find(const struct series_set *s, const struct series *like)
{
	void *found = tfind(like, &s->tree, compare);

	return found ? *(struct series **)found : NULL;
}

static struct series *insert(struct series_set *s, const struct series *like)
{
	struct series *made = calloc(1, sizeof(*made));

	if (!made)
		return NULL;
	made->family = like->family;
	made->labels = strdup(like->labels);
	if (!made->labels || !tsearch(made, &s->tree, compare)) {
		free_one(made);
		return NULL;
	}
	s->count++;
	return made;
}

/* Labels that are too long for their buffer would not tell series apart. */
static struct series *get(struct series_set *s, const struct verdict *v, bool *other)
{
	struct series like = { .family = family_of(v->cause->severity) }, *found;
	char labels[LABELS_SIZE];
	struct strbuf b;

	strbuf_init(&b, labels, sizeof(labels));
	write_labels(&b, s, v, *other);
	like.labels = labels;
	found = b.truncated ? NULL : find(s, &like);
	if (found)
		return found;
	if (*other || (!b.truncated && s->count < s->max))
		return insert(s, &like);
	*other = true;
	return get(s, v, other);
}

int series_add(struct series_set *s, const struct verdict *v, const struct loss_count *more,
	       uint64_t now_ns)
{
	bool other = false;
	struct series *to = get(s, v, &other);
	const char *uid = v->victim.uid;

	if (!to)
		return -ENOMEM;
	to->count.buffers += more->buffers;
	to->count.packets += more->packets;
	to->count.bytes += more->bytes;
	to->changed_ns = now_ns;
	if (other || to->family == SERIES_NORMAL || !uid)
		return 0;
	/* the next pod of a stateful set has the same name */
	if (strlen(uid) < sizeof(to->uid))
		strcpy(to->uid, uid);
	return 0;
}

struct leaving {
	const struct pods *pods;
	uint64_t now_ns, grace_ns;
	struct series *series[LEAVE_MAX];
	size_t count;
};

static bool has_left(struct series *s, const struct leaving *l)
{
	const struct pod *pod = *s->uid ? pods_by_uid(l->pods, s->uid) : NULL;

	if (!*s->uid || (pod && !pod->terminated)) {
		s->gone_ns = 0;
		return false;
	}
	if (!s->gone_ns)
		s->gone_ns = l->now_ns;
	return l->now_ns - s->gone_ns >= l->grace_ns && l->now_ns - s->changed_ns >= l->grace_ns;
}

static void look_at(const void *node, VISIT visit, void *arg)
{
	struct series *s = *(struct series *const *)node;
	struct leaving *l = arg;

	if ((visit == postorder || visit == leaf) && l->count < LEAVE_MAX && has_left(s, l))
		l->series[l->count++] = s;
}

void series_expire(struct series_set *s, const struct pods *pods, uint64_t now_ns,
		   uint64_t grace_ns)
{
	struct leaving l = { .pods = pods, .now_ns = now_ns, .grace_ns = grace_ns };

	do {
		l.count = 0;
		twalk_r(s->tree, look_at, &l);
		for (size_t i = 0; i < l.count; i++) {
			tdelete(l.series[i], &s->tree, compare);
			free_one(l.series[i]);
			s->count--;
		}
	} while (l.count == LEAVE_MAX);
}

size_t series_count(const struct series_set *s)
{
	return s->count;
}

size_t series_max(const struct series_set *s)
{
	return s->max;
}

struct walk {
	enum series_family family;
	void (*fn)(void *arg, const struct series *series);
	void *arg;
};

static void pass_on(const void *node, VISIT visit, void *arg)
{
	const struct series *s = *(struct series *const *)node;
	const struct walk *w = arg;

	if ((visit == postorder || visit == leaf) && s->family == w->family)
		w->fn(w->arg, s);
}

void series_each(const struct series_set *s, enum series_family family,
		 void (*fn)(void *arg, const struct series *series), void *arg)
{
	struct walk w = { family, fn, arg };

	twalk_r(s->tree, pass_on, &w);
}
