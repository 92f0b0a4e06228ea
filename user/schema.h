/* SPDX-License-Identifier: GPL-2.0-only */
/* The promise of the JSON lines: their members, and the version of that promise. */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <stdio.h>

/* Member "v" of every line. Members may be added without a new version; one that goes, or changes its
 * meaning or type, makes a new one. */
#define SCHEMA_VERSION 1

/* Print the JSON schema (draft 2020-12) of a line. */
void schema_print(FILE *to);

/* The same of a line in OpenTelemetry's style (sink/otel.c). */
#define OTEL_SCHEMA_VERSION 1
void schema_print_otel(FILE *to);

/* The same for the lines of `whydrop audit -o json`. */
#define AUDIT_SCHEMA_VERSION 1
void schema_print_audit(FILE *to);

#endif
