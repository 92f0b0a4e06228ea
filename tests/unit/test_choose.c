/* SPDX-License-Identifier: GPL-2.0-only */
/* The choice of hooks on recorded kernels, and on kernels that lack something. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/types.h>

#include "probe/choose.h"

#define ANY ((1U << ATTACH_COUNT) - 1)

static struct facts load(const char *series)
{
	struct facts f;
	char path[128];
	int line = 0;
	FILE *file;

	snprintf(path, sizeof(path), "tests/fixtures/kernels/%s.facts", series);
	file = fopen(path, "r");
	cr_assert_not_null(file, "%s", path);
	cr_assert_eq(facts_parse(&f, file, &line), 0, "%s:%d", path, line);
	fclose(file);
	return f;
}

static const struct probe *probe(const char *name)
{
	for (size_t i = 0; i < probes_count; i++)
		if (!strcmp(probes[i].name, name))
			return &probes[i];
	cr_assert_fail("no probe %s", name);
	return NULL;
}

/* How a probe is attached: "fentry", "needless" or "missing". */
static const char *how(const char *name, const struct facts *f, unsigned allowed, unsigned refused)
{
	struct choice c = { .refused = refused };
	const struct probe *p = probe(name);

	choose(&c, p, f, allowed);
	if (c.needless)
		return "needless";
	cr_assert(c.way < 0 ? c.why[0] : 1, "%s: a missing probe must say why", name);
	return c.way < 0 ? "missing" : attach_how_names[p->attach[c.way].how];
}

static void remove_fact(struct facts *f, enum kernel_fact kind, const char *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->rows[i].kind == kind && !strcmp(f->rows[i].name, name))
			f->rows[i] = f->rows[--f->count];
}

Test(choose, recorded_kernels)
{
	static const struct {
		const char *series, *kfree_skb, *icmp4, *icmp6, *no_socket;
		int reason, rx_sk;
	} rows[] = {
		{ "5.10", "tp_btf", "fentry", "fentry", "fentry", 0, 0 },
		{ "6.1", "tp_btf", "fentry", "fentry", "needless", 1, 0 },
		{ "6.12", "tp_btf", "fentry", "fentry", "needless", 1, 1 },
		{ "6.18", "tp_btf", "tp_btf", "missing", "needless", 1, 1 },
		{ "7", "tp_btf", "fentry", "fentry", "needless", 1, 1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts f = load(rows[i].series);
		struct kfeat kf = {};

		choose_kfeat(&kf, &f);
		cr_expect_eq(kf.kfree_skb_has_reason, rows[i].reason, "%s", rows[i].series);
		cr_expect_eq(kf.kfree_skb_has_rx_sk, rows[i].rx_sk, "%s", rows[i].series);
		cr_expect_str_eq(how("kfree_skb", &f, ANY, 0), rows[i].kfree_skb);
		cr_expect_str_eq(how("icmp_error4", &f, ANY, 0), rows[i].icmp4);
		cr_expect_str_eq(how("icmp_error6", &f, ANY, 0), rows[i].icmp6);
		cr_expect_str_eq(how("tcp_no_socket4", &f, ANY, 0), rows[i].no_socket);
		cr_expect_str_eq(how("tcp_no_socket6", &f, ANY, 0), rows[i].no_socket);
	}
}

Test(choose, module_unloaded_and_loaded_again)
{
	struct facts f = load("6.12");
	struct choice c = {};

	facts_set(&f, KF_FUNC, "nft_immediate_eval", 3);
	facts_set(&f, KF_MODULE, "nf_tables", 2);
	facts_set(&f, KF_SYM, "nft_immediate_eval", 1);
	cr_expect_str_eq(how("nft_immediate", &f, ANY, 0), "fentry");
	facts_forget_module(&f, "nf_tables");
	choose(&c, probe("nft_immediate"), &f, ANY);
	cr_expect_lt(c.way, 0);
	cr_expect(strstr(c.why, "module nf_tables is not loaded"), "%s", c.why);
	cr_expect_str_eq(how("kfree_skb", &f, ANY, 0), "tp_btf");
	facts_set(&f, KF_MODULE, "nf_tables", 2);
	facts_set(&f, KF_SYM, "nft_immediate_eval", 1);
	cr_expect_str_eq(how("nft_immediate", &f, ANY, 0), "fentry");
}

/* BTF of modules is for CAP_SYS_ADMIN; a module that is built in has none of its own. */
Test(choose, without_the_btf_of_modules)
{
	static const char *const names[] = { "nft_run", "icmp_error4" };
	struct facts f = load("6.12");

	for (size_t i = 0; i < 2; i++) {
		facts_set(&f, KF_SYM, probe(names[i])->attach[0].target, 1);
		facts_set(&f, KF_FUNC, probe(names[i])->attach[0].target, 2);
	}
	facts_set(&f, KF_MODULE, "nf_tables", 2);
	cr_expect_str_eq(how("nft_run", &f, ANY, 0), "fexit");
	facts_set(&f, KF_HOW, FACT_MODULE_BTF, -EPERM);
	cr_expect_str_eq(how("nft_run", &f, ANY, 0), "kretprobe");
	cr_expect_str_eq(how("icmp_error4", &f, ANY, 0), "fentry");
	facts_set(&f, KF_HOW, "kretprobe", -EACCES);
	cr_expect_str_eq(how("nft_run", &f, ANY, 0), "missing");
	facts_set(&f, KF_MODULE, "nf_tables", 1);
	cr_expect_str_eq(how("nft_run", &f, ANY, 0), "fexit");
}

/* Kernels that tell the receiver's socket need no hook that runs for segments which are not lost. */
Test(choose, tcp_receivers_are_watched_only_before_6_11)
{
	static const char *const names[] = { "tcp_memory", "tcp_window", "tcp_backlog",
					     "tcp_prune" };
	static const char *const functions[] = { "tcp_try_rmem_schedule", "tcp_data_queue",
						 "tcp_add_backlog", "tcp_prune_ofo_queue" };
	struct facts old = load("6.1"), new = load("6.12");
	struct kfeat kf = {};

	for (size_t i = 0; i < 4; i++) {
		facts_set(&old, KF_FUNC, functions[i], 3);
		facts_set(&old, KF_SYM, functions[i], 1);
		cr_expect_str_eq(how(names[i], &old, ANY, 0),
				 probe(names[i])->attach[0].how == ATTACH_FENTRY ? "fentry"
										 : "fexit");
		cr_expect_str_eq(how(names[i], &new, ANY, 0), "needless");
	}
	choose_kfeat(&kf, &old);
	cr_expect_eq(kf.tcp_add_backlog_args, 3);
	cr_expect_eq(kf.tcp_drop_is_traced, 0);
	facts_set(&old, KF_ENUM, "SKB_DROP_REASON_TCP_OFO_QUEUE_PRUNE", 34);
	choose_kfeat(&kf, &old);
	cr_expect_eq(kf.tcp_drop_is_traced, 1);
	cr_expect_eq(kf.reason_ofo_pruned, 34);
}

Test(choose, a_way_that_was_refused_is_not_taken_again)
{
	struct facts f = load("6.12");

	cr_expect_str_eq(how("icmp_error4", &f, ANY, 1), "kprobe");
	cr_expect_str_eq(how("icmp_error4", &f, ANY, 3), "tp_btf");
	cr_expect_str_eq(how("icmp_error4", &f, ANY, 7), "missing");
	cr_expect_str_eq(how("kfree_skb", &f, ANY, 1), "raw_tp");
}

Test(choose, only_ways_that_were_asked_for)
{
	struct facts f = load("6.12");

	cr_expect_str_eq(how("kfree_skb", &f, 1U << ATTACH_RAW_TP, 0), "raw_tp");
	cr_expect_str_eq(how("icmp_error4", &f, 1U << ATTACH_KPROBE, 0), "kprobe");
	cr_expect_str_eq(how("icmp_error6", &f, 1U << ATTACH_RAW_TP, 0), "missing");
}

Test(choose, an_inlined_function_has_no_symbol)
{
	struct facts f = load("6.12");

	remove_fact(&f, KF_SYM, "__icmp_send");
	cr_expect_str_eq(how("icmp_error4", &f, ANY, 0), "tp_btf");
	remove_fact(&f, KF_TP, "icmp_send");
	cr_expect_str_eq(how("icmp_error4", &f, ANY, 0), "missing");
}

Test(choose, a_function_without_btf_can_still_be_probed)
{
	struct facts f = load("6.12");

	remove_fact(&f, KF_FUNC, "icmp6_send");
	cr_expect_str_eq(how("icmp_error6", &f, ANY, 0), "kprobe");
}

Test(choose, arguments_of_the_tracepoint_decide_what_is_read)
{
	struct facts f = load("6.12");
	struct kfeat kf = {};

	facts_set(&f, KF_TP, "kfree_skb", 3);
	choose_kfeat(&kf, &f);
	cr_expect_eq(kf.kfree_skb_has_reason, 1);
	cr_expect_eq(kf.kfree_skb_has_rx_sk, 0);
	facts_set(&f, KF_TP, "kfree_skb", 5);
	choose_kfeat(&kf, &f);
	cr_expect_eq(kf.kfree_skb_has_rx_sk, 1);
	facts_set(&f, KF_TP, "kfree_skb", 2);
	choose_kfeat(&kf, &f);
	cr_expect_eq(kf.kfree_skb_has_reason, 0);
	cr_expect_str_eq(how("tcp_no_socket4", &f, ANY, 0), "fentry");
}

Test(choose, what_is_beyond_a_window_is_told_where_the_kernel_counts_it)
{
	struct facts f = load("6.12");
	struct kfeat kf = {};

	facts_set(&f, KF_ENUM, "SKB_DROP_REASON_TCP_OVERWINDOW", 33);
	choose_kfeat(&kf, &f);
	cr_expect_eq(kf.reason_over_window, 0);
	facts_set(&f, KF_ENUM, "LINUX_MIB_BEYOND_WINDOW", 130);
	choose_kfeat(&kf, &f);
	cr_expect_eq(kf.reason_over_window, 33);
}

Test(choose, a_cast_needs_both_the_function_and_a_type)
{
	struct facts f = load("6.12");
	struct kfeat kf = {};

	facts_set(&f, KF_STRUCT, FACT_NUMBER, 157);
	choose_kfeat(&kf, &f);
	cr_expect_eq(kf.number_type, 0, "programs would call what is not there");
	facts_set(&f, KF_KFUNC, "bpf_rdonly_cast", 4711);
	choose_kfeat(&kf, &f);
	cr_expect_eq(kf.number_type, 157);
	cr_expect_eq(kf.rdonly_cast, 4711);
}

Test(choose, without_tracepoint_types_raw_tracepoints_remain)
{
	struct facts f = load("6.12");

	facts_set(&f, KF_HOW, "tp_btf", -22);
	cr_expect_str_eq(how("kfree_skb", &f, ANY, 0), "raw_tp");
	facts_set(&f, KF_HOW, "raw_tp", -1);
	cr_expect_str_eq(how("kfree_skb", &f, ANY, 0), "missing");
}

Test(choose, the_reason_names_each_obstacle)
{
	struct facts f = load("6.18");
	struct choice c = {};

	choose(&c, probe("icmp_error6"), &f, ANY);
	cr_expect_eq(c.way, -1);
	cr_expect_not_null(strstr(c.why, "fentry: this kernel does not allow it"));
	cr_expect_not_null(strstr(c.why, "kprobe: this kernel does not allow it"));
}

Test(facts, survive_being_written_and_read)
{
	struct facts f = load("6.1"), g;
	FILE *file = tmpfile();
	int line;

	facts_print(&f, file);
	rewind(file);
	cr_assert_eq(facts_parse(&g, file, &line), 0);
	cr_expect_eq(f.count, g.count);
	for (size_t i = 0; i < f.count; i++)
		cr_expect_eq(facts_get(&g, f.rows[i].kind, f.rows[i].name, -100), f.rows[i].value);
	fclose(file);
}

Test(facts, nonsense_is_refused_with_its_line)
{
	static const char *const texts[] = { "func\n", "tp kfree_skb 3\nwhat kfree_skb 3\n",
					     "sym a b\n" };
	struct facts f;
	int line;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		FILE *file = tmpfile();

		fputs(texts[i], file);
		rewind(file);
		cr_expect_eq(facts_parse(&f, file, &line), -EINVAL);
		cr_expect_eq(line, i == 1 ? 2 : 1);
		fclose(file);
	}
}

Test(facts, a_full_table_stays_whole)
{
	struct facts f = {};
	char name[64];

	for (int i = 0; i < 2 * FACTS_MAX; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		facts_set(&f, KF_SYM, name, i);
	}
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	facts_set(&f, KF_SYM, name, 1);
	cr_expect_eq(f.count, FACTS_MAX);
	cr_expect_eq(facts_get(&f, KF_SYM, "f5", -1), 5);
	cr_expect_eq(facts_get(&f, KF_SYM, name, -1), -1);
}
