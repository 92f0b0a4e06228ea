/* SPDX-License-Identifier: GPL-2.0-only */
/* What "matches" means: how a row of the catalogue is held against a loss. */
#include <string.h>

#include "base/words.h"
#include "classify/classify.h"

static const char *const severity_names[] = {
	[SEV_LOSS] = "loss",	   [SEV_REFUSED] = "refused", [SEV_PRESSURE] = "pressure",
	[SEV_SYMPTOM] = "symptom", [SEV_INFO] = "info",	      [SEV_NORMAL] = "normal",
};

const char *severity_name(enum severity severity)
{
	return severity_names[severity];
}

static bool list_has(const char *list, const char *word)
{
	return words_have(list, word, strlen(word));
}

static bool match_is_end(const struct match *m)
{
	return !m->kind && !m->note && !m->reason && !m->where && !m->when;
}

static bool match_holds(const struct match *m, const struct loss *l)
{
	enum event_kind kind = m->kind || m->note ? m->kind : EV_SKB_DROP;

	if (kind && l->key->kind != kind)
		return false;
	if (m->note && NOTE_KIND(l->key->note) != m->note)
		return false;
	if (m->reason) {
		/* a reason without a known name is still a reason: "-" is a kernel without */
		const char *reason = l->reason ? l->reason : l->key->reason ? "" : "-";

		if (!list_has(m->reason, reason))
			return false;
	}
	if (m->where && !list_has(m->where, l->where))
		return false;
	return !m->when || m->when(l);
}

const struct cause *classify(const struct loss *l)
{
	for (size_t i = 0; i + 1 < causes_count; i++) {
		const struct match *m = causes[i].match;

		for (size_t j = 0; j < CAUSE_MATCHES && !match_is_end(&m[j]); j++) {
			if (match_holds(&m[j], l))
				return &causes[i];
		}
	}
	return &causes[causes_count - 1];
}

const struct cause *cause_find(const char *name)
{
	for (size_t i = 0; i < causes_count; i++) {
		if (!strcmp(causes[i].name, name))
			return &causes[i];
	}
	return NULL;
}

/*
 * Rows above may take some of a reason's frees away by function or fact, so the answer is yes only
 * if all rows down to the one that takes the rest are normal.
 */
bool classify_reason_is_normal(const char *reason)
{
	for (size_t i = 0; i < causes_count; i++) {
		const struct match *m = causes[i].match;

		for (size_t j = 0; j < CAUSE_MATCHES && !match_is_end(&m[j]); j++) {
			/* what has a note is never muted */
			if (m[j].note || (m[j].kind && m[j].kind != EV_SKB_DROP))
				continue;
			if (m[j].reason && !list_has(m[j].reason, reason))
				continue;
			if (causes[i].severity != SEV_NORMAL)
				return false;
			if (m[j].reason && !m[j].where && !m[j].when)
				return true;
		}
	}
	return false;
}

static bool shows(const struct cause *c, const char *fields)
{
	for (size_t i = 0; i < CAUSE_EVIDENCE && c->evidence[i]; i++) {
		if (list_has(fields, c->evidence[i]))
			return true;
	}
	return false;
}

bool classify_reason_shows(const char *reason, const char *fields)
{
	for (size_t i = 0; i < causes_count; i++) {
		const struct match *m = causes[i].match;

		for (size_t j = 0; j < CAUSE_MATCHES && !match_is_end(&m[j]); j++) {
			if (list_has(m[j].reason ? m[j].reason : "- NOT_SPECIFIED", reason) &&
			    shows(&causes[i], fields))
				return true;
		}
	}
	return false;
}
