/* SPDX-License-Identifier: GPL-2.0-only */
/* What a record carries for those who asked: which fields are found, whose stack it is, and which file a frame is in. */
#include <bpf/btf.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <linux/types.h>

#include "attribute/mappings.h"
#include "base/strbuf.h"
#include "build.h"
#include "decode/decode.h"
#include "extras.h"
#include "extra.h"
#include "kernel/dump.h"
#include "kernel/ksyms.h"

/* A kernel with a few of the fields, in all the ways in which structures have them. */
static struct btf *kernel(void)
{
	struct btf *btf = btf__new_empty();
	int u32 = btf__add_int(btf, "unsigned int", 4, 0), u8 = btf__add_int(btf, "char", 1, 0);
	int u16 = btf__add_int(btf, "unsigned short", 2, 0);
	int word = btf__add_typedef(btf, "u32", u32), counter, refs, common, inner;

	counter = btf__add_struct(btf, "atomic_t", 4);
	btf__add_field(btf, "counter", u32, 0, 0);
	refs = btf__add_struct(btf, "refcount_t", 4);
	btf__add_field(btf, "refs", counter, 0, 0);
	common = btf__add_struct(btf, "sock_common", 8);
	btf__add_field(btf, "skc_family", u16, 0, 0);
	btf__add_field(btf, "skc_state", u8, 16, 0);
	btf__add_field(btf, "skc_refcnt", refs, 32, 0);
	inner = btf__add_struct(btf, NULL, 4);
	btf__add_field(btf, "pkt_type", u8, 0, 3);
	btf__add_field(btf, "cloned", u8, 3, 1);
	btf__add_field(btf, "protocol", u16, 16, 0);
	btf__add_struct(btf, "sk_buff", 8);
	btf__add_field(btf, "len", word, 0, 0);
	btf__add_field(btf, NULL, inner, 32, 0);
	btf__add_struct(btf, "skb_shared_info", 8);
	btf__add_field(btf, "nr_frags", u8, 0, 0);
	btf__add_field(btf, "dataref", u32, 32, 0); /* no atomic_t: not what is looked for */
	btf__add_struct(btf, "sock", 2048);
	btf__add_field(btf, "__sk_common", common, 0, 0);
	btf__add_field(btf, "sk_err", u32, 64, 0);
	btf__add_field(btf, "sk_priority", u32, 1100 * 8, 0); /* farther than is copied */
	return btf;
}

static const struct extra_value *value(const struct extra_value *v, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(v[i].name, name))
			return &v[i];
	return NULL;
}

Test(dump, finds_the_fields_that_the_kernel_has)
{
	struct btf *btf = kernel();
	struct extra_value v[EXTRA_VALUES];
	static struct event_more m;
	struct knobs k = { 0 };
	struct dump *d = NULL;
	size_t count;

	cr_assert_eq(dump_new(&d, btf), 0);
	dump_knobs(d, &k);
	cr_expect_eq(k.dump_skb, 8);
	cr_expect_eq(k.dump_info, 8);
	cr_expect_eq(k.dump_sk, 16);
	cr_expect_eq(k.dump_sk_common, 8);
	m.skb_size = 8;
	m.sk_size = 16;
	memcpy(m.skb, (uint16_t[]){ 1514, 0, 8 | 3, 0x0008 }, 8);
	memcpy(m.sk, (uint16_t[]){ 2, 10, 1, 0, 0xff91, 0xffff }, 12);
	count = dump_read(d, &m, v);
	cr_assert_not_null(value(v, count, "sk_buff.len"));
	cr_expect_eq(value(v, count, "sk_buff.len")->value, 1514);
	cr_expect_eq(value(v, count, "sk_buff.pkt_type")->value, 3);
	cr_expect_eq(value(v, count, "sk_buff.cloned")->value, 1);
	cr_expect_eq(value(v, count, "sk_buff.protocol")->value, 0x800, "in the host's order");
	cr_expect_null(value(v, count, "skb_shared_info.dataref"));
	cr_expect_eq(value(v, count, "sock.skc_family")->value, 2);
	cr_expect_eq(value(v, count, "sock.skc_state")->value, 10);
	cr_expect_eq(value(v, count, "sock.skc_refcnt")->value, 1);
	cr_expect_eq((int64_t)value(v, count, "sock.sk_err")->value, -111);
	cr_expect_null(value(v, count, "sock.sk_priority"), "it is not copied so far");
	cr_expect_null(value(v, count, "skb_shared_info.nr_frags"), "nothing was copied");
	m.sk_size = 8; /* a small socket */
	count = dump_read(d, &m, v);
	cr_expect_not_null(value(v, count, "sock.skc_state"));
	cr_expect_null(value(v, count, "sock.sk_err"));
	dump_free(d);
	btf__free(btf);
}

Test(dump, needs_types)
{
	struct dump *d = NULL;

	cr_expect_eq(dump_new(&d, NULL), -ENOTSUP);
	cr_expect_null(d);
}

static const char maps[] =
	"55d0c0a00000-55d0c0a01000 r--p 00000000 fe:00 1234     /usr/bin/cli ent (deleted)\n"
	"55d0c0a01000-55d0c0a05000 r-xp 00001000 fe:00 1234     /usr/bin/client\n"
	"7f0000000000-7f0000100000 r-xp 00026000 fe:00 99       /lib/x86_64-linux-gnu/libc.so.6\n"
	"7f0000200000-7f0000201000 rwxp 00000000 00:00 0 \n"
	"7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0        [vdso]\n";

Test(mappings, name_the_file_and_the_place_in_it)
{
	char out[MAPPINGS_NAME];

	cr_expect(mappings_name(out, maps, 0x55d0c0a011f0));
	cr_expect_str_eq(out, "client+0x11f0");
	cr_expect(mappings_name(out, maps, 0x7f00000e80b3));
	cr_expect_str_eq(out, "libc.so.6+0x10e0b3");
	cr_expect(mappings_name(out, maps, 0x7ffd000005f0));
	cr_expect_str_eq(out, "[vdso]+0x5f0");
	cr_expect(mappings_name(out, maps, 0x55d0c0a00010));
	cr_expect_str_eq(out, "cli?ent?(deleted)+0x10");
	cr_expect_not(mappings_name(out, maps, 0x7f0000200010), "memory of no file");
	cr_expect_str_eq(out, "0x7f0000200010");
	cr_expect_not(mappings_name(out, maps, 0x7f0000100000), "the end is not in it");
	cr_expect_not(mappings_name(out, NULL, 0x10), "the process is gone");
	cr_expect_str_eq(out, "0x10");
}

Test(mappings, are_those_of_a_process_of_that_name)
{
	int proc = open("/proc", O_RDONLY | O_DIRECTORY);
	char *text, out[MAPPINGS_NAME];

	prctl(PR_SET_NAME, "mapped");
	text = mappings_read(proc, getpid(), "mapped");
	cr_assert_not_null(text);
	cr_expect(mappings_name(out, text, (uintptr_t)&mappings_name), "%s", text);
	free(text);
	cr_expect_null(mappings_read(proc, getpid(), "another"));
	cr_expect_null(mappings_read(proc, 0, "mapped"));
	close(proc);
}

static struct ksyms *syms;
static struct host h;

static uint64_t frame(const char *name)
{
	static uint64_t at = 0xffffffff81000000;
	const struct ksym sym = { name, "", at += 0x1000, 0x100 };

	cr_assert_eq(ksyms_tell(syms, at + 0xf, &sym), 0);
	return at + 0x10;
}

/* Whether a loss with these frames shows the stack of the task. */
static bool shows(uint8_t kind, const char *const *names)
{
	static union {
		struct event ev;
		uint8_t bytes[sizeof(struct event) + EVENT_STACK * 8 + sizeof(struct event_more)];
	} r;
	struct bytes packet = { .size = 0 };
	struct event_more *m = (void *)(r.ev.stack + EVENT_STACK);
	struct extras *e = NULL;
	struct drop d;
	bool shown;

	build_ipv4(&packet, 17, "10.1.0.7", "10.2.0.2");
	r.ev = build_event(&packet, 0x0800);
	r.ev.size = sizeof(r);
	r.ev.has_more = 1;
	r.ev.key.kind = kind;
	for (r.ev.stack_size = 0; *names; names++)
		r.ev.stack[r.ev.stack_size++] = frame(*names);
	m->pid = getpid();
	m->user_frames = 2;
	m->user_stack[0] = 0x10;
	m->user_stack[1] = 0x20;
	cr_assert_eq(decode(&d, &r, sizeof(r)), 0);
	cr_assert_eq(d.more, m);
	cr_assert_eq(extras_new(&e, "/", NULL), 0);
	shown = extras_find(e, &d, &h)->frame_count == 2;
	extras_free(e);
	return shown;
}

Test(extras, the_stack_is_the_callers_where_that_is_certain)
{
	static const char *const none[] = { NULL };
	static const char *const call[] = { "nf_hook_slow", "udp_sendmsg", "do_syscall_64",
					    "entry_SYSCALL_64_after_hwframe", NULL };
	static const char *const softirq[] = { "__udp4_lib_rcv",
					       "__do_softirq",
					       "do_softirq",
					       "__dev_queue_xmit",
					       "udp_sendmsg",
					       "entry_SYSCALL_64_after_hwframe",
					       NULL };
	static const char *const interrupt[] = { "ip_rcv", "common_interrupt", "do_syscall_64",
						 "entry_SYSCALL_64_after_hwframe", NULL };
	static const char *const cut_off[] = { "nf_hook_slow", "udp_sendmsg", NULL };

	h = *build_host();
	cr_assert_eq(ksyms_told(&syms), 0);
	h.ksyms = syms;
	cr_expect(shows(EV_CALL, none), "a call is reported by its caller");
	cr_expect(shows(EV_SKB_DROP, call));
	cr_expect_not(shows(EV_SKB_DROP, softirq));
	cr_expect_not(shows(EV_SKB_DROP, interrupt));
	cr_expect_not(shows(EV_SKB_DROP, cut_off));
	cr_expect_not(shows(EV_SKB_DROP, none));
	ksyms_free(syms);
}

Test(extras, what_does_not_fit_into_the_record_is_refused)
{
	static union {
		struct event ev;
		uint8_t bytes[sizeof(struct event) + EVENT_STACK * 8 + sizeof(struct event_more) +
			      8];
	} r;
	struct bytes packet = { .size = 0 };
	struct event_more *m = (void *)(r.ev.stack + EVENT_STACK);
	struct drop d;

	build_ipv4(&packet, 17, "10.1.0.7", "10.2.0.2");
	r.ev = build_event(&packet, 0x0800);
	r.ev.has_more = 1;
	cr_expect_eq(decode(&d, &r, sizeof(r)), -EBADMSG, "there is no room for it");
	r.ev.size = sizeof(r);
	m->snap_size = 8;
	cr_expect_eq(decode(&d, &r, sizeof(r)), 0);
	m->snap_size = 9;
	cr_expect_eq(decode(&d, &r, sizeof(r)), -EBADMSG);
	m->snap_size = 0;
	m->user_frames = MORE_FRAMES + 1;
	cr_expect_eq(decode(&d, &r, sizeof(r)), -EBADMSG);
	m->user_frames = 0;
	m->sk_size = MORE_SK_SIZE + 1;
	cr_expect_eq(decode(&d, &r, sizeof(r)), -EBADMSG);
}
