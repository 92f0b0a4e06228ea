/* SPDX-License-Identifier: GPL-2.0-only */
/* A loss as attributes with the names of OpenTelemetry's semantic conventions (1.27), where these have one. */
#ifndef SINK_ATTRIBUTES_H
#define SINK_ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classify/advice.h"
#include "drop.h"
#include "fields.h"
#include "host.h"

struct attribute_value {
	const char *string; /* NULL: a number; not necessarily 0-terminated */
	size_t size;
	uint64_t number;
	char text[ADVICE_SIZE];
};

struct attribute {
	const char *name;
	const char *help;
	bool (*get)(const struct attribute *a, struct attribute_value *out, const struct drop *d,
		    const struct host *h);
	bool is_number;
	size_t owner; /* of what an owner has: where, in struct owner */
};

extern const struct attribute attributes[];
extern const size_t attributes_count;

/* Evidence is an attribute of this prefix and the field's name. */
#define EVIDENCE_PREFIX "whydrop.evidence."

/* Read it; false where it is unknown, and then there is no such attribute. */
bool attribute_get(const struct attribute *a, struct attribute_value *out, const struct drop *d,
		   const struct host *h);
/* The same of a piece of evidence that the cause names (struct cause). */
bool attribute_evidence(const char *field, struct attribute_value *out, const struct drop *d,
			const struct host *h);

/* How grave a loss is: OpenTelemetry's text and number (Logs Data Model, SeverityNumber), syslog(3)'s priority. */
struct attribute_gravity {
	const char *text;
	int number, priority;
};
const struct attribute_gravity *attribute_gravity(const struct drop *d);

#endif
