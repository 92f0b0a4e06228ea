/* SPDX-License-Identifier: GPL-2.0-only */
/* How lines come to a file, and to who reads as they come. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/out.h"
#include "sink/sink.h"

static struct out out;
static char got[3 * OUT_BLOCK];

static const char line[] = "a line of no round length\n";

/* Until the buffer was written once more. Returns how much that was. */
static size_t fill(int fd)
{
	struct stat before, after;
	size_t size = strlen(line);

	cr_assert_eq(fstat(fd, &before), 0);
	do {
		cr_assert_eq(out_reserve(&out), 0);
		strbuf_add(&out.buf, line, size);
		cr_assert_eq(fstat(fd, &after), 0);
	} while (after.st_size == before.st_size);
	return after.st_size - before.st_size;
}

Test(out, a_file_gets_blocks_and_then_the_rest)
{
	FILE *f = tmpfile();
	int fd = fileno(f);
	size_t size, count = strlen(line);

	/* somebody has written before */
	cr_assert_eq(write(fd, line, count), (ssize_t)count);
	out_init(&out, &(struct sink_config){ .fd = fd });
	cr_expect_eq(fill(fd), OUT_BLOCK - count);
	cr_expect_eq(fill(fd), OUT_BLOCK);
	cr_assert_eq(out_flush(&out), 0);
	cr_expect_eq(out.buf.len, 0);
	size = pread(fd, got, sizeof(got), 0);
	cr_expect_eq(size % count, 0);
	cr_expect_gt(size, 2 * OUT_BLOCK);
	for (size_t i = 0; i < size; i += count)
		cr_assert_eq(memcmp(got + i, line, count), 0, "at %zu", i);
	fclose(f);
}

static size_t taken;

static int take(void *arg, const char *data, size_t size)
{
	(void)arg;
	cr_expect_eq(data[size - 1], '\n');
	taken += size;
	return 0;
}

Test(out, others_get_whole_lines)
{
	size_t added = 0;

	out_init(&out, &(struct sink_config){ .write = take });
	while (added < 2 * OUT_BLOCK) {
		cr_assert_eq(out_reserve(&out), 0);
		strbuf_puts(&out.buf, line);
		added += strlen(line);
	}
	cr_expect_gt(taken, OUT_BLOCK);
	cr_assert_eq(out_flush(&out), 0);
	cr_expect_eq(taken, added);
}
