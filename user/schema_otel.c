/* SPDX-License-Identifier: GPL-2.0-only */
/* The members of a JSON line in OpenTelemetry's style. */
#include "fields.h"
#include "schema.h"
#include "sink/attributes.h"

static void member(FILE *to, const char *prefix, const char *name, bool is_number, const char *help)
{
	fprintf(to, ",\n  \"%s%s\": {\"type\": \"%s\", \"description\": \"%s\"}", prefix, name,
		is_number ? "integer" : "string", help);
}

static bool is_number(const struct field *f)
{
	return f->type != FIELD_STR && f->type != FIELD_TEXT;
}

void schema_print_otel(FILE *to)
{
	fprintf(to,
		"{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
		"\"title\": \"one loss, with the attribute names of OpenTelemetry\",\n"
		"\"x-version\": %d,\n"
		"\"type\": \"object\",\n\"properties\": {\n"
		"  \"timestamp\": {\"type\": \"string\", \"description\": \"time of the loss, RFC "
		"3339, UTC, nanoseconds\"}",
		OTEL_SCHEMA_VERSION);
	member(to, "", "severity_text", false, "WARN, INFO or DEBUG");
	member(to, "", "severity_number", true, "SeverityNumber of the Logs Data Model");
	member(to, "", "body", false, "the loss as a line for people");
	member(to, "", "host.name", false, "node of the agent (--node), or the host's name");
	member(to, "", "whydrop.schema.version", true, "version of this schema");
	for (size_t i = 0; i < attributes_count; i++)
		member(to, "", attributes[i].name, attributes[i].is_number, attributes[i].help);
	for (size_t i = 0; i < fields_count; i++)
		member(to, EVIDENCE_PREFIX, fields[i].name, is_number(&fields[i]), fields[i].help);
	fputs("},\n\"additionalProperties\": false,\n\"required\": [\"timestamp\", \"severity_text\", "
	      "\"severity_number\", \"body\", \"whydrop.schema.version\", \"whydrop.cause\"]}\n",
	      to);
}
