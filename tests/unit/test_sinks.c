/* SPDX-License-Identifier: GPL-2.0-only */
/* Each sink against its golden file, its schema, a folded storm and a reader that goes away. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#include "build.h"
#include "kernel/ksyms.h"
#include "schema.h"
#include "cri/sandboxes.h"
#include "sink/sink.h"
#include "summary.h"

static char text[65536];

static struct sink open_sink(const char *name, int fd)
{
	struct sink s = { .ops = sink_find(name), .config = { .fd = fd, .host = build_host() } };

	setenv("TZ", "UTC", 1);
	tzset();
	cr_assert_not_null(s.ops);
	cr_assert_eq(s.ops->open(&s), 0);
	return s;
}

static int temp(void)
{
	FILE *f = tmpfile();

	cr_assert_not_null(f);
	return fileno(f);
}

static const char *written(int fd)
{
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	cr_assert(n >= 0);
	text[n] = 0;
	return text;
}

static const char *show_all(const char *name)
{
	int fd = temp();
	struct sink s = open_sink(name, fd);

	for (size_t i = 0; build_golden(i); i++)
		cr_assert_eq(s.ops->drop(&s, build_golden(i)), 0);
	cr_assert_eq(s.ops->tick(&s, 1), 0);
	s.ops->close(&s);
	return written(fd);
}

/* WHYDROP_GOLDEN=1 writes the file instead: look at the difference before you commit it. */
static void golden(const char *name, const char *file)
{
	static char want[65536];
	const char *got = show_all(name);
	FILE *f;

	if (getenv("WHYDROP_GOLDEN")) {
		f = fopen(file, "w");
		cr_assert_not_null(f);
		fputs(got, f);
		fclose(f);
		return;
	}
	f = fopen(file, "r");
	cr_assert_not_null(f, "%s", file);
	want[fread(want, 1, sizeof(want) - 1, f)] = 0;
	fclose(f);
	cr_expect_str_eq(got, want, "%s is not what the sink writes", file);
}

Test(sinks, text_is_as_it_was)
{
	golden("text", "tests/golden/text.txt");
}

Test(sinks, json_is_as_it_was)
{
	golden("json", "tests/golden/json.jsonl");
}

/* All but the section's block, which names the version. */
Test(sinks, pcapng_is_as_it_was)
{
	static char got[16384], want[16384];
	const char *file = "tests/golden/drops.pcapng";
	const struct summary none = { 0 };
	uint32_t section, want_section, size, want_size;
	int fd = temp();
	struct sink s = open_sink("pcapng", fd);
	FILE *f;

	for (size_t i = 0; build_golden(i); i++)
		cr_assert_eq(s.ops->drop(&s, build_golden(i)), 0);
	cr_assert_eq(sink_end(&s, &none), 0);
	s.ops->close(&s);
	size = pread(fd, got, sizeof(got), 0);
	if (getenv("WHYDROP_GOLDEN")) {
		f = fopen(file, "w");
		cr_assert_not_null(f);
		cr_assert_eq(fwrite(got, 1, size, f), size);
		fclose(f);
		return;
	}
	f = fopen(file, "r");
	cr_assert_not_null(f, "%s", file);
	want_size = fread(want, 1, sizeof(want), f);
	fclose(f);
	cr_expect_eq(memcmp(got, "\x0a\x0d\x0d\x0a", 4), 0);
	memcpy(&section, got + 4, sizeof(section));
	memcpy(&want_section, want + 4, sizeof(want_section));
	cr_assert(section < size && want_section < want_size);
	cr_assert_eq(size - section, want_size - want_section);
	cr_expect_arr_eq(got + section, want + want_section, size - section);
}

/* What tests/vm/verify.jq defines, with paths of a directory of its own. */
static const char check[] = "jq -es --slurpfile s schema.json -f schema.jq lines.json "
			    "> /dev/null 2> jq.err";

Test(sinks, json_keeps_its_schema)
{
	char dir[] = "/tmp/whydrop-schema-XXXXXX", command[512];
	const char *lines = show_all("json");
	FILE *f;

	cr_assert_not_null(mkdtemp(dir));
	snprintf(command, sizeof(command),
		 "(cat tests/vm/verify.jq; echo keeps_schema) > %s/schema.jq", dir);
	cr_assert_eq(system(command), 0);
	cr_assert_eq(chdir(dir), 0);
	f = fopen("lines.json", "w");
	fputs(lines, f);
	fclose(f);
	f = fopen("schema.json", "w");
	schema_print(f);
	fclose(f);
	cr_expect_eq(system(check), 0);
	/* and the check itself can fail */
	f = fopen("lines.json", "w");
	fputs("{\"v\": 1}\n", f);
	fclose(f);
	cr_expect_neq(system(check), 0);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	cr_expect_eq(system(command), 0);
}

static struct sink folding(int fd)
{
	struct sink s = open_sink("text", fd);

	s.config.fold = true;
	return s;
}

static int lines(const char *t)
{
	int n = 0;

	for (; *t; t++)
		n += *t == '\n';
	return n;
}

Test(sinks, a_storm_folds)
{
	int fd = temp();
	struct sink s = folding(fd);

	s.ops->tick(&s, 1000000000);
	for (int i = 0; i < 4815; i++)
		s.ops->drop(&s, build_golden(0));
	s.ops->drop(&s, build_golden(1));
	s.ops->tick(&s, 1500000000);
	cr_expect_eq(lines(written(fd)), 4, "three of one kind, one of another");
	s.ops->tick(&s, 2000000001);
	cr_expect_not_null(strstr(written(fd), "… and 4 812 more like this in 1 s: no-listener "
					       "shop/db-0/app\n"));
	s.ops->drop(&s, build_golden(0));
	s.ops->tick(&s, 2100000000);
	cr_expect_eq(lines(written(fd)), 6, "a new second, a new line");
	s.ops->close(&s);
}

Test(sinks, what_was_folded_is_told_at_the_end)
{
	int fd = temp();
	struct sink s = folding(fd);

	s.ops->tick(&s, 1000000000);
	for (int i = 0; i < 5; i++)
		s.ops->drop(&s, build_golden(0));
	s.ops->close(&s);
	cr_expect_not_null(strstr(written(fd), "and 2 more"));
}

Test(sinks, json_never_folds)
{
	int fd = temp();
	struct sink s = open_sink("json", fd);

	s.config.fold = true;
	for (int i = 0; i < 20; i++)
		s.ops->drop(&s, build_golden(0));
	s.ops->close(&s);
	cr_expect_eq(lines(written(fd)), 20);
}

static int until_error(struct sink *s)
{
	int err = 0;

	for (int i = 0; i < 1000 && !err; i++) {
		err = s->ops->drop(s, build_golden(i % 6));
		if (!err)
			err = s->ops->tick(s, i + 1);
	}
	return err;
}

Test(sinks, a_reader_that_goes_away_and_a_full_disk)
{
	static const char *const names[] = { "text", "json" };
	struct sink s;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < 2; i++) {
		cr_assert_eq(pipe(ends), 0);
		close(ends[0]);
		s = open_sink(names[i], ends[1]);
		cr_expect_eq(until_error(&s), -EPIPE);
		s.ops->close(&s);
		close(ends[1]);
		s = open_sink(names[i], open("/dev/full", O_WRONLY));
		cr_expect_eq(until_error(&s), -ENOSPC);
		s.ops->close(&s);
	}
}

/* A pipe that takes nothing for a while, and a reader that reads in its own time. */
Test(sinks, a_slow_reader_gets_every_line)
{
	int ends[2], status, n = 0;
	struct sink s;
	char block[4096];
	ssize_t got;
	pid_t child;

	cr_assert_eq(pipe(ends), 0);
	child = fork();
	cr_assert(child >= 0);
	if (!child) {
		close(ends[0]);
		fcntl(ends[1], F_SETFL, O_NONBLOCK);
		s = open_sink("json", ends[1]);
		for (int i = 0; i < 2000; i++)
			if (s.ops->drop(&s, build_golden(0)) || s.ops->tick(&s, i + 1))
				_exit(1);
		s.ops->close(&s);
		_exit(0);
	}
	close(ends[1]);
	usleep(20000);
	while ((got = read(ends[0], block, sizeof(block))) > 0)
		for (ssize_t i = 0; i < got; i++)
			n += block[i] == '\n';
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect(WIFEXITED(status) && !WEXITSTATUS(status));
	cr_expect_eq(n, 2000);
}

Test(sinks, color_only_where_it_is_welcome)
{
	int fd = temp();
	struct sink s = open_sink("text", fd);

	s.ops->drop(&s, build_golden(0));
	s.ops->tick(&s, 1);
	cr_expect_null(strchr(written(fd), '\033'));
	s.config.color = true;
	s.ops->drop(&s, build_golden(0));
	s.ops->close(&s);
	cr_expect_not_null(strstr(written(fd), "\033[31mno-listener             \033[0mshop/db-0"));
}

Test(sinks, numbers_instead_of_names)
{
	struct drop d = *build_golden(0);
	struct verdict v = *d.verdict;
	struct host host = *build_host();
	int fd = temp();
	struct sink s = open_sink("text", fd);

	host.numeric = true;
	s.config.host = &host;
	v.victim.netns = 4026532000;
	d.verdict = &v;
	s.ops->drop(&s, &d);
	s.ops->close(&s);
	cr_expect_null(strstr(written(fd), "shop"));
	cr_expect_not_null(strstr(written(fd), " netns:4026532000 "));
}

/* The pods may be found later than the first loss. */
Test(sinks, json_renders_anew_when_the_owner_is_found)
{
	struct drop d = *build_golden(4);
	struct verdict v = *d.verdict;
	int fd = temp();
	struct sink s = open_sink("json", fd);

	d.verdict = &v;
	s.ops->drop(&s, &d);
	v.victim = (struct owner){ .ns = "shop", .pod = "late-0", .how = HOW_NETNS };
	v.generation++;
	s.ops->drop(&s, &d);
	s.ops->close(&s);
	cr_expect_eq(lines(written(fd)), 2);
	cr_expect_null(strstr(strchr(text, '\n'), "\"pod\":null"));
	cr_expect_not_null(strstr(strchr(text, '\n'), "\"pod\":\"late-0\""));
}

Test(sinks, json_has_labels_where_there_are_some)
{
	struct drop d = *build_golden(0);
	struct verdict v = *d.verdict;
	int fd = temp();
	struct sink s = open_sink("json", fd);

	d.verdict = &v;
	s.ops->drop(&s, &d);
	v.victim.labels = "";
	v.generation++;
	s.ops->drop(&s, &d);
	v.victim.labels = "app=web\nempty=\nexample.com/tier=front\n";
	v.generation++;
	s.ops->drop(&s, &d);
	s.ops->close(&s);
	cr_expect_eq(lines(written(fd)), 3);
	cr_expect_null(strstr(text, "labels") < strchr(text, '\n') ? strstr(text, "labels") : NULL);
	cr_expect_not_null(strstr(text, ",\"labels\":{},\"container\""));
	cr_expect_not_null(strstr(text, ",\"labels\":{\"app\":\"web\",\"empty\":\"\","
					"\"example.com/tier\":\"front\"},\"container\""));
}

/* What is kept of verdicts has room for so many: two that share a place do not share their texts. */
Test(sinks, json_tells_many_verdicts_apart)
{
	struct drop d = *build_golden(0), e = d;
	struct verdict v = *d.verdict, w = v;
	int fd = temp();
	struct sink s = open_sink("json", fd);
	int found = 0;

	w.victim.pod = "another-0";
	e.verdict = &w;
	for (w.id = 1; w.id <= 5000; w.id++) {
		s.ops->drop(&s, &d);
		s.ops->drop(&s, &e);
		s.ops->tick(&s, 1);
		written(fd);
		found += strstr(text, "\"pod\":\"db-0\"") &&
			 strstr(strchr(text, '\n'), "\"pod\":\"another-0\"");
		cr_assert_eq(ftruncate(fd, 0), 0);
		lseek(fd, 0, SEEK_SET);
	}
	cr_expect_eq(found, 5000);
	s.ops->close(&s);
}

static char longest[256];
static char most_labels[CRI_LABELS]; /* that take most room in JSON */

static struct owner longest_owner(void)
{
	memset(longest, '\x01', sizeof(longest) - 1);
	for (size_t i = 0; i + 3 < sizeof(most_labels); i += 3)
		memcpy(most_labels + i, "k=\n", 4);
	return (struct owner){ .ns = longest,
			       .labels = most_labels,
			       .pod = longest,
			       .uid = longest,
			       .container = longest,
			       .container_id = longest,
			       .unit = longest,
			       .netns_name = longest };
}

/* Names as long as the file system allows, every byte of them to be escaped. */
Test(sinks, no_name_is_too_long_for_a_line)
{
	struct drop d = *build_golden(2);
	struct verdict v = *d.verdict;
	int fd = temp();
	struct sink s = open_sink("json", fd);
	struct json_object *o;

	v.victim = d.peer = longest_owner();
	d.peer.how = HOW_VETH;
	d.verdict = &v;
	cr_assert_eq(s.ops->drop(&s, &d), 0);
	cr_assert_eq(s.ops->tick(&s, 1), 0);
	o = json_tokener_parse(written(fd));
	cr_expect_not_null(o);
	json_object_put(o);
	/* wherever in the buffer it begins */
	for (int i = 0; i < 4000; i++)
		cr_assert_eq(s.ops->drop(&s, i % (3 + i / 400) ? build_golden(0) : &d), 0, "%d", i);
	s.ops->close(&s);
}

static struct ksyms *symbols(void)
{
	char path[] = "/tmp/whydrop-stack-XXXXXX";
	const char *list = "ffffffff81000000 T first\n"
			   "ffffffff81000100 T second.isra.0\n"
			   "ffffffffc0000000 t third\t[some_module]\n"
			   "ffffffffc0000200 t last\t[some_module]\n";
	struct ksyms *k = NULL;
	int fd = mkstemp(path);

	cr_assert_eq(write(fd, list, strlen(list)), (ssize_t)strlen(list));
	close(fd);
	cr_assert_eq(ksyms_new(&k, path, "/nonexistent"), 0);
	unlink(path);
	return k;
}

/* A call that is the last of its function returns to the next one: the frame is the caller's. */
static const char *show_stack(const char *name)
{
	static const uint64_t frames[] = { 0xffffffff81000100, 0xffffffffc0000010, 0x10 };
	struct event *ev = calloc(1, sizeof(*ev) + sizeof(frames));
	struct drop d = *build_golden(0);
	struct host host = *build_host();
	struct ksyms *k = symbols();
	int fd = temp();
	struct sink s = open_sink(name, fd);

	*ev = *d.ev;
	ev->stack_size = 3;
	memcpy(ev->stack, frames, sizeof(frames));
	d.ev = ev;
	host.ksyms = k;
	s.config.host = &host;
	s.config.stack = true;
	cr_assert_eq(s.ops->drop(&s, &d), 0);
	s.ops->close(&s);
	ksyms_free(k);
	free(ev);
	return written(fd);
}

Test(sinks, stacks)
{
	cr_expect_not_null(strstr(show_stack("text"), " eth0 at 0x0 reason NO_SOCKET\n"
						      "    first+0x100/0x100\n"
						      "    third+0x10/0x200 [some_module]\n"
						      "    0x10\n"),
			   "%s", text);
	cr_expect_not_null(strstr(show_stack("json"), ",\"stack\":[\"first+0x100/0x100\","
						      "\"third+0x10/0x200 some_module\","
						      "\"0x10\"]}\n"),
			   "%s", text);
}

Test(sinks, there_is_no_other)
{
	cr_expect_null(sink_find("xml"));
	for (size_t i = 0; sinks[i]; i++)
		cr_expect(sinks[i]->name && sinks[i]->help);
}
