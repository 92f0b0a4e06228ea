/* SPDX-License-Identifier: GPL-2.0-only */
/* When two owners, rules or stacks are the same, and how each is written. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/ksyms.h"
#include "redact.h"
#include "rules/rules.h"
#include "sink/tell.h"

struct rule_key {
	const char *texts[4];
	uint64_t number;
};

struct stack_key {
	uint64_t count;
	uint64_t frames[EVENT_STACK];
};

void teller_init(struct teller *t, struct writer *w, const struct ksyms *ksyms,
		 struct redact *redact)
{
	*t = (struct teller){ .w = w, .ksyms = ksyms, .redact = redact };
	intern_init(&t->texts);
	hash_init(&t->owners, sizeof(struct owner));
	hash_init(&t->rules, sizeof(struct rule_key));
	hash_init(&t->stacks, sizeof(struct stack_key));
	hash_init(&t->symbols, sizeof(uint64_t));
	hash_init(&t->reasons, sizeof(uint32_t));
}

void teller_free(struct teller *t)
{
	struct ksym *sym;
	uint32_t pos = 0;

	while ((sym = hash_next(&t->symbols, &pos)))
		free(sym);
	hash_free(&t->owners);
	hash_free(&t->rules);
	hash_free(&t->stacks);
	hash_free(&t->symbols);
	hash_free(&t->reasons);
	intern_free(&t->texts);
}

static const char *keep(struct teller *t, const char *text)
{
	size_t len = text ? strlen(text) : 0;
	const char *kept;

	if (!text)
		return NULL;
	kept = intern_add(&t->texts, text, len < RECORDING_TEXT ? len : RECORDING_TEXT);
	if (!kept)
		t->w->error = -ENOMEM;
	return kept;
}

/* The id of this content; *is_new if it has not been written yet. */
static uint32_t id_of(struct teller *t, struct hash *h, const void *key, bool *is_new)
{
	uintptr_t id = (uintptr_t)hash_get(h, key);

	*is_new = !id;
	if (id)
		return id;
	id = h->count + 1;
	if (hash_put(h, key, (void *)id))
		t->w->error = -ENOMEM;
	return id;
}

uint32_t tell_owner(struct teller *t, const struct owner *given)
{
	struct owner o, told = *given;
	bool is_new;
	uint32_t id;

	if (t->redact)
		redact_owner(t->redact, &told);
	memset(&o, 0, sizeof(o));
	o.ns = keep(t, told.ns);
	o.pod = keep(t, told.pod);
	o.uid = keep(t, told.uid);
	o.container = keep(t, told.container);
	o.container_id = keep(t, told.container_id);
	o.unit = keep(t, told.unit);
	o.netns_name = keep(t, told.netns_name);
	o.labels = keep(t, told.labels);
	o.terminated_ns = told.terminated_ns;
	o.netns = told.netns;
	o.how = told.how;
	o.flags = told.flags;
	id = id_of(t, &t->owners, &o, &is_new);
	if (!is_new)
		return id;
	writer_begin(t->w, REC_OWNER);
	pack_u32(&t->w->batch, id);
	pack_u64(&t->w->batch, o.terminated_ns);
	pack_u32(&t->w->batch, o.netns);
	pack_u8(&t->w->batch, o.how);
	pack_u8(&t->w->batch, o.flags);
	pack_text(&t->w->batch, o.ns);
	pack_text(&t->w->batch, o.pod);
	pack_text(&t->w->batch, o.uid);
	pack_text(&t->w->batch, o.container);
	pack_text(&t->w->batch, o.container_id);
	pack_text(&t->w->batch, o.unit);
	pack_text(&t->w->batch, o.netns_name);
	if (o.labels) /* what is recorded without can be read by a whydrop that knows of none */
		pack_text(&t->w->batch, o.labels);
	writer_end(t->w);
	return id;
}

uint32_t tell_rule(struct teller *t, const struct rule_info *given)
{
	struct rule_info info;
	struct rule_key key;
	bool is_new;
	uint32_t id;

	if (!given)
		return 0;
	info = *given;
	if (t->redact)
		redact_rule(&info);
	key = (struct rule_key){ { keep(t, info.chain), keep(t, info.text), keep(t, info.comment),
				   keep(t, info.named) },
				 info.number };
	id = id_of(t, &t->rules, &key, &is_new);
	if (!is_new)
		return id;
	writer_begin(t->w, REC_RULE);
	pack_u32(&t->w->batch, id);
	pack_u32(&t->w->batch, key.number);
	for (int i = 0; i < 4; i++)
		pack_text(&t->w->batch, key.texts[i]);
	writer_end(t->w);
	return id;
}

/* A symbol may change when modules come and go: it is told again then. */
static void tell_symbol(struct teller *t, uint64_t addr, const struct ksym *sym)
{
	struct ksym *told = hash_get(&t->symbols, &addr), *copy = told;

	if (told && told->start == sym->start && told->size == sym->size &&
	    !strcmp(told->name, sym->name) && !strcmp(told->module, sym->module))
		return;
	if (!told)
		copy = malloc(sizeof(*copy));
	if (!copy || (!told && hash_put(&t->symbols, &addr, copy))) {
		free(copy);
		t->w->error = -ENOMEM;
		return;
	}
	*copy = *sym;
	writer_begin(t->w, REC_SYMBOL);
	pack_u64(&t->w->batch, addr);
	pack_u64(&t->w->batch, sym->start);
	pack_u64(&t->w->batch, sym->size);
	pack_text(&t->w->batch, sym->name);
	pack_text(&t->w->batch, sym->module);
	writer_end(t->w);
}

void tell_address(struct teller *t, uint64_t addr)
{
	struct ksym sym;

	if (t->ksyms && ksyms_find(t->ksyms, addr, &sym))
		tell_symbol(t, addr, &sym);
}

/* The names that the verdict was made with. */
void tell_names(struct teller *t, const struct verdict *v)
{
	const struct loss *l = &v->loss;
	struct ksym sym = { l->symbol, l->module, v->key.location - l->offset, l->symbol_size };
	bool is_new = false;

	if (*l->symbol)
		tell_symbol(t, v->key.location - 1, &sym);
	if (l->reason_full)
		id_of(t, &t->reasons, &v->key.reason, &is_new);
	if (!is_new)
		return;
	writer_begin(t->w, REC_REASON);
	pack_u32(&t->w->batch, v->key.reason);
	pack_text(&t->w->batch, l->reason_full);
	writer_end(t->w);
}

uint32_t tell_stack(struct teller *t, const struct event *ev)
{
	struct stack_key key;
	bool is_new;
	uint32_t id;

	if (!ev->stack_size)
		return 0;
	memset(&key, 0, sizeof(key));
	key.count = ev->stack_size < EVENT_STACK ? ev->stack_size : EVENT_STACK;
	memcpy(key.frames, ev->stack, key.count * sizeof(ev->stack[0]));
	for (size_t i = 0; i < key.count; i++)
		tell_address(t, key.frames[i] - 1);
	id = id_of(t, &t->stacks, &key, &is_new);
	if (!is_new)
		return id;
	writer_begin(t->w, REC_STACK);
	pack_u32(&t->w->batch, id);
	pack_u32(&t->w->batch, key.count);
	for (size_t i = 0; i < key.count; i++)
		pack_u64(&t->w->batch, key.frames[i]);
	writer_end(t->w);
	return id;
}
