/* SPDX-License-Identifier: GPL-2.0-only */
/* One row per piece of evidence: its name, where it is in the record, its unit and its limit. */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "drop.h"
#include "host.h"

enum field_type {
	FIELD_U16,
	FIELD_U32,
	FIELD_U64,
	FIELD_STR,    /* char array, as long as `size` says */
	FIELD_TEXT,   /* written by `text` from all there is */
	FIELD_NUMBER, /* computed by `number` */
	FIELD_SYSCTL
};
enum field_unit {
	UNIT_NONE,
	UNIT_BYTES,
	UNIT_PACKETS,
	UNIT_CONNECTIONS
};

#define FIELD_TEXT_SIZE 256
#define FIELD_NAME_MAX	28

struct field {
	const char *name;  /* JSON key in `evidence`, stable; at most FIELD_NAME_MAX bytes */
	const char *limit; /* name of the field that limits this one, or NULL */
	enum field_type type;
	enum field_unit unit;
	size_t offset;	    /* in struct event; for FIELD_SYSCTL in struct host */
	bool zero_is_valid; /* otherwise 0 means unknown and the field is not printed */
	const char *help;
	enum detail_kind detail; /* of the events that have it; DETAIL_NONE: all */
	size_t size;		 /* of a FIELD_STR */
	/* FIELD_TEXT: false where there is nothing to say */
	bool (*text)(struct strbuf *out, const struct drop *d, const struct host *h);
	/* FIELD_NUMBER: the same */
	bool (*number)(uint64_t *out, const struct drop *d);
};

extern const struct field fields[];
extern const size_t fields_count;

/* The row of that name, or NULL. */
const struct field *field_find(const char *name);

struct field_value {
	bool is_string;
	uint64_t number;
	const char *string; /* not necessarily 0-terminated: use size */
	size_t size;
	char text[FIELD_TEXT_SIZE];
};

/* Read a field of this drop; false where it is unknown. */
bool field_get(const struct field *f, const struct drop *d, const struct host *h,
	       struct field_value *out);

/* The number of that field of this drop, 0 where it is unknown. */
uint64_t field_number(const char *name, const struct drop *d, const struct host *h);

#endif
