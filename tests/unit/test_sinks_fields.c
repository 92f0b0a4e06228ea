/* SPDX-License-Identifier: GPL-2.0-only */
/* Losses by other names: lines for OpenTelemetry with their schema, and entries for systemd's journal. */
#include <criterion/criterion.h>
#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "build.h"
#include "schema.h"
#include "sink/sinks.h"

static char got[65536];
static size_t got_size;
static int writes;

static int take(void *arg, const char *data, size_t size)
{
	(void)arg;
	cr_assert_lt(got_size + size, sizeof(got));
	memcpy(got + got_size, data, size);
	got_size += size;
	got[got_size] = 0;
	writes++;
	return 0;
}

static void show_all(const struct sink_ops *ops)
{
	struct sink s = { .ops = ops,
			  .config = { .write = take, .host = build_host(), .node = "worker-1" } };

	got_size = writes = 0;
	cr_assert_eq(ops->open(&s), 0);
	for (size_t i = 0; build_golden(i); i++)
		cr_assert_eq(ops->drop(&s, build_golden(i)), 0);
	cr_assert_eq(ops->tick(&s, 1), 0);
	ops->close(&s);
}

/* WHYDROP_GOLDEN=1 writes the file instead: look at the difference before you commit it. */
static void golden(const struct sink_ops *ops, const char *file)
{
	bool make = getenv("WHYDROP_GOLDEN");
	FILE *f = fopen(file, make ? "w" : "r");
	static char want[65536];
	size_t size;

	cr_assert_not_null(f, "%s", file);
	show_all(ops);
	if (make) {
		fwrite(got, 1, got_size, f);
		fclose(f);
		return;
	}
	size = fread(want, 1, sizeof(want) - 1, f);
	fclose(f);
	cr_assert_eq(size, got_size, "%s: %zu bytes, now %zu", file, size, got_size);
	cr_expect_eq(memcmp(want, got, size), 0, "%s is not what the sink writes", file);
}

Test(sinks_fields, otel_is_as_it_was)
{
	golden(&sink_otel, "tests/golden/otel.jsonl");
}

Test(sinks_fields, journal_is_as_it_was)
{
	golden(&sink_journal, "tests/golden/journal.fields");
}

static struct json_object *schema(void)
{
	struct json_object *all;
	size_t size;
	char *text;
	FILE *to = open_memstream(&text, &size);

	schema_print_otel(to);
	fclose(to);
	all = json_tokener_parse(text);
	free(text);
	cr_assert_not_null(all);
	return all;
}

/* Each member is in the schema, with its type, and what is required is there. */
Test(sinks_fields, otel_keeps_its_schema)
{
	struct json_object *all = schema(), *properties, *required, *one, *type;
	char *line, *rest;

	json_object_object_get_ex(all, "properties", &properties);
	json_object_object_get_ex(all, "required", &required);
	show_all(&sink_otel);
	for (line = strtok_r(got, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		struct json_object *o = json_tokener_parse(line);

		cr_assert_not_null(o, "%s", line);
		json_object_object_foreach(o, name, value)
		{
			cr_assert(json_object_object_get_ex(properties, name, &one), "%s", name);
			json_object_object_get_ex(one, "type", &type);
			cr_expect_eq(json_object_is_type(value, json_type_int),
				     !strcmp(json_object_get_string(type), "integer"), "%s", name);
		}
		for (size_t i = 0; i < json_object_array_length(required); i++) {
			const char *must =
				json_object_get_string(json_object_array_get_idx(required, i));

			cr_expect(json_object_object_get_ex(o, must, NULL), "%s", must);
		}
		json_object_put(o);
	}
	json_object_put(all);
}

/* The bytes behind a field, as journald reads it; NULL at the end. */
static const char *read_field(const char *at, const char *end, size_t *name_size)
{
	const char *new_line = memchr(at, '\n', end - at);
	const char *equals = memchr(at, '=', end - at);
	uint64_t size;

	cr_assert_not_null(new_line);
	if (equals && equals < new_line) {
		*name_size = equals - at;
		return new_line + 1;
	}
	*name_size = new_line - at;
	cr_assert_leq(new_line + 1 + sizeof(size), end);
	memcpy(&size, new_line + 1, sizeof(size));
	at = new_line + 1 + sizeof(size) + le64toh(size);
	cr_assert_lt(at, end);
	cr_assert_eq(*at, '\n');
	return at + 1;
}

/* One write per loss, of fields whose names the journal takes: upper case, digits and '_', a letter first, 64 at most. */
Test(sinks_fields, journal_names_are_what_journald_takes)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	const char *at, *end;
	size_t count = 0, size;

	show_all(&sink_journal);
	while (build_golden(count))
		count++;
	cr_expect_eq(writes, count);
	end = got + got_size;
	for (at = got; at < end;) {
		const char *next = read_field(at, end, &size);

		cr_expect_eq(strspn(at, allowed), size, "%.*s", (int)size, at);
		cr_expect(size && size <= 64 && *at >= 'A' && *at <= 'Z', "%.*s", (int)size, at);
		at = next;
	}
}
