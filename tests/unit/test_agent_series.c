/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts become series: nothing is lost or counted twice, whatever is learned of owners meanwhile. */
#include "agent/counts.h"
#include "agent/exposition.h"
#include "agent/series.h"
#include "pods_build.h"
#include "verdicts.h"

#define NS_A	 101U
#define COOKIE_A 11
#define GRACE	 (300 * SECOND)

static struct host host = { .netns = 4026531840U };
static struct verdicts *verdicts;
static struct series_set *series;
static struct counts *counts;

static void start(size_t max)
{
	struct pods *p;

	cr_assert_eq(pods_new(&p), 0);
	host.pods = p;
	cr_assert_eq(verdicts_new(&verdicts, &host, NULL), 0);
	cr_assert_eq(series_new(&series, "node-1", max), 0);
	cr_assert_eq(counts_new(&counts, verdicts, series), 0);
}

static void setup(void)
{
	start(100);
}

static void teardown(void)
{
	counts_free(counts);
	series_free(series);
	verdicts_free(verdicts);
	pods_free(host.pods);
}

TestSuite(agent_series, .init = setup, .fini = teardown);

static struct loss_key key_in(uint32_t netns, uint64_t cookie)
{
	return (struct loss_key){ .kind = EV_SKB_DROP,
				  .l3 = 0x0800,
				  .proto = 6,
				  .netns = netns,
				  .netns_cookie = cookie,
				  .note = NOTE(NOTE_NO_SOCKET, 0) };
}

static void counted(const struct loss_key *key, uint64_t n)
{
	const struct loss_count sum = { n, 2 * n, 100 * n };

	counts_add(counts, key, &sum);
}

static void settle(uint64_t now_ns)
{
	cr_assert_eq(counts_settle(counts, now_ns), 0);
}

static void add_packets(void *arg, const struct series *s)
{
	*(uint64_t *)arg += s->count.packets;
}

static uint64_t total(void)
{
	uint64_t sum = 0;

	for (int f = 0; f < SERIES_FAMILIES; f++)
		series_each(series, f, add_packets, &sum);
	return sum;
}

static char text[8192];

static void write_series(void *arg, const struct series *s)
{
	size_t len = strlen(text);

	(void)arg;
	snprintf(text + len, sizeof(text) - len, "%s %llu\n", s->labels,
		 (unsigned long long)s->count.packets);
}

static const char *drops(void)
{
	text[0] = 0;
	series_each(series, SERIES_DROPS, write_series, NULL);
	return text;
}

#define LABELS(ns, pod)                                                                            \
	"cause=\"no-listener\",severity=\"loss\",namespace=\"" ns "\",pod=\"" pod                  \
	"\",container=\"\",unit=\"\",direction=\"unknown\",node=\"node-1\" "

Test(agent_series, only_what_is_new_is_added)
{
	struct loss_key key = key_in(NS_A, COOKIE_A);

	add_pod(host.pods, UID_A, "shop", "web", NS_A, COOKIE_A);
	counted(&key, 5);
	counted(&key, 2); /* of another CPU's slot */
	settle(SECOND);
	cr_expect_str_eq(drops(), LABELS("shop", "web") "14\n");
	counted(&key, 9);
	settle(2 * SECOND);
	cr_expect_str_eq(drops(), LABELS("shop", "web") "18\n");
	settle(3 * SECOND); /* nothing was read at all */
	counted(&key, 9);
	settle(4 * SECOND);
	cr_expect_str_eq(drops(), LABELS("shop", "web") "18\n");
}

Test(agent_series, a_part_that_is_missing_once_is_no_reset)
{
	struct loss_key key = key_in(NS_A, COOKIE_A);

	counted(&key, 10);
	settle(SECOND);
	counted(&key, 4);
	settle(2 * SECOND);
	cr_expect_eq(total(), 20);
	counted(&key, 11);
	settle(3 * SECOND);
	cr_expect_eq(total(), 22);
}

Test(agent_series, a_pod_that_is_named_late_takes_nothing_away)
{
	struct loss_key key = key_in(NS_A, COOKIE_A);
	struct pod *pod;

	counted(&key, 3);
	settle(SECOND);
	cr_expect_str_eq(drops(), LABELS("", "") "6\n");
	pod = add_pod(host.pods, UID_A, "shop", "web", NS_A, COOKIE_A);
	counted(&key, 5);
	settle(2 * SECOND);
	cr_expect_str_eq(drops(), LABELS("", "") "6\n" LABELS("shop", "web") "4\n");
	cr_assert_eq(pods_remove(host.pods, pod, 3 * SECOND), 0);
	counted(&key, 6);
	settle(3 * SECOND);
	cr_expect_eq(total(), 12);
}

Test(agent_series, without_room_the_owner_is_other)
{
	struct loss_key key;
	char uid[64], name[16];

	teardown();
	start(3);
	for (int i = 0; i < 10; i++) {
		snprintf(uid, sizeof(uid), "aaaaaaaa-0000-4000-8000-%012d", i);
		snprintf(name, sizeof(name), "web-%d", i);
		add_pod(host.pods, uid, "shop", name, NS_A + i, COOKIE_A + i);
	}
	for (int round = 1; round <= 2; round++) {
		for (int i = 0; i < 10; i++) {
			key = key_in(NS_A + i, COOKIE_A + i);
			counted(&key, round * 5);
		}
		settle(round * SECOND);
	}
	cr_expect_eq(series_count(series), 4);
	cr_expect_eq(total(), 200);
	cr_expect_not_null(strstr(drops(),
				  "namespace=\"other\",pod=\"other\",container=\"other\","
				  "unit=\"other\",direction=\"other\",node=\"node-1\" 140"),
			   "%s", text);
}

Test(agent_series, pods_that_are_gone_leave_after_a_while)
{
	struct loss_key a = key_in(NS_A, COOKIE_A), b = key_in(NS_A + 1, COOKIE_A + 1);
	struct pod *pod = add_pod(host.pods, UID_A, "shop", "web", NS_A, COOKIE_A);

	add_pod(host.pods, UID_B, "shop", "db", NS_A + 1, COOKIE_A + 1);
	counted(&a, 1);
	counted(&b, 1);
	settle(SECOND);
	series_expire(series, host.pods, 2 * GRACE, GRACE);
	cr_expect_eq(series_count(series), 2, "both live");
	cr_assert_eq(pods_remove(host.pods, pod, 2 * GRACE), 0);
	series_expire(series, host.pods, 2 * GRACE + SECOND, GRACE);
	cr_expect_eq(series_count(series), 2, "not yet");
	counted(&a, 3); /* a last packet to it */
	counted(&b, 1);
	settle(2 * GRACE + 2 * SECOND);
	series_expire(series, host.pods, 3 * GRACE + SECOND, GRACE);
	cr_expect_eq(series_count(series), 2, "it has changed since");
	series_expire(series, host.pods, 3 * GRACE + 2 * SECOND, GRACE);
	cr_expect_str_eq(drops(), LABELS("shop", "db") "2\n");
	/* and begins anew, as Prometheus understands a reset */
	counted(&a, 4);
	counted(&b, 1);
	settle(4 * GRACE);
	cr_expect_str_eq(drops(), LABELS("shop", "db") "2\n" LABELS("shop", "web") "2\n");
}

static bool take(void *arg, const struct loss_key *key, const struct loss_count *sum)
{
	(void)key;
	*(uint64_t *)arg += sum->buffers;
	return true;
}

Test(agent_series, forgotten_keys_begin_anew)
{
	struct loss_key key = key_in(NS_A, COOKIE_A);
	uint64_t taken = 0;

	counted(&key, 7);
	settle(SECOND);
	counts_forget(counts, 2 * SECOND, GRACE, 10, take, &taken);
	cr_expect_eq(taken, 0);
	counts_forget(counts, 2 * GRACE, GRACE, 10, take, &taken);
	cr_expect_eq(taken, 7);
	cr_expect_eq(counts_keys(counts), 0);
	counted(&key, 1);
	settle(3 * GRACE);
	cr_expect_eq(total(), 16);
}

Test(agent_series, what_has_no_key_is_apart)
{
	counted(NULL, 3);
	settle(SECOND);
	cr_expect_eq(counts_other(counts), 3);
	cr_expect_eq(total(), 0);
}

Test(agent_series, direction_is_told_by_the_end_that_is_known)
{
	static const struct {
		uint32_t facts;
		enum owner_how by;
		enum how how;
		const char *want;
	} rows[] = {
		{ FACT_SK_RX, 0, HOW_SK_CGROUP, "ingress" },
		{ FACT_SK_TX, 0, HOW_SK_CGROUP, "egress" },
		{ FACT_SK_RX, OWNER_BY_IIF, HOW_NETNS, "ingress" },
		{ 0, OWNER_BY_IIF, HOW_VETH, "egress" },
		{ 0, OWNER_BY_DEV, HOW_VETH, "ingress" },
		{ 0, OWNER_BY_MAC, HOW_MAC, "egress" },
		{ 0, OWNER_BY_SRC, HOW_IP_SRC, "egress" },
		{ 0, OWNER_BY_DST, HOW_IP_DST, "ingress" },
		{ 0, OWNER_BY_DST, HOW_NETNS, "unknown" }, /* the namespace decided */
		{ 0, 0, HOW_HOST, "unknown" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct verdict v = { .key = { .facts = rows[i].facts,
						    .owner = OWNER(rows[i].by, 1) },
					   .victim = { .how = rows[i].how } };

		cr_expect_str_eq(series_direction(&v), rows[i].want, "row %zu", i);
	}
}

static const char *exposition(bool openmetrics)
{
	struct exposition e = { .openmetrics = openmetrics };
	char labels[256];
	struct strbuf b;

	e.to = fmemopen(text, sizeof(text), "w");
	expo_family(&e, "a_drops", METRIC_COUNTER, "Drops.");
	strbuf_init(&b, labels, sizeof(labels));
	expo_label(&b, "unit", "a\"b\\c\nd\xff\xc3\xa9{}=,");
	expo_label(&b, "pod", NULL);
	expo_u64(&e, labels, UINT64_MAX);
	expo_family(&e, "a_seconds", METRIC_GAUGE, "Time.");
	expo_double(&e, "", 0.25);
	expo_end(&e);
	fclose(e.to);
	return text;
}

#define SAMPLES(suffix)                                                                            \
	"# HELP a_drops" suffix " Drops.\n# TYPE a_drops" suffix " counter\n"                      \
	"a_drops_total{unit=\"a\\\"b\\\\c\\nd\xef\xbf\xbd\xc3\xa9{}=,\",pod=\"\"} "                \
	"18446744073709551615\n# HELP a_seconds Time.\n# TYPE a_seconds gauge\na_seconds 0.25\n"

Test(agent_exposition, both_formats_and_any_bytes)
{
	cr_expect_str_eq(exposition(false), SAMPLES("_total"));
	cr_expect_str_eq(exposition(true), SAMPLES("") "# EOF\n");
	cr_expect(expo_wants_openmetrics("application/openmetrics-text;version=1.0.0,*/*;q=0.1"));
	cr_expect(!expo_wants_openmetrics("text/plain;version=0.0.4,*/*"));
}
