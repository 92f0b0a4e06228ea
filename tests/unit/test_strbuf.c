/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers, addresses and hostile text, in a buffer of any size. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

static char data[128];

static struct strbuf empty(void)
{
	struct strbuf b;

	strbuf_init(&b, data, sizeof(data));
	return b;
}

Test(strbuf, never_overflows)
{
	char small[8];
	struct strbuf b;

	strbuf_init(&b, small, sizeof(small));
	strbuf_puts(&b, "abcdefg");
	cr_expect_not(b.truncated);
	strbuf_putc(&b, 'h');
	cr_expect(b.truncated);
	cr_expect_str_eq(small, "abcdefg");
	strbuf_reset(&b);
	strbuf_printf(&b, "%s", "too long for it");
	cr_expect(b.truncated);
	cr_expect_str_eq(small, "");
	strbuf_reset(&b);
	strbuf_printf(&b, "%d", 1234567);
	cr_expect_not(b.truncated);
	cr_expect_str_eq(small, "1234567");
}

/* Exactly as large as it says: the sanitizer sees a byte behind it. */
Test(strbuf, every_writer_fits_or_leaves_out)
{
	const uint8_t v6[16] = { 0x20, 1, 0xd, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };

	for (size_t size = 1; size < 64; size++) {
		char *exact = malloc(size);
		struct strbuf b;

		strbuf_init(&b, exact, size);
		strbuf_u64(&b, UINT64_MAX);
		strbuf_addr(&b, 6, v6);
		strbuf_addr(&b, 4, v6);
		strbuf_hex(&b, UINT64_MAX);
		strbuf_printable(&b, "a\nb", 3);
		strbuf_printf(&b, "%d", 17);
		cr_expect_lt(b.len, size);
		cr_expect_eq(strlen(exact), b.len);
		free(exact);
	}
}

Test(strbuf, numbers_are_as_printf_has_them)
{
	static const uint64_t some[] = { 0,	     1,		 9,
					 10,	     99,	 100,
					 4294967295, 4294967296, 999999999999999,
					 1ULL << 63, UINT64_MAX };
	char want[160];

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		struct strbuf b = empty();

		strbuf_u64(&b, some[i]);
		strbuf_putc(&b, ' ');
		strbuf_u64_pad(&b, some[i], 9);
		strbuf_putc(&b, ' ');
		strbuf_hex(&b, some[i]);
		snprintf(want, sizeof(want), "%" PRIu64 " %09" PRIu64 " %" PRIx64, some[i], some[i],
			 some[i]);
		cr_expect_str_eq(data, want);
	}
}

Test(strbuf, ipv4_addresses)
{
	uint8_t addr[4];
	char want[INET_ADDRSTRLEN];

	for (int i = 0; i < 256; i++) {
		struct strbuf b = empty();

		memset(addr, i, 4);
		addr[1] = 255 - i;
		strbuf_addr(&b, 4, addr);
		cr_expect_str_eq(data, inet_ntop(AF_INET, addr, want, sizeof(want)));
	}
}

/* RFC 5952, section 4 and the examples of its errata. */
Test(strbuf, ipv6_addresses_as_recommended)
{
	static const char *const canonical[] = {
		"::",
		"::1",
		"1::",
		"fe80::1",
		"2001:db8::1",
		"2001:db8:0:1:1:1:1:1",
		"2001:db8::1:0:0:1",
		"2001:0:0:1::1",
		"::2:3:4:5:6:7",
		"1:2:3:4:5:6::",
		"1:2:3:4:5:6:7:0",
		"0:2:3:4:5:6:7:8",
		"ff02::1:ff00:42",
		"::ffff:192.0.2.1",
		"aaaa:bbbb:cccc:dddd:eeee:ffff:1:2",
	};
	uint8_t addr[16];

	for (size_t i = 0; i < sizeof(canonical) / sizeof(canonical[0]); i++) {
		struct strbuf b = empty();

		cr_assert_eq(inet_pton(AF_INET6, canonical[i], addr), 1);
		strbuf_addr(&b, 6, addr);
		cr_expect_str_eq(data, canonical[i]);
	}
}

Test(strbuf, ipv6_addresses_read_back)
{
	uint8_t addr[16], back[16];

	srand(3);
	for (int i = 0; i < 20000; i++) {
		struct strbuf b = empty();

		for (int j = 0; j < 16; j += 2) { /* zeros often, so that runs come about */
			addr[j] = rand() % 3 ? 0 : rand();
			addr[j + 1] = rand() % 2 ? 0 : rand();
		}
		strbuf_addr(&b, 6, addr);
		cr_assert_eq(inet_pton(AF_INET6, data, back), 1, "%s", data);
		cr_assert_arr_eq(addr, back, 16, "%s", data);
		cr_assert_null(strstr(data, ":::"), "%s", data);
	}
}

Test(strbuf, a_terminal_gets_no_escapes)
{
	struct strbuf b = empty();

	strbuf_printable(&b, "eth0\033[31m\x7f\xc3\xa9~", 13);
	cr_expect_str_eq(data, "eth0?[31m???~");
}
