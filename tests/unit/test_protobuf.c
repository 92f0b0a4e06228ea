/* SPDX-License-Identifier: GPL-2.0-only */
/* Protocol buffers: each way to write a field, and bytes that are none. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/protobuf.h"

struct row {
	const char *bytes;
	size_t size;
	uint32_t number; /* of its only field; 0: it has none */
	uint64_t value;
	const char *text;
	bool failed;
};

#define B(s) s, sizeof(s) - 1

static const struct row rows[] = {
	{ B(""), .number = 0 },
	{ B("\x08\x00"), .number = 1, .value = 0 },
	{ B("\x08\x96\x01"), .number = 1, .value = 150 },
	{ B("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), .number = 2, .value = UINT64_MAX },
	{ B("\x19\x01\x02\x03\x04\x05\x06\x07\x08"), .number = 3, .value = 0x0807060504030201 },
	{ B("\x25\x01\x02\x03\x04"), .number = 4, .value = 0x04030201 },
	{ B("\x2a\x03"
	    "abc"),
	  .number = 5, .text = "abc" },
	{ B("\x2a\x00"), .number = 5, .text = "" },
	{ B("\xfa\xff\xff\xff\x0f\x01z"), .number = (1U << 29) - 1, .text = "z" },
	/* cut off: in the key, the number, the length, the text */
	{ B("\x80"), .failed = true },
	{ B("\x08"), .failed = true },
	{ B("\x08\x96"), .failed = true },
	{ B("\x19\x01\x02\x03"), .failed = true },
	{ B("\x25\x01"), .failed = true },
	{ B("\x2a"), .failed = true },
	{ B("\x2a\x04xyz"), .failed = true },
	/* longer than any memory */
	{ B("\x2a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01z"), .failed = true },
	/* more than 64 bits; no end */
	{ B("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), .failed = true },
	{ B("\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"), .failed = true },
	/* number 0, one that is too large, groups, wire types that do not exist */
	{ B("\x00\x01"), .failed = true },
	{ B("\x88\x80\x80\x80\x10\x01"), .failed = true },
	{ B("\x0b\x0c"), .failed = true },
	{ B("\x0c"), .failed = true },
	{ B("\x0e\x01"), .failed = true },
	{ B("\x0f\x01"), .failed = true },
};

/* In memory of its own, so that a read behind the end is seen. */
static void *copy_of(const struct row *r)
{
	void *copy = malloc(r->size ? r->size : 1);

	cr_assert(copy);
	memcpy(copy, r->bytes, r->size);
	return copy;
}

Test(protobuf, each_field_alone)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		uint8_t *bytes = copy_of(r);
		struct protobuf p = { bytes, r->size, false };
		struct protobuf_field f;
		bool any = protobuf_next(&p, &f);

		cr_assert_eq(p.failed, r->failed, "row %zu", i);
		cr_assert_eq(any, r->number != 0, "row %zu", i);
		if (any) {
			cr_assert_eq(f.number, r->number, "row %zu", i);
			cr_assert_eq(f.value, r->value, "row %zu", i);
			cr_assert_eq(f.is_text, r->text != NULL, "row %zu", i);
			cr_assert(!r->text || (f.size == strlen(r->text) &&
					       !memcmp(f.data, r->text, f.size)),
				  "row %zu", i);
			cr_assert_not(protobuf_next(&p, &f), "row %zu: more", i);
		}
		free(bytes);
	}
}

Test(protobuf, a_failure_is_the_end)
{
	static const uint8_t bytes[] = "\x0c\x08\x01";
	struct protobuf p = { bytes, sizeof(bytes) - 1, false };
	struct protobuf_field f;

	cr_assert_not(protobuf_next(&p, &f));
	cr_assert_not(protobuf_next(&p, &f));
	cr_assert(p.failed);
}
