/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of reasons and symbols, and the connection of the terminal. */
#include <bpf/btf.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/types.h>

#include "kernel/ksyms.h"
#include "kernel/lockdown.h"
#include "kernel/reasons.h"
#include "kernel/terminal.h"

/* A kernel's BTF with one enum of drop reasons: numbers are not what any header says. */
static struct btf *kernel(const char *const *names, const int *values)
{
	struct btf *btf = btf__new_empty();

	cr_assert_not_null(btf);
	btf__add_enum(btf, "skb_drop_reason", 4);
	for (int i = 0; names[i]; i++)
		cr_assert_eq(btf__add_enum_value(btf, names[i], values[i]), 0);
	return btf;
}

Test(reasons, numbers_come_from_the_running_kernel)
{
	static const char *const names[] = {
		"SKB_NOT_DROPPED_YET", "SKB_DROP_REASON_NO_SOCKET",   "SKB_DROP_REASON_NEW",
		"SKB_DROP_REASON_MAX", "SKB_DROP_REASON_SUBSYS_MASK", NULL
	};
	static const int values[] = { 0, 7, 300, 301, (int)0xffff0000 };
	struct btf *btf = kernel(names, values);
	struct reasons *r = NULL;

	cr_assert_eq(reasons_new(&r, btf), 0);
	cr_expect_str_eq(reasons_short(r, 7), "NO_SOCKET");
	cr_expect_str_eq(reasons_full(r, 7), "SKB_DROP_REASON_NO_SOCKET");
	cr_expect_str_eq(reasons_short(r, 300), "NEW");
	cr_expect_str_eq(reasons_short(r, 0), "SKB_NOT_DROPPED_YET");
	cr_expect_null(reasons_short(r, 301), "the end of the enum is no reason");
	cr_expect_null(reasons_short(r, 0xffff0000));
	cr_expect_null(reasons_short(r, 5), "a hole");
	cr_expect_null(reasons_short(r, 0x30001), "a subsystem that is not there");
	cr_expect_null(reasons_short(r, UINT32_MAX));
	cr_expect_eq(reasons_number(r, "NEW"), 300);
	cr_expect_eq(reasons_number(r, "GONE"), -ENOENT);
	reasons_free(r);
	btf__free(btf);
}

Test(reasons, subsystems_bring_their_own)
{
	static const char *const names[] = { "SKB_DROP_REASON_NO_SOCKET", NULL };
	static const int values[] = { 3 };
	struct btf *btf = kernel(names, values);
	struct reasons *r = NULL;

	btf__add_enum(btf, "ovs_drop_reason", 4);
	btf__add_enum_value(btf, "__OVS_DROP_REASON", 0x20000);
	btf__add_enum_value(btf, "OVS_DROP_METER", 0x20005);
	cr_assert_eq(reasons_new(&r, btf), 0);
	cr_expect_str_eq(reasons_short(r, 0x20005), "OVS_DROP_METER");
	cr_expect_str_eq(reasons_full(r, 0x20005), "OVS_DROP_METER");
	cr_expect_null(reasons_short(r, 0x30005));
	reasons_free(r);
	btf__free(btf);
}

Test(reasons, a_kernel_without)
{
	struct btf *empty = btf__new_empty();
	struct reasons *r = NULL;

	cr_assert_eq(reasons_new(&r, empty), 0);
	cr_expect_null(reasons_short(r, 2));
	reasons_free(r);
	cr_assert_eq(reasons_new(&r, NULL), 0);
	cr_expect_null(reasons_short(r, 2));
	reasons_free(r);
	reasons_free(NULL);
	btf__free(empty);
}

Test(reasons, a_name_given_out_stays_valid_when_another_is_told)
{
	struct reasons *r = NULL;
	const char *name;

	cr_assert_eq(reasons_new(&r, NULL), 0);
	cr_expect_eq(reasons_tell(r, 3, "SKB_DROP_REASON_FIRST"), 0);
	name = reasons_full(r, 3);
	cr_expect_eq(reasons_tell(r, 3, "SKB_DROP_REASON_SECOND"), 0);
	cr_expect_str_eq(name, "SKB_DROP_REASON_FIRST");
	cr_expect_eq(reasons_full(r, 3), name);
	cr_expect_eq(reasons_tell(r, 0xffffffff, "SKB_DROP_REASON_NONE"), -ERANGE);
	reasons_free(r);
}

static void store(char *path, const char *text)
{
	int fd = mkstemp(path);

	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static int load_with(struct ksyms **k, const char *text, const char *modules)
{
	char path[] = "/tmp/whydrop-ksyms-XXXXXX", list[] = "/tmp/whydrop-modules-XXXXXX";
	int err;

	store(path, text);
	store(list, modules);
	err = ksyms_new(k, path, list);
	unlink(path);
	unlink(list);
	return err;
}

static int load(struct ksyms **k, const char *text)
{
	return load_with(k, text, "");
}

Test(ksyms, addresses_are_found_in_the_kernel_and_its_modules)
{
	struct ksyms *k = NULL;
	struct ksym s;

	cr_assert_eq(load(&k, "ffffffff81000000 T _stext\n"
			      "ffffffff81000000 T startup_64\n"
			      "ffffffff81000100 t ip_rcv_finish_core.constprop.0\n"
			      "ffffffff81000180 D some_data\n"
			      "ffffffff81000200 T tcp_v4_rcv\n"
			      "ffffffffc0000100 t nft_do_chain\t[nf_tables]\n"
			      "ffffffffc0000000 t veth_xmit\t[veth]\n"),
		     0);
	cr_assert(ksyms_find(k, 0xffffffff81000150, &s));
	cr_expect_str_eq(s.name, "ip_rcv_finish_core.constprop.0");
	cr_expect_str_eq(s.module, "");
	cr_expect_eq(s.start, 0xffffffff81000100);
	cr_expect_eq(s.size, 0x100, "data is no function");
	cr_assert(ksyms_find(k, 0xffffffffc0000042, &s), "modules need not be in order");
	cr_expect_str_eq(s.name, "veth_xmit");
	cr_expect_str_eq(s.module, "veth");
	cr_assert(ksyms_find(k, 0xffffffff81000010, &s));
	cr_expect_eq(s.size, 0x100, "aliases have the size up to the next address");
	cr_expect_not(ksyms_find(k, 0xffffffff80ffffff, &s));
	cr_assert(ksyms_by_name(k, "nft_do_chain", &s));
	cr_expect_str_eq(s.module, "nf_tables");
	cr_expect_eq(s.size, 0, "the last one's end is not known");
	cr_expect_not(ksyms_by_name(k, "ip_rcv_finish_core", &s));
	ksyms_free(k);
	ksyms_free(NULL);
}

Test(ksyms, what_a_module_needed_to_start_is_not_there_any_more)
{
	struct ksyms *k = NULL;
	struct ksym s;

	cr_assert_eq(load_with(&k,
			       "ffffffff81000000 T _stext\n"
			       "ffffffffc0001000 t ip_vs_in\t[ip_vs]\n"
			       "ffffffffc0009200 T ip_vs_protocol_init\t[ip_vs]\n"
			       "ffffffffc0009000 t nft_do_chain\t[nf_tables]\n"
			       "ffffffffc0020000 t veth_xmit\t[veth]\n"
			       "ffffffffc0f00000 D nf_conntrack_max\t[ip_vs]\n",
			       "nf_tables 290816 0 - Live 0xffffffffc0009000\n"
			       "ip_vs 20480 1 nf_tables,veth, Live 0xffffffffc0000000 (E)\n"
			       "nonsense\nhidden 1 0 - Live 0x0000000000000000\n"),
		     0);
	cr_assert(ksyms_find(k, 0xffffffffc0009300, &s));
	cr_expect_str_eq(s.name, "nft_do_chain");
	cr_expect_str_eq(s.module, "nf_tables");
	cr_assert(ksyms_find(k, 0xffffffffc0001001, &s));
	cr_expect_str_eq(s.name, "ip_vs_in");
	cr_expect_not(ksyms_by_name(k, "ip_vs_protocol_init", &s));
	cr_expect(ksyms_by_name(k, "veth_xmit", &s), "a module that is not listed is believed");
	cr_expect(ksyms_by_name(k, "nf_conntrack_max", &s), "a module's data need not be near");
	ksyms_free(k);
}

Test(ksyms, hidden_addresses_and_nonsense)
{
	struct ksyms *k = NULL;

	cr_expect_eq(load(&k, "0000000000000000 T a\n0000000000000000 T b\n"), -EPERM);
	cr_expect_eq(load(&k, ""), -EPERM);
	cr_expect_eq(load(&k, "nonsense\n\nffff\nffffffff81000000 T\n"), -EPERM);
	cr_expect_eq(ksyms_new(&k, "/nonexistent", "/nonexistent"), -ENOENT);
	cr_expect_null(k);
}

Test(ksyms, suffixes_are_stripped)
{
	char out[8];

	ksyms_strip(out, sizeof(out), "a.isra.0");
	cr_expect_str_eq(out, "a");
	ksyms_strip(out, sizeof(out), "longer_than_that");
	cr_expect_str_eq(out, "longer_");
}

Test(terminal, ssh_over_both_families)
{
	struct knobs k = { 0 };
	static const __u8 v4[4] = { 10, 0, 0, 1 };

	cr_assert(terminal_parse(&k, "10.0.0.1 50000 10.0.0.2 22"));
	cr_expect_eq(k.own_family, 4);
	cr_expect_eq(memcmp(k.own_addr[0], v4, 4), 0);
	cr_expect_eq(k.own_port[0], 50000);
	cr_expect_eq(k.own_port[1], 22);
	cr_assert(terminal_parse(&k, "fd00::1 1 fd00::2 2"));
	cr_expect_eq(k.own_family, 6);
	cr_assert(terminal_parse(&k, "::ffff:10.0.0.1 1 ::ffff:10.0.0.2 2"));
	cr_expect_eq(k.own_family, 4, "mapped addresses are IPv4 on the wire");
}

Test(terminal, nonsense_names_no_connection)
{
	static const char *const texts[] = { "", "10.0.0.1 1", "a 1 b 2", "10.0.0.1 0 10.0.0.2 22",
					     "10.0.0.1 1 b 70000" };
	struct knobs k = { 0 };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cr_expect_not(terminal_parse(&k, texts[i]), "%s", texts[i]);
		cr_expect_eq(k.own_family, 0);
	}
}

static bool locked_down(const char *text)
{
	char path[] = "/tmp/whydrop-lockdown-XXXXXX";
	int fd = mkstemp(path);
	bool hides;

	cr_assert(fd >= 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	hides = lockdown_hides_memory(path);
	unlink(path);
	return hides;
}

Test(kernel, lockdown_hides_memory_at_its_last_level_only)
{
	cr_expect(locked_down("none integrity [confidentiality]\n"));
	cr_expect_not(locked_down("none [integrity] confidentiality\n"));
	cr_expect_not(locked_down("[none] integrity confidentiality\n"));
	cr_expect_not(locked_down(""));
	cr_expect_not(lockdown_hides_memory("/no/such/file"));
}
