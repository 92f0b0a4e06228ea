/* SPDX-License-Identifier: GPL-2.0-only */
/* What the writer writes is read back by another reader of JSON, byte by byte. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/jsonw.h"

static char data[4096];
static struct strbuf out;

static struct jsonw begin(void)
{
	struct jsonw w;

	strbuf_init(&out, data, sizeof(data));
	jsonw_init(&w, &out);
	return w;
}

/* The strict reading of RFC 8259; NULL if it is not that. */
static struct json_object *parse(const char *text)
{
	struct json_tokener *t = json_tokener_new();
	struct json_object *o;

	json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex(t, text, strlen(text));
	if (json_tokener_get_error(t) != json_tokener_success) {
		json_object_put(o);
		o = NULL;
	}
	json_tokener_free(t);
	return o;
}

Test(jsonw, commas_are_where_they_belong)
{
	struct jsonw w = begin();

	jsonw_open(&w, NULL, '{');
	jsonw_open(&w, "empty", '{');
	jsonw_close(&w, '}');
	jsonw_open(&w, "list", '[');
	jsonw_u64(&w, NULL, UINT64_MAX);
	jsonw_bool(&w, NULL, true);
	jsonw_null(&w, NULL);
	jsonw_open(&w, NULL, '[');
	jsonw_close(&w, ']');
	jsonw_string(&w, NULL, "x");
	jsonw_close(&w, ']');
	jsonw_raw(&w, "\"a\":1,\"b\":2", 11);
	jsonw_string(&w, "none", NULL);
	jsonw_bool(&w, "no", false);
	jsonw_close(&w, '}');
	cr_expect_str_eq(data, "{\"empty\":{},\"list\":[18446744073709551615,true,null,[],\"x\"],"
			       "\"a\":1,\"b\":2,\"none\":null,\"no\":false}");
}

static void is_written_as(const char *text, size_t size, const char *want)
{
	struct jsonw w = begin();
	struct json_object *o;

	jsonw_bytes(&w, NULL, text, size);
	cr_expect_str_eq(data, want);
	o = parse(data);
	cr_expect_not_null(o, "%s is no JSON", data);
	json_object_put(o);
}

/* RFC 8259, section 7: the quote, the backslash and U+0000 to U+001F; all else may stand. */
Test(jsonw, escapes)
{
	char want[16];

	for (int c = 0; c < 0x80; c++) {
		char text = c;

		if (c < 0x20)
			snprintf(want, sizeof(want), "\"\\u%04x\"", (unsigned int)c);
		else
			snprintf(want, sizeof(want), c == '"' || c == '\\' ? "\"\\%c\"" : "\"%c\"",
				 c);
		is_written_as(&text, 1, want);
	}
	is_written_as("a\"b\\c\nd", 7, "\"a\\\"b\\\\c\\u000ad\"");
	is_written_as("", 0, "\"\"");
}

/* Wherever in a text it is, near the end of what is looked at together or not. */
Test(jsonw, one_byte_to_escape_among_plain_ones)
{
	static const char special[] = { '"', '\\', '\n', 0x1f, (char)0x80, (char)0xff };
	char text[50], want[64];

	for (size_t size = 1; size <= sizeof(text); size++) {
		for (size_t i = 0; i < size * sizeof(special); i++) {
			size_t at = i / sizeof(special);
			char c = special[i % sizeof(special)];
			struct jsonw w = begin();
			struct strbuf b;

			memset(text, '~', size);
			text[at] = c;
			jsonw_bytes(&w, NULL, text, size);
			strbuf_init(&b, want, sizeof(want));
			strbuf_printf(&b, "\"%.*s", (int)at, text);
			if (c == '"' || c == '\\')
				strbuf_printf(&b, "\\%c", c);
			else if (c > 0)
				strbuf_printf(&b, "\\u%04x", (unsigned int)c);
			else
				strbuf_puts(&b, "\\ufffd");
			strbuf_printf(&b, "%.*s\"", (int)(size - at - 1), text + at + 1);
			cr_assert_str_eq(data, want, "byte %zu of %zu", at, size);
		}
		memset(text, '~', size);
		snprintf(want, sizeof(want), "\"%.*s\"", (int)size, text);
		is_written_as(text, size, want);
	}
}

/* RFC 3629: overlong forms, surrogates, what lies behind U+10FFFF, and what is cut. */
Test(jsonw, what_is_no_utf8_is_replaced)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "\xc3\xa9", "\"\xc3\xa9\"" },
		{ "\xe2\x80\xa6", "\"\xe2\x80\xa6\"" },
		{ "\xf0\x9f\x90\xa7", "\"\xf0\x9f\x90\xa7\"" },
		{ "\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\"" },
		{ "\x80", "\"\\ufffd\"" },
		{ "\xff", "\"\\ufffd\"" },
		{ "\xc0\x80", "\"\\ufffd\\ufffd\"" },
		{ "\xc1\xbf", "\"\\ufffd\\ufffd\"" },
		{ "\xe0\x9f\xbf", "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xf0\x8f\xbf\xbf", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
		{ "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
		{ "\xf5\x80\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
		{ "a\xc3", "\"a\\ufffd\"" },
		{ "\xe2\x80z", "\"\\ufffd\\ufffdz\"" },
		{ "\xc3\"", "\"\\ufffd\\\"\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is_written_as(rows[i].text, strlen(rows[i].text), rows[i].want);
}

Test(jsonw, any_bytes_make_a_string)
{
	char text[64];

	srand(4);
	for (int i = 0; i < 20000; i++) {
		size_t size = rand() % sizeof(text);
		char *exact = malloc(size ? size : 1);
		struct jsonw w = begin();
		struct json_object *o;

		for (size_t j = 0; j < size; j++)
			exact[j] = rand() % 3 ? rand() : 0x20 + rand() % 0x5f;
		jsonw_open(&w, NULL, '[');
		jsonw_bytes(&w, NULL, exact, size);
		jsonw_close(&w, ']');
		o = parse(data);
		cr_assert_not_null(o, "%s", data);
		cr_assert_eq(json_object_array_length(o), 1);
		json_object_put(o);
		free(exact);
	}
}

Test(jsonw, plain_text_reads_back)
{
	const char *text = "caf\xc3\xa9 \"\\/\b\f\n\r\t \xf0\x9f\x90\xa7";
	struct jsonw w = begin();
	struct json_object *o;

	jsonw_string(&w, NULL, text);
	o = parse(data);
	cr_assert_not_null(o);
	cr_expect_str_eq(json_object_get_string(o), text);
	json_object_put(o);
}

Test(jsonw, a_buffer_that_is_too_small_says_so)
{
	for (size_t size = 1; size < 40; size++) {
		char *exact = malloc(size);
		struct strbuf b;
		struct jsonw w;

		strbuf_init(&b, exact, size);
		jsonw_init(&w, &b);
		jsonw_open(&w, NULL, '{');
		jsonw_string(&w, "key", "text \" \xff");
		jsonw_u64(&w, "number", 123456);
		jsonw_close(&w, '}');
		cr_expect_eq(b.truncated,
			     size < sizeof("{\"key\":\"text \\\" \\ufffd\","
					   "\"number\":123456}"),
			     "%zu", size);
		cr_expect_lt(b.len, size);
		free(exact);
	}
}
