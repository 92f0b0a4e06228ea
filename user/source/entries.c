/* SPDX-License-Identifier: GPL-2.0-only */
/* Which bytes are an entry, and what it changes in what is known. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/pods.h"
#include "base/pack.h"
#include "kernel/ksyms.h"
#include "kernel/reasons.h"
#include "rules/rules.h"
#include "source/entries.h"

struct told_stack {
	uint32_t count;
	uint64_t frames[EVENT_STACK];
};

static bool answer(struct oracle *o, struct owner *out, const struct question *q, uint64_t time_ns)
{
	struct entries *e = (struct entries *)o;
	const struct owner *told = hash_get(&e->answers, q);

	(void)time_ns;
	if (!told || told == &e->nobody)
		return false;
	*out = *told;
	return true;
}

int entries_init(struct entries *e)
{
	int err;

	memset(e, 0, sizeof(*e));
	e->oracle.answer = answer;
	intern_init(&e->texts);
	hash_init(&e->answers, sizeof(struct question));
	hash_init(&e->fed_by_key, sizeof(struct loss_key));
	err = reasons_new(&e->reasons, NULL);
	if (!err)
		err = ksyms_told(&e->ksyms);
	e->host.oracle = &e->oracle;
	e->host.reasons = e->reasons;
	e->host.ksyms = e->ksyms;
	return err;
}

static void free_list(struct told_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->items[i]);
	free(l->items);
}

void entries_free(struct entries *e)
{
	free_list(&e->owners);
	free_list(&e->rules);
	free_list(&e->stacks);
	free_list(&e->counts);
	free_list(&e->fed);
	hash_free(&e->fed_by_key);
	hash_free(&e->answers);
	environment_free(&e->environment);
	reasons_free(e->reasons);
	ksyms_free(e->ksyms);
	intern_free(&e->texts);
}

void *told_list_add(struct told_list *l, size_t size)
{
	size_t room = l->size ? l->size * 2 : 64;
	void **grown;

	if (l->count == l->size) {
		grown = realloc(l->items, room * sizeof(*grown));
		if (!grown)
			return NULL;
		l->items = grown;
		l->size = room;
	}
	l->items[l->count] = calloc(1, size);
	return l->items[l->count] ? l->items[l->count++] : NULL;
}

/* The thing with this id; 0 has none. Sets u->failed for one that was not told. */
static void *get(struct unpacker *u, const struct told_list *l)
{
	uint32_t id = unpack_u32(u);

	if (id > l->count)
		u->failed = true;
	return id && id <= l->count ? l->items[id - 1] : NULL;
}

/* Kept; NULL for NULL. Sets u->failed for one that is too long. */
static const char *text(struct entries *e, struct unpacker *u)
{
	size_t len;
	const char *s = unpack_text(u, &len), *kept;

	if (!s || len > RECORDING_TEXT) {
		u->failed |= s != NULL;
		return NULL;
	}
	kept = intern_add(&e->texts, s, len);
	u->failed |= !kept;
	return kept;
}

/* The name of something in a kernel: it is printed as it is. */
static const char *name(struct entries *e, struct unpacker *u)
{
	const char *s = text(e, u);

	for (const char *c = s; c && *c; c++)
		u->failed |= *c <= ' ' || *c >= 0x7f;
	u->failed |= !s;
	return u->failed ? "" : s;
}

static int read_host(struct entries *e, struct unpacker *u)
{
	struct host *h = &e->host;
	uint64_t *const limits[] = {
		&h->rmem_default, &h->rmem_max,		  &h->wmem_default,
		&h->wmem_max,	  &h->netdev_max_backlog, &h->somaxconn,
		&h->tcp_rmem_max, &h->neigh_gc_thresh3,	  &h->unres_qlen_bytes
	};

	h->netns = unpack_u64(u);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		*limits[i] = unpack_u64(u);
	return 0;
}

static int read_text(struct entries *e, struct unpacker *u)
{
	const char *key = name(e, u), *value;
	size_t len;

	value = unpack_text(u, &len);
	return u->failed || !value ? -EBADMSG : environment_add(&e->environment, key, value, len);
}

static int read_reason(struct entries *e, struct unpacker *u)
{
	uint32_t reason = unpack_u32(u);
	int err = reasons_tell(e->reasons, reason, name(e, u));

	return err == -ERANGE ? -EBADMSG : err;
}

static int read_symbol(struct entries *e, struct unpacker *u)
{
	uint64_t addr = unpack_u64(u);
	struct ksym sym = { .start = unpack_u64(u) };

	sym.size = unpack_u64(u);
	sym.name = name(e, u);
	sym.module = text(e, u);
	if (!sym.module)
		return -EBADMSG;
	for (const char *c = sym.module; *c; c++)
		u->failed |= *c <= ' ' || *c >= 0x7f;
	return u->failed ? -EBADMSG : ksyms_tell(e->ksyms, addr, &sym);
}

static int read_owner(struct entries *e, struct unpacker *u)
{
	struct owner *o;

	if (unpack_u32(u) != e->owners.count + 1)
		return -EBADMSG;
	o = told_list_add(&e->owners, sizeof(*o));
	if (!o)
		return -ENOMEM;
	o->terminated_ns = unpack_u64(u);
	o->netns = unpack_u32(u);
	o->how = unpack_u8(u);
	o->flags = unpack_u8(u);
	o->ns = text(e, u);
	o->pod = text(e, u);
	o->uid = text(e, u);
	o->container = text(e, u);
	o->container_id = text(e, u);
	o->unit = text(e, u);
	o->netns_name = text(e, u);
	if (u->at < u->len) /* older recordings have none */
		o->labels = text(e, u);
	return o->how > HOW_HOST ? -EBADMSG : 0;
}

static void copy_text(struct unpacker *u, char *out, size_t size)
{
	size_t len;
	const char *s = unpack_text(u, &len);

	if (!s || len >= size)
		u->failed = true;
	else
		memcpy(out, s, len);
}

static int read_rule(struct entries *e, struct unpacker *u)
{
	struct rule_info *info;

	if (unpack_u32(u) != e->rules.count + 1)
		return -EBADMSG;
	info = told_list_add(&e->rules, sizeof(*info));
	if (!info)
		return -ENOMEM;
	info->number = unpack_u32(u);
	copy_text(u, info->chain, sizeof(info->chain));
	copy_text(u, info->text, sizeof(info->text));
	copy_text(u, info->comment, sizeof(info->comment));
	copy_text(u, info->named, sizeof(info->named));
	return 0;
}

static int read_stack(struct entries *e, struct unpacker *u)
{
	struct told_stack *s;

	if (unpack_u32(u) != e->stacks.count + 1)
		return -EBADMSG;
	s = told_list_add(&e->stacks, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->count = unpack_u32(u);
	if (s->count > EVENT_STACK)
		return -EBADMSG;
	for (uint32_t i = 0; i < s->count; i++)
		s->frames[i] = unpack_u64(u);
	return 0;
}

static int read_answer(struct entries *e, struct unpacker *u)
{
	struct question q = { .kind = unpack_u32(u) };
	const uint8_t *addr;
	struct owner *o;

	q.family = unpack_u32(u);
	addr = unpack_raw(u, sizeof(q.addr));
	if (addr)
		memcpy(q.addr, addr, sizeof(q.addr));
	q.id = unpack_u64(u);
	o = get(u, &e->owners);
	if (u->failed)
		return -EBADMSG;
	return hash_put(&e->answers, &q, o ? o : &e->nobody);
}

/* One that is shorter than others may be, of these letters alone; NULL: of any. */
static const char *short_name(struct entries *e, struct unpacker *u, const char *letters)
{
	const char *s = name(e, u);

	u->failed |= strlen(s) >= EXTRA_NAME || (letters && s[strspn(s, letters)]);
	return s;
}

static int read_extra(struct entries *e, struct unpacker *u)
{
	/* "structure.field", as it may stand in JSON */
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789.";
	struct extra *x = &e->extra;

	memset(x, 0, sizeof(*x));
	x->value_count = unpack_u32(u);
	x->frame_count = unpack_u32(u);
	if (x->value_count > EXTRA_VALUES || x->frame_count > EXTRA_FRAMES)
		return -EBADMSG;
	for (uint32_t i = 0; i < x->value_count; i++) {
		x->values[i].name = short_name(e, u, letters);
		x->values[i].value = unpack_u64(u);
		x->values[i].format = unpack_u8(u);
		u->failed |= x->values[i].format >= EXTRA_FORMATS;
	}
	for (uint32_t i = 0; i < x->frame_count; i++)
		x->frames[i] = short_name(e, u, NULL);
	x->snap_size = unpack_u32(u);
	x->snap = unpack_raw(u, x->snap_size);
	if (!x->snap_size)
		x->snap = NULL;
	e->has_extra = true;
	return u->failed || x->snap_size > MORE_SNAP_MAX ? -EBADMSG : 0;
}

static void read_process(struct unpacker *u, struct process *p)
{
	const uint8_t *comm;

	p->pid = unpack_u32(u);
	p->holders = unpack_u32(u);
	comm = unpack_raw(u, sizeof(p->comm));
	if (comm)
		memcpy(p->comm, comm, sizeof(p->comm));
}

static int read_event(struct entries *e, struct unpacker *u, struct pipeline *p)
{
	union {
		struct event ev;
		uint8_t bytes[sizeof(struct event) + EVENT_STACK * sizeof(uint64_t)];
	} record = { .bytes = { 0 } };
	struct told told = { .victim = get(u, &e->owners) };
	const struct told_stack *stack;
	const uint8_t *ev;
	int err;

	told.peer = get(u, &e->owners);
	told.rule = get(u, &e->rules);
	stack = get(u, &e->stacks);
	told.time_real_ns = unpack_u64(u);
	read_process(u, &told.process);
	read_process(u, &told.holder);
	ev = unpack_raw(u, sizeof(record.ev));
	if (u->failed || !told.victim || !p)
		return -EBADMSG;
	if (!told.peer)
		told.peer = &e->nobody;
	memcpy(&record.ev, ev, sizeof(record.ev));
	record.ev.has_more = 0;
	if (e->has_extra)
		told.extra = &e->extra;
	e->has_extra = false;
	record.ev.stack_size = stack ? stack->count : 0;
	if (stack)
		memcpy(record.ev.stack, stack->frames, stack->count * sizeof(uint64_t));
	e->time_ns = record.ev.time_ns;
	err = pipeline_feed_told(p, &record, sizeof(record), &told);
	return err ? err : entries_count(e, &record.ev, told.victim);
}

static int read_count(struct entries *e, struct unpacker *u)
{
	struct told_count *c;
	const uint8_t *key = unpack_raw(u, sizeof(c->key));
	const struct owner *victim = get(u, &e->owners);

	if (!key || !victim)
		return -EBADMSG;
	c = told_list_add(&e->counts, sizeof(*c));
	if (!c)
		return -ENOMEM;
	memcpy(&c->key, key, sizeof(c->key));
	c->victim = victim;
	c->hidden = unpack_u32(u);
	c->count.buffers = unpack_u64(u);
	c->count.packets = unpack_u64(u);
	c->count.bytes = unpack_u64(u);
	return 0;
}

static int read_account(struct entries *e, struct unpacker *u)
{
	const size_t first = offsetof(struct summary_account, waited) / sizeof(uint64_t);
	const size_t all = sizeof(e->account) / sizeof(uint64_t);

	/* the oldest format had these alone */
	for (size_t i = 0; i < first || (i < all && u->at < u->len); i++)
		((uint64_t *)&e->account)[i] = unpack_u64(u);
	e->ended = true;
	return 0;
}

static int (*const readers[REC_MAX])(struct entries *e, struct unpacker *u) = {
	[REC_HOST] = read_host,	      [REC_TEXT] = read_text,	  [REC_REASON] = read_reason,
	[REC_SYMBOL] = read_symbol,   [REC_OWNER] = read_owner,	  [REC_RULE] = read_rule,
	[REC_STACK] = read_stack,     [REC_ANSWER] = read_answer, [REC_COUNT] = read_count,
	[REC_ACCOUNT] = read_account, [REC_EXTRA] = read_extra,
};

int entries_read(struct entries *e, const uint8_t *data, size_t size, struct pipeline *p)
{
	struct unpacker all = { .data = data, .len = size };
	int err = 0;

	while (!err && all.at < all.len) {
		uint8_t type = unpack_u8(&all);
		struct unpacker u = { .len = unpack_u32(&all) };

		u.data = unpack_raw(&all, u.len);
		if (all.failed || e->ended || type >= REC_MAX)
			return -EBADMSG;
		if (type == REC_EVENT)
			err = read_event(e, &u, p);
		else
			err = readers[type] ? readers[type](e, &u) : -EBADMSG;
		if (u.failed || u.at != u.len)
			return -EBADMSG;
	}
	/* its packet is in these bytes */
	e->has_extra = false;
	return err;
}
