/* SPDX-License-Identifier: GPL-2.0-only */
/* Recordings: replayed they show what was shown live, cut off or damaged they say where, redacted they tell nobody. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "build.h"
#include "environment.h"
#include "extra.h"
#include "kernel/ksyms.h"
#include "kernel/reasons.h"
#include "pipeline.h"
#include "pods_build.h"
#include "redact.h"
#include "rules/rules.h"
#include "sink/sinks.h"
#include "source/recording.h"
#include "source/replay.h"
#include "summary.h"

#define PLACE 0xffffffff81000120
#define HOOK  0xffffffff81002000

static struct host host;
static struct reasons *reasons;
static struct ksyms *ksyms;
static struct environment environment;
static const char *path;
static char *made;

static void symbol(uint64_t addr, const char *name, const char *module, uint64_t start)
{
	const struct ksym sym = { name, module, start, 0x400 };

	cr_assert_eq(ksyms_tell(ksyms, addr, &sym), 0);
}

static void setup(void)
{
	static char name[64];
	struct pod *db;
	int fd;

	host = *build_host();
	cr_assert_eq(pods_new(&host.pods), 0);
	db = add_pod(host.pods, UID_A, "shop", "db-0", 4026532000, 7);
	cr_assert_eq(pods_set_labels(host.pods, db, "app=label-secret\ntier=back\n"), 0);
	add_container(host.pods, 77, UID_A, ID_A, "postgres");
	set_addr(host.pods, db, addr4(10, 2, 0, 2), 1);
	cr_assert_eq(pods_set_netns_name(host.pods, 4026532111, 0, "blue-secret"), 0);
	cr_assert_eq(reasons_new(&reasons, NULL), 0);
	cr_assert_eq(reasons_tell(reasons, 3, "SKB_DROP_REASON_NO_SOCKET"), 0);
	host.reasons = reasons;
	cr_assert_eq(ksyms_told(&ksyms), 0);
	symbol(PLACE - 1, "__udp4_lib_rcv", "", PLACE - 0x20);
	symbol(PLACE + 0x1000 - 1, "ip_rcv.isra.0", "some_module", PLACE + 0x1000 - 8);
	symbol(HOOK, "nft_do_chain_ipv4", "nf_tables", HOOK);
	host.ksyms = ksyms;
	cr_assert_eq(environment_add(&environment, "uname", "Linux 6.1.0\n", 64), 0);
	snprintf(name, sizeof(name), "/tmp/whydrop-unit-XXXXXX");
	fd = mkstemp(name);
	cr_assert(fd >= 0);
	close(fd);
	path = name;
	setenv("TZ", "UTC", 1);
}

static void teardown(void)
{
	unlink(path);
	pods_free(host.pods);
	reasons_free(reasons);
	ksyms_free(ksyms);
	environment_free(&environment);
	free(made);
	made = NULL;
}

TestSuite(recording, .init = setup, .fini = teardown);

/* Room for an event's stack. */
union record {
	struct event ev;
	uint8_t bytes[sizeof(struct event) + EVENT_STACK * 8];
};

static void base(union record *r, uint32_t note, enum detail_kind kind)
{
	struct bytes b = { .size = 0 };

	memset(r, 0, sizeof(*r));
	build_ipv4(&b, 17, "10.1.0.7", "10.2.0.2");
	build_udp(&b, 40000, 53);
	build_raw(&b, "secret-payload", 14);
	r->ev = build_event(&b, 0x0800);
	r->ev.key.sk_netns = r->ev.key.netns;
	r->ev.key.netns_cookie = 7;
	r->ev.key.note = note;
	r->ev.detail_kind = kind;
}

/* One of each kind whose evidence asks for something outside of the record. */
static void make_event(union record *r, int i)
{
	struct event *ev = &r->ev;

	base(r, 0, DETAIL_NONE);
	switch (i) {
	case 0:
		ev->key.reason = 3;
		ev->key.location = PLACE;
		ev->size = sizeof(*r);
		ev->stack_size = 3;
		ev->stack[0] = PLACE;
		ev->stack[1] = PLACE + 0x1000;
		ev->stack[2] = 0x1234; /* no symbol */
		break;
	case 1:
		base(r, NOTE(NOTE_IPVS_GONE, 0), DETAIL_IPVS);
		ev->detail.ipvs.family = ev->detail.ipvs.real_family = 4;
		memcpy(ev->detail.ipvs.real_addr, "\x0a\x02\x00\x02", 4);
		memcpy(ev->detail.ipvs.virtual_addr, "\x0a\x60\x00\x01", 4);
		break;
	case 2:
		base(r, NOTE(NOTE_PORT_HELD, 0), DETAIL_PORTS);
		ev->key.kind = EV_CALL;
		ev->pid = 4242;
		memcpy(ev->comm, "client", 6);
		ev->detail.ports = (struct detail_ports){
			.holder_cgroup = 77, .holder_state = 1, .holder_family = 4, .port = 5432
		};
		break;
	case 3:
		base(r, NOTE(NOTE_CT_INSERT, 0), DETAIL_CLASH);
		ev->detail.clash.family = 4;
		memcpy(ev->detail.clash.loser[0].src, "\x0a\x02\x00\x02", 4);
		memcpy(ev->detail.clash.winner[0].src, "\x0a\x09\x09\x09", 4);
		break;
	case 4:
		base(r, 0, DETAIL_MTU);
		ev->key.facts = FACT_OVER_PEER_MTU;
		ev->key.netns = 4026532111;
		ev->key.sk_netns = 0;
		ev->key.netns_cookie = 0;
		ev->detail.mtu = (struct detail_mtu){ .size = 1500, .out_netns = 4026532111 };
		break;
	case 5:
		base(r, NOTE(NOTE_NF_HOOK, NF_HOOK_ENGINES_WATCHED), DETAIL_NF_HOOK);
		ev->detail.nf_hook = (struct detail_nf_hook){
			.netns = 1, .pf = 2, .hook = 1, .count = 1, .function = { HOOK }
		};
		break;
	case 6:
		base(r, NOTE(NOTE_NF_RULE, 0), DETAIL_NF_RULE);
		ev->detail.nf_rule = (struct detail_nf_rule){ .rule = 5,
							      .netns = 1,
							      .backend = NF_BACKEND_LEGACY,
							      .family = 2,
							      .pf = 2,
							      .hook = 1,
							      .verdict = NF_BY_RULE };
		break;
	case 7:
		base(r, NOTE(NOTE_IPVS_NO_DEST, 0), DETAIL_IPVS);
		for (int s = 0; s < IPVS_SERVERS; s++) {
			ev->detail.ipvs.servers[s].family = 4;
			memcpy(ev->detail.ipvs.servers[s].addr, "\x0a\x09\x09\x09", 4);
		}
		break;
	}
}

#define EVENTS 8

static const struct rule_info rule = { .chain = "KUBE-FW",
				       .number = 3,
				       .text = "-s 10.1.0.7 -j DROP",
				       .comment = "of db-0",
				       .named = "shop/db-0" };

static const struct extra extra = {
	.values = { { "sk_buff.len", 1234, EXTRA_DECIMAL },
		    { "sk_buff.protocol", 0x800, EXTRA_NETWORK },
		    { "sock.sk_err", -111, EXTRA_SIGNED } },
	.value_count = 3,
	.frames = { "libc.so.6+0x10e0b3", "client+0x11f0" },
	.frame_count = 2,
	.snap = (const uint8_t *)"E-and-some-bytes-of-a-longer-packet",
	.snap_size = 35,
};

static void feed_all(struct pipeline *p, int times)
{
	const struct owner *victim;
	struct owner nobody = { 0 };
	union record r;

	for (int i = 0; i < EVENTS * times; i++) {
		make_event(&r, i % EVENTS);
		r.ev.time_ns += i * 1000;
		if (i % EVENTS != 6) {
			cr_assert_eq(pipeline_feed(p, &r, sizeof(r)), 0);
			continue;
		}
		/* a rule cannot be fetched here: the event comes as out of a recording */
		victim = &nobody;
		cr_assert_eq(
			pipeline_feed_told(p, &r, sizeof(r),
					   &(struct told){ .victim = victim,
							   .peer = &nobody,
							   .rule = &rule,
							   .extra = &extra,
							   .time_real_ns = 1700000000000000000 }),
			0);
	}
}

/* What the file holds; valid until the next call. */
static const char *slurp(const char *file, size_t *size)
{
	FILE *f = fopen(file, "r");
	long end;

	cr_assert_not_null(f);
	fseek(f, 0, SEEK_END);
	end = ftell(f);
	rewind(f);
	free(made);
	made = calloc(1, end + 1);
	cr_assert_eq(fread(made, 1, end, f), (size_t)end);
	fclose(f);
	*size = end;
	return made;
}

static struct sink file_sink(const struct sink_ops *ops, FILE *f)
{
	return (struct sink){ .ops = ops, .config = { .fd = fileno(f), .stack = true } };
}

/* Record all events `times` times; returns what JSON said of them at once. The caller frees it. */
static char *record(int times, struct redact *redact)
{
	FILE *json = tmpfile(), *wd = fopen(path, "w");
	struct sink parts[2] = { file_sink(&sink_json, json), file_sink(&sink_record, wd) };
	struct sink tee = { .ops = &sink_tee,
			    .config = { .host = &host, .parts = parts, .part_count = 2 } };
	struct pipeline p = { .host = &host, .sink = &tee, .wanted = { .normal = true } };
	struct summary s = { .account = { .seen = 7, .shown = 7 } };
	char *text;
	size_t size;

	parts[1].config.environment = &environment;
	parts[1].config.redact = redact;
	cr_assert_eq(verdicts_new(&p.verdicts, &host, NULL), 0);
	cr_assert_eq(tee.ops->open(&tee), 0);
	feed_all(&p, times);
	s.rows = calloc(1, sizeof(*s.rows));
	s.count = 1;
	union record r;
	make_event(&r, 0);
	s.rows[0].verdict = verdicts_get(p.verdicts, &r.ev.key);
	s.rows[0].count.packets = 1234;
	cr_assert_eq(sink_end(&tee, &s), 0);
	tee.ops->close(&tee);
	free(s.rows);
	verdicts_free(p.verdicts);
	fclose(wd);
	size = lseek(fileno(json), 0, SEEK_END);
	text = calloc(1, size + 1);
	cr_assert_eq(pread(fileno(json), text, size, 0), (ssize_t)size);
	fclose(json);
	return text;
}

struct replayed {
	char *text; /* the caller's to free */
	uint64_t shown;
	int err;
	bool whole;
	char summary[4096];
};

static void replay_into(struct replayed *out, const char *sink_name)
{
	FILE *f = tmpfile(), *to;
	struct sink s = file_sink(sink_find(sink_name), f);
	struct pipeline p = { .sink = &s, .wanted = { .normal = true } };
	struct summary sum = { 0 };
	struct replay *r = NULL;
	size_t size;

	*out = (struct replayed){ .text = NULL };
	out->err = replay_open(&r, path);
	if (!out->err) {
		p.host = s.config.host = replay_host(r);
		s.config.environment = replay_environment(r);
		cr_assert_eq(verdicts_new(&p.verdicts, p.host, NULL), 0);
		cr_assert_eq(s.ops->open(&s), 0);
		out->err = replay_run(r, &p);
		out->whole = replay_is_whole(r);
		cr_assert_eq(replay_summary(r, &p, &sum), 0);
		cr_assert_eq(sink_end(&s, &sum), 0);
		to = fmemopen(out->summary, sizeof(out->summary), "w");
		summary_print(to, &sum, p.host);
		fclose(to);
		s.ops->close(&s);
		free(sum.rows);
		verdicts_free(p.verdicts);
	}
	out->shown = p.fates[FATE_SHOWN];
	replay_close(r);
	size = lseek(fileno(f), 0, SEEK_END);
	out->text = calloc(1, size + 1);
	cr_assert_eq(pread(fileno(f), out->text, size, 0), (ssize_t)size);
	fclose(f);
}

Test(recording, replay_shows_what_was_shown_live)
{
	char *live = record(3, NULL);
	struct replayed r;

	replay_into(&r, "json");
	cr_expect_eq(r.err, 0);
	cr_expect(r.whole);
	cr_expect_eq(r.shown, EVENTS * 3);
	cr_expect_str_eq(r.text, live);
	/* or the comparison says little */
	cr_expect_not_null(strstr(live, "\"pod\":\"db-0\""));
	cr_expect_not_null(strstr(live, "\"labels\":{\"app\":\"label-secret\",\"tier\":\"back\"}"));
	cr_expect_not_null(strstr(live, "(shop/db-0)"), "no pod of a real server");
	cr_expect_not_null(strstr(live, "shop/db-0/postgres"), "no pod of a port's holder");
	cr_expect_not_null(strstr(live, "blue-secret"), "no namespace");
	cr_expect_not_null(strstr(live, "nft_do_chain_ipv4[nf_tables]"), "no hook");
	cr_expect_not_null(strstr(live, "-s 10.1.0.7 -j DROP"), "no rule");
	cr_expect_not_null(strstr(live, "ip_rcv.isra.0+0x8/0x400 some_module"), "no stack");
	cr_expect_not_null(strstr(live, "\"user_stack\":[\"libc.so.6+0x10e0b3\",\"client+0x11f0\"],"
					"\"structures\":{\"sk_buff\":{\"len\":1234,\"protocol\":"
					"\"0x800\"},\"sock\":{\"sk_err\":-111}}}\n"),
			   "nothing beyond the usual");
	cr_expect_not_null(strstr(r.summary, "      1234"), "%s", r.summary);
	cr_expect_not_null(strstr(r.summary, "         7 events were seen"), "%s", r.summary);
	free(live);
	free(r.text);
}

static void overwrite(const char *data, size_t size)
{
	FILE *f = fopen(path, "w");

	cr_assert_not_null(f);
	cr_assert_eq(fwrite(data, 1, size, f), size);
	fclose(f);
}

/* The messages of all these would be a page. */
static void be_quiet(void)
{
	cr_assert_not_null(freopen("/dev/null", "w", stderr));
}

static char *copy_of_recording(size_t *size)
{
	char *copy;

	free(record(1, NULL));
	slurp(path, size);
	copy = malloc(*size);
	memcpy(copy, made, *size);
	return copy;
}

Test(recording, cut_off_anywhere_it_is_good_up_to_there, .timeout = 300)
{
	uint64_t before = 0;
	struct replayed r;
	size_t size;
	char *copy = copy_of_recording(&size);

	be_quiet();
	for (size_t cut = 0; cut < size; cut++) {
		overwrite(copy, cut);
		replay_into(&r, "json");
		cr_expect_eq(r.err, -EBADMSG, "cut at %zu: %d", cut, r.err);
		cr_expect(!r.whole && r.shown >= before, "cut at %zu", cut);
		cr_expect_eq(!r.shown, !strstr(r.summary, "whose"), "%s", r.summary);
		before = r.shown;
		free(r.text);
	}
	overwrite(copy, size);
	replay_into(&r, "json");
	cr_expect_eq(r.err, 0);
	cr_expect_eq(r.shown, EVENTS);
	free(r.text);
	free(copy);
}

Test(recording, no_byte_can_change_unseen, .timeout = 300)
{
	struct replayed r;
	size_t size;
	char *copy = copy_of_recording(&size);

	be_quiet();
	for (size_t at = 0; at < size; at++) {
		copy[at] ^= 0x10;
		overwrite(copy, size);
		copy[at] ^= 0x10;
		replay_into(&r, "json");
		cr_expect(r.err == -EBADMSG || r.err == -EPROTO, "byte %zu: %d", at, r.err);
		free(r.text);
	}
	free(copy);
}

Test(recording, of_another_version_is_refused)
{
	struct replayed r;
	size_t size;
	char *copy = copy_of_recording(&size);
	uint32_t sum;

	be_quiet();
	for (int at = 8; at < 24; at += 4) {
		copy[at]++;
		sum = crc32(0, (uint8_t *)copy, RECORDING_HEADER - 4);
		memcpy(copy + RECORDING_HEADER - 4, &sum, 4);
		overwrite(copy, size);
		copy[at]--;
		replay_into(&r, "json");
		cr_expect_eq(r.err, -EPROTO, "byte %d: %d", at, r.err);
		free(r.text);
	}
	free(copy);
}

Test(recording, redacted_tells_nobody)
{
	static const char *const secrets[] = { "10.1.0.7", "10.2.0.2", "10.96.0.1", "10.9.9.9",
					       "db-0",	   "shop",     "postgres",  "blue-secret",
					       UID_A,	   ID_A,       "secret",    "labels" };
	static const char *const shown[] = { "json", "text", "report" };
	struct redact *redact;
	struct replayed r;

	cr_assert_eq(redact_new(&redact), 0);
	free(record(1, redact));
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		replay_into(&r, shown[i]);
		cr_expect_eq(r.err, 0);
		cr_expect_eq(r.shown, EVENTS);
		for (size_t j = 0; j < sizeof(secrets) / sizeof(secrets[0]); j++)
			cr_expect_null(strstr(r.text, secrets[j]), "%s in %s", secrets[j],
				       shown[i]);
		/* the same pod is the same one wherever it is named */
		if (!i)
			cr_expect_not_null(strstr(r.text, "(namespace-1/pod-1)"), "%s", r.text);
		free(r.text);
	}
	redact_free(redact);
}

static int common_bits(const uint8_t *a, const uint8_t *b, int size)
{
	int n = 0;

	while (n < size * 8 && !((a[n / 8] ^ b[n / 8]) & 0x80 >> n % 8))
		n++;
	return n;
}

Test(redact, prefixes_are_kept_and_nothing_collides)
{
	uint8_t a[16], b[16], x[16], y[16];
	struct redact *r;

	cr_assert_eq(redact_new(&r), 0);
	srand(1);
	for (int i = 0; i < 2000; i++) {
		int family = i % 2 ? 4 : 6, size = family == 4 ? 4 : 16, at = rand() % (size * 8);

		for (int j = 0; j < size; j++)
			a[j] = rand();
		a[0] = family == 4 ? 10 : 0xfd;
		memcpy(b, a, sizeof(b));
		b[at / 8] ^= 0x80 >> at % 8;
		if (at < 8)
			continue;
		memcpy(x, a, sizeof(x));
		memcpy(y, b, sizeof(y));
		redact_addr(r, family, x);
		redact_addr(r, family, y);
		cr_expect_eq(common_bits(x, y, size), common_bits(a, b, size));
		memcpy(y, a, sizeof(y));
		redact_addr(r, family, y);
		cr_expect_arr_eq(x, y, size);
	}
	redact_free(r);
}

Test(redact, special_addresses_stay)
{
	static const uint8_t v4[][4] = {
		{ 127, 0, 0, 1 }, { 224, 0, 0, 1 }, { 255, 255, 255, 255 }, { 0 }
	};
	static const uint8_t v6[][16] = { { 0 }, { [15] = 1 }, { 0xff, 2, [15] = 1 } };
	uint8_t a[16];
	struct redact *r;

	cr_assert_eq(redact_new(&r), 0);
	for (size_t i = 0; i < sizeof(v4) / sizeof(v4[0]); i++) {
		memcpy(a, v4[i], 4);
		redact_addr(r, 4, a);
		cr_expect_arr_eq(a, v4[i], 4);
	}
	for (size_t i = 0; i < sizeof(v6) / sizeof(v6[0]); i++) {
		memcpy(a, v6[i], 16);
		redact_addr(r, 6, a);
		cr_expect_arr_eq(a, v6[i], 16);
	}
	redact_free(r);
}

Test(recording, report_fits_a_mail)
{
	struct replayed r;

	free(record(2, NULL));
	replay_into(&r, "report");
	cr_expect_eq(r.err, 0);
	for (const char *line = r.text; *line;) {
		size_t len = strcspn(line, "\n");

		cr_expect_leq(len, 72, "%.*s", (int)len, line);
		line += len + (line[len] == '\n');
	}
	cr_expect_not_null(strstr(r.text, "__udp4_lib_rcv+0x20/0x400 SKB_DROP_REASON_NO_SOCKET"));
	cr_expect_not_null(strstr(r.text, " ip_rcv.isra.0+0x8/0x400 [some_module]"));
	cr_expect_not_null(strstr(r.text, "Linux 6.1.0"));
	free(r.text);
}
