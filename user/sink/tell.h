/* SPDX-License-Identifier: GPL-2.0-only */
/* Owners, rules, stacks and names in a recording: each is written once, before the event that needs it. */
#ifndef SINK_TELL_H
#define SINK_TELL_H

#include "base/hash.h"
#include "drop.h"
#include "source/writer.h"

struct ksyms;
struct redact;

/* What has been written, by content. The values are ids, or a copy of the content. */
struct teller {
	struct writer *w; /* errors are kept there */
	const struct ksyms *ksyms;
	struct redact *redact; /* NULL: names are written as they are */
	struct intern texts;
	struct hash owners, rules, stacks, symbols, reasons;
};

void teller_init(struct teller *t, struct writer *w, const struct ksyms *ksyms,
		 struct redact *redact);
void teller_free(struct teller *t);

/* Each returns the id by which entries behind it refer to it, 0 for none. */
uint32_t tell_owner(struct teller *t, const struct owner *given);
uint32_t tell_rule(struct teller *t, const struct rule_info *given); /* takes NULL */
uint32_t tell_stack(struct teller *t, const struct event *ev);
/* The function at this address, if there is one. */
void tell_address(struct teller *t, uint64_t addr);
/* The names that the verdict was made with. */
void tell_names(struct teller *t, const struct verdict *v);

#endif
