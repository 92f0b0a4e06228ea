/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines on their way out of the agent: rotation, a full disk, slow readers and those that are gone. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/outlet.h"
#include "agent/recent.h"

#define SECOND 1000000000ULL

static char dir[] = "/tmp/whydrop-outlet-XXXXXX";
static char name[128];

static void setup(void)
{
	signal(SIGPIPE, SIG_IGN); /* as main() does */
	cr_assert_not_null(mkdtemp(dir));
	snprintf(name, sizeof(name), "%s/events", dir);
}

static void teardown(void)
{
	char path[160];

	for (int i = 0; i < 6; i++) {
		snprintf(path, sizeof(path), i ? "%s.%d" : "%s", name, i);
		unlink(path);
	}
	rmdir(dir);
}

TestSuite(agent_outlet, .init = setup, .fini = teardown);

static struct outlet *open_outlet(const char *target, uint64_t size, uint64_t age_ns)
{
	const struct outlet_config config = { target, size, age_ns, 2 };
	struct outlet *o;

	cr_assert_eq(outlet_new(&o, &config, 0), 0);
	return o;
}

static void expect_file(int number, const char *want)
{
	char path[160], text[256] = "";
	FILE *f;

	snprintf(path, sizeof(path), number ? "%s.%d" : "%s", name, number);
	f = fopen(path, "r");
	if (f) {
		cr_assert(fread(text, 1, sizeof(text) - 1, f) < sizeof(text));
		fclose(f);
	}
	cr_expect_eq(!f, !want, "%s", path);
	cr_expect_str_eq(text, want ? want : "", "%s", path);
}

Test(agent_outlet, a_file_is_rotated_by_size)
{
	struct outlet *o = open_outlet(name, 10, 0);

	outlet_write(o, "aaa\nbbb\n", 8, 0);
	outlet_write(o, "c\n", 2, 0);
	expect_file(0, "aaa\nbbb\nc\n");
	outlet_write(o, "dddd\n", 5, 0);
	outlet_write(o, "eeeeee\n", 7, 0);
	outlet_write(o, "this is longer than a file may be\n", 34, 0);
	expect_file(0, "this is longer than a file may be\n");
	expect_file(1, "eeeeee\n");
	expect_file(2, "dddd\n");
	expect_file(3, NULL);
	cr_expect_eq(outlet_written(o), 6);
	cr_expect_eq(outlet_lost(o), 0);
	outlet_free(o);
}

Test(agent_outlet, a_file_is_rotated_by_age)
{
	struct outlet *o = open_outlet(name, 1000, 60 * SECOND);

	outlet_tick(o, 100 * SECOND);
	expect_file(1, NULL); /* an empty one is not */
	outlet_write(o, "a\n", 2, 101 * SECOND);
	outlet_tick(o, 110 * SECOND);
	expect_file(0, "");
	expect_file(1, "a\n");
	outlet_free(o);
}

Test(agent_outlet, a_file_that_was_there_goes_on)
{
	struct outlet *o = open_outlet(name, 10, 0);

	outlet_write(o, "1234567\n", 8, 0);
	outlet_free(o);
	o = open_outlet(name, 10, 0);
	outlet_write(o, "8\n", 2, 0);
	expect_file(0, "1234567\n8\n");
	outlet_write(o, "9\n", 2, 0);
	expect_file(0, "9\n");
	outlet_free(o);
}

Test(agent_outlet, a_file_is_opened_again_by_its_name)
{
	struct outlet *o = open_outlet(name, 1000, 0);
	char moved[160];

	snprintf(moved, sizeof(moved), "%s.1", name);
	outlet_write(o, "a\n", 2, 0);
	cr_assert_eq(rename(name, moved), 0);
	outlet_reopen(o, 0);
	outlet_write(o, "b\n", 2, 0);
	expect_file(0, "b\n");
	expect_file(1, "a\n");
	outlet_free(o);
}

Test(agent_outlet, a_full_disk_is_counted)
{
	struct outlet *o = open_outlet("/dev/full", 1000, 0);

	outlet_write(o, "a\nb\n", 4, 0);
	cr_expect_eq(outlet_lost(o), 2);
	cr_expect_eq(outlet_written(o), 0);
	outlet_free(o);
}

static int listen_at_name(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%.100s", name);
	cr_assert_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	cr_assert_eq(listen(fd, 1), 0);
	return fd;
}

Test(agent_outlet, a_socket_may_come_and_go)
{
	char target[160], data[16] = "";
	int listener, reader;
	struct outlet *o;

	snprintf(target, sizeof(target), "unix:%s", name);
	o = open_outlet(target, 1000, 0);
	outlet_write(o, "early\n", 6, 0);
	cr_expect_eq(outlet_lost(o), 1);
	listener = listen_at_name();
	outlet_tick(o, 5 * SECOND);
	reader = accept(listener, NULL, NULL);
	outlet_write(o, "there\n", 6, 6 * SECOND);
	cr_expect_eq(read(reader, data, sizeof(data)), 6);
	cr_expect_str_eq(data, "there\n");
	close(reader);
	outlet_write(o, "gone\n", 5, 7 * SECOND);
	cr_expect_eq(outlet_lost(o), 2);
	outlet_tick(o, 9 * SECOND);
	outlet_write(o, "again\n", 6, 9 * SECOND);
	cr_expect_eq(outlet_written(o), 2);
	close(listener);
	outlet_free(o);
}

/* A reader that stops gets whole lines only, and each is either read or counted as lost. */
Test(agent_outlet, a_slow_reader_gets_whole_lines)
{
	static char line[3000], got[1 << 20];
	uint64_t wrote = 0, whole = 0;
	char target[160];
	int listener, reader;
	struct outlet *o;
	size_t size = 0;
	ssize_t n;

	listener = listen_at_name();
	snprintf(target, sizeof(target), "unix:%s", name);
	o = open_outlet(target, 1000, 0);
	reader = accept(listener, NULL, NULL);
	fcntl(reader, F_SETFL, O_NONBLOCK);
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	for (; wrote < 300 && outlet_lost(o) < 20; wrote++)
		outlet_write(o, line, sizeof(line), 0);
	cr_expect_geq(outlet_lost(o), 20);
	for (int i = 0; i < 100; i++) {
		while ((n = read(reader, got + size, sizeof(got) - size)) > 0)
			size += n;
		outlet_tick(o, 0);
	}
	for (size_t i = 0; i < size; i++)
		whole += got[i] == '\n' && (i + 1) % sizeof(line) == 0;
	cr_expect_eq(size % sizeof(line), 0);
	cr_expect_eq(whole, outlet_written(o));
	cr_expect_eq(outlet_written(o) + outlet_lost(o), wrote);
	close(reader);
	close(listener);
	outlet_free(o);
}

/* In the place of systemd's. */
static int journal_at_name(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%.100s", name);
	cr_assert_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

Test(agent_outlet, the_journal_gets_entries_whole)
{
	static const char entry[] = "MESSAGE=one\nPRIORITY=4\n";
	char target[160], data[64] = "";
	uint64_t wrote = 1;
	struct outlet *o;
	int journal;

	snprintf(target, sizeof(target), "journald:%s", name);
	cr_expect(outlet_is_journal(target) && outlet_is_journal("journald"));
	cr_expect(!outlet_is_journal("journald.log") && !outlet_is_journal("unix:journald"));
	o = open_outlet(target, 1000, 0);
	outlet_write(o, entry, sizeof(entry) - 1, 0); /* nobody is there yet */
	cr_expect_eq(outlet_lost(o), 1);
	journal = journal_at_name();
	outlet_tick(o, 5 * SECOND);
	for (; wrote < 10000 && outlet_lost(o) < 5; wrote++) /* and one that does not keep up */
		outlet_write(o, entry, sizeof(entry) - 1, 5 * SECOND);
	cr_expect_eq(outlet_lost(o), 5);
	cr_expect_eq(outlet_written(o) + outlet_lost(o), wrote);
	for (uint64_t i = 0; i < outlet_written(o); i++)
		cr_assert_eq(read(journal, data, sizeof(data)), sizeof(entry) - 1);
	cr_expect_eq(memcmp(data, entry, sizeof(entry) - 1), 0);
	cr_expect_eq(read(journal, data, sizeof(data)), -1);
	close(journal);
	outlet_write(o, entry, sizeof(entry) - 1, 6 * SECOND);
	cr_expect_eq(outlet_lost(o), 6);
	outlet_free(o);
}

Test(agent_recent, the_last_lines_are_kept)
{
	struct recent *r;
	size_t size;
	char *text;

	cr_assert_eq(recent_new(&r, 3), 0);
	text = recent_text(r, &size);
	cr_expect_eq(size, 0);
	free(text);
	recent_add(r, "a\nb\n", 4);
	recent_add(r, "c\nd\n", 4);
	text = recent_text(r, &size);
	cr_expect_eq(size, 6);
	cr_expect_eq(memcmp(text, "b\nc\nd\n", 6), 0);
	free(text);
	recent_free(r);
}
