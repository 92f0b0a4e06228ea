/* SPDX-License-Identifier: GPL-2.0-only */
/* One row per piece of evidence: its name, where it is in the record, its unit and its limit. */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drop.h"
#include "host.h"

enum field_type {
	FIELD_U16,
	FIELD_U32,
	FIELD_STR, /* as long as the member `qdisc` */
	FIELD_SYSCTL
};
enum field_unit {
	UNIT_NONE,
	UNIT_BYTES,
	UNIT_PACKETS,
	UNIT_CONNECTIONS
};

struct field {
	const char *name;  /* JSON key in `evidence`, stable */
	const char *limit; /* name of the field that limits this one, or NULL */
	enum field_type type;
	enum field_unit unit;
	size_t offset;	    /* in struct event; for FIELD_SYSCTL in struct host */
	bool zero_is_valid; /* otherwise 0 means unknown and the field is not printed */
	const char *help;
};

extern const struct field fields[];
extern const size_t fields_count;

/* The row of that name, or NULL. */
const struct field *field_find(const char *name);

struct field_value {
	bool is_string;
	uint64_t number;
	const char *string; /* not longer than 16 bytes, not necessarily 0-terminated: use size */
	size_t size;
};

/* Read a field of this drop; false where it is unknown. */
bool field_get(const struct field *f, const struct drop *d, const struct host *h,
	       struct field_value *out);

#endif
