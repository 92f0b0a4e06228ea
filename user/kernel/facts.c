/* SPDX-License-Identifier: GPL-2.0-only */
/* How to ask a kernel what can be attached: BTF, symbols, and a harmless try of each way. */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/hash.h"
#include "kernel/btf_name.h"
#include "kernel/facts.h"
#include "kernel/ksyms.h"
#include "probe/probes.h"

const char *const attach_how_names[ATTACH_COUNT] = {
	[ATTACH_TP_BTF] = "tp_btf", [ATTACH_RAW_TP] = "raw_tp", [ATTACH_FENTRY] = "fentry",
	[ATTACH_FEXIT] = "fexit",   [ATTACH_KPROBE] = "kprobe", [ATTACH_KRETPROBE] = "kretprobe",
};

static const char *const kind_names[KF_COUNT] = { "tp",	    "func", "sym",   "how",
						  "module", "enum", "kfunc", "struct" };

/* Enumerators whose values choose_kfeat() hands to the programs: counters of include/uapi/linux/snmp.h,
 * drop reasons, and variables of neighbours. */
static const char *const enumerators[] = {
	"LINUX_MIB_LISTENOVERFLOWS",
	"LINUX_MIB_LISTENDROPS",
	"LINUX_MIB_TCPREQQFULLDROP",
	"LINUX_MIB_TCPREQQFULLDOCOOKIES",
	"SKB_DROP_REASON_PKT_TOO_BIG",
	"SKB_DROP_REASON_IP_RPFILTER",
	"SKB_DROP_REASON_NEIGH_CREATEFAIL",
	"NEIGH_VAR_QUEUE_LEN_BYTES",
	"IPSTATS_MIB_OUTNOROUTES",
	"SKB_DROP_REASON_PROTO_MEM",
	"SKB_DROP_REASON_SOCKET_RCVBUFF",
	"SKB_DROP_REASON_TCP_OFO_QUEUE_PRUNE",
	"SKB_DROP_REASON_TCP_INVALID_END_SEQUENCE",
	"SKB_DROP_REASON_TCP_OVERWINDOW",
	"LINUX_MIB_BEYOND_WINDOW",
};

/* Kernel functions that programs call: see kfunc.h. */
static const char *const kfuncs[] = { "bpf_preempt_disable", "bpf_preempt_enable",
				      "bpf_rdonly_cast" };

static bool is_kfunc(const char *name)
{
	for (size_t i = 0; i < sizeof(kfuncs) / sizeof(kfuncs[0]); i++)
		if (!strcmp(kfuncs[i], name))
			return true;
	return false;
}

int facts_get(const struct facts *f, enum kernel_fact kind, const char *name, int absent)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->rows[i].kind == kind && !strcmp(f->rows[i].name, name))
			return f->rows[i].value;
	return absent;
}

void facts_set(struct facts *f, enum kernel_fact kind, const char *name, int value)
{
	size_t i = 0;

	while (i < f->count && (f->rows[i].kind != kind || strcmp(f->rows[i].name, name)))
		i++;
	if (i == FACTS_MAX || strlen(name) >= sizeof(f->rows[i].name))
		return;
	f->rows[i].kind = kind;
	strcpy(f->rows[i].name, name);
	f->rows[i].value = value;
	if (i == f->count)
		f->count++;
}

/* Parameters of the prototype that a FUNC or a pointer typedef leads to in a few steps, -1 if it is none. */
static int params(const struct btf *btf, int id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	for (int i = 0; i < 4 && t && (btf_is_typedef(t) || btf_is_ptr(t) || btf_is_func(t)); i++)
		t = btf__type_by_id(btf, t->type);
	return t && btf_is_func_proto(t) ? btf_vlen(t) : -1;
}

/* The enums of the counters have no name, so they are found by what is in them. */
static void collect_enum(struct facts *f, const struct btf *btf, const struct btf_type *t)
{
	const struct btf_enum *e = btf_enum(t);

	for (int i = 0; i < btf_vlen(t); i++)
		for (size_t k = 0; k < sizeof(enumerators) / sizeof(enumerators[0]); k++)
			if (!strcmp(btf_name(btf, e[i].name_off), enumerators[k]))
				facts_set(f, KF_ENUM, enumerators[k], e[i].val);
}

/*
 * The names the probe table asks for, each kept once. A kernel has more than a hundred thousand types: they are
 * walked through once for all names, since every search by name is such a walk.
 */
struct asked {
	struct intern functions, tracepoints;
};

static bool is_asked(const struct intern *names, const char *name)
{
	return intern_find(names, name, strlen(name));
}

/* Tracepoints are typedefs btf_trace_<name> of (void *data, arguments...). */
#define TRACE_PREFIX "btf_trace_"

/* The first of a name counts: functions of one file may be called like another one's. */
static void collect_type(struct facts *f, const struct btf *btf, int id, const struct asked *asked)
{
	const struct btf_type *t = btf__type_by_id(btf, id);
	const char *name = btf_name(btf, t->name_off);

	if (btf_is_func(t)) {
		if (is_asked(&asked->functions, name) && facts_get(f, KF_FUNC, name, -1) < 0)
			facts_set(f, KF_FUNC, name, params(btf, id));
		else if (!strncmp(name, "bpf_", 4) && is_kfunc(name))
			facts_set(f, KF_KFUNC, name, id);
	} else if (btf_is_typedef(t) && !strncmp(name, TRACE_PREFIX, strlen(TRACE_PREFIX))) {
		name += strlen(TRACE_PREFIX);
		if (is_asked(&asked->tracepoints, name))
			facts_set(f, KF_TP, name, params(btf, id) - 1);
	} else if (btf_is_enum(t) && (!*name || !strcmp(name, "skb_drop_reason"))) {
		collect_enum(f, btf, t);
	} else if (btf_is_struct(t) && !strcmp(name, FACT_NUMBER)) {
		facts_set(f, KF_STRUCT, name, id);
	}
}

/* From the type `first` on: a module's own types come behind those of the kernel. */
static void collect_types(struct facts *f, const struct btf *btf, __u32 first,
			  const struct asked *asked)
{
	for (__u32 id = first; id < btf__type_cnt(btf); id++)
		collect_type(f, btf, id, asked);
}

/* A program that does nothing, attached and detached again: the only sure way to know. */
static int try_tracing(const struct btf *btf, enum bpf_attach_type type, const char *prefix,
		       const char *name, int btf_kind)
{
	struct bpf_insn nothing[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = type);
	char type_name[64];
	int prog, link;

	if (!btf)
		return -ENOENT;
	strcpy(type_name, prefix);
	strcat(type_name, name);
	opts.attach_btf_id = btf__find_by_name_kind(btf, type_name, btf_kind);
	if ((int)opts.attach_btf_id < 0)
		return -ENOENT;
	prog = bpf_prog_load(BPF_PROG_TYPE_TRACING, "whydrop_try", "GPL", nothing, 2, &opts);
	if (prog < 0)
		return prog;
	link = bpf_raw_tracepoint_open(NULL, prog);
	close(prog);
	if (link < 0)
		return link;
	close(link);
	return 0;
}

static int try_raw_tp(void)
{
	struct bpf_insn nothing[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int prog, link;

	prog = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "whydrop_try", "GPL", nothing, 2, NULL);
	if (prog < 0)
		return prog;
	link = bpf_raw_tracepoint_open("kfree_skb", prog);
	close(prog);
	if (link < 0)
		return link;
	close(link);
	return 0;
}

/* Type of the performance event source of kprobes (4.17), 0 if there is none. */
static int kprobe_type(void)
{
	FILE *f = fopen("/sys/bus/event_source/devices/kprobe/type", "re");
	int type = 0;

	if (f && fscanf(f, "%d", &type) != 1)
		type = 0;
	if (f)
		fclose(f);
	return type;
}

/* CONFIG_KPROBE_EVENTS. Who may not read performance events (kernel.perf_event_paranoid) may not attach either. */
static int try_kprobe(void)
{
	struct perf_event_attr attr = { .size = sizeof(attr),
					.type = kprobe_type(),
					.kprobe_func = (uintptr_t) "__icmp_send" };
	int fd;

	if (!attr.type)
		return -ENOENT;
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return errno == EACCES || errno == EPERM ? -errno : 0;
	close(fd);
	return 0;
}

/* Functions of modules are in BTF of their own, on kernels that have that (5.11). */
static struct btf *module_btf(const char *module, const struct btf *base)
{
	char path[128];

	if (!base)
		return NULL;
	snprintf(path, sizeof(path), "/sys/kernel/btf/%s", module);
	return access(path, R_OK) ? NULL : btf__parse_split(path, (struct btf *)base);
}

static bool is_loaded(const char *module)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	return !access(path, F_OK);
}

static bool is_on_function(const struct attachment *a)
{
	return a->how != ATTACH_TP_BTF && a->how != ATTACH_RAW_TP;
}

/* What the probes of that module attach to; NULL: all probes. */
static void ask(struct asked *asked, const char *module)
{
	intern_init(&asked->functions);
	intern_init(&asked->tracepoints);
	for (size_t i = 0; i < probes_count; i++) {
		const struct probe *p = &probes[i];

		if (module && (!p->module || strcmp(p->module, module)))
			continue;
		for (const struct attachment *a = p->attach; a->target; a++)
			intern_add(is_on_function(a) ? &asked->functions : &asked->tracepoints,
				   a->target, strlen(a->target));
	}
}

static void forget(struct asked *asked)
{
	intern_free(&asked->functions);
	intern_free(&asked->tracepoints);
}

void facts_collect_module(struct facts *f, const char *module, const struct btf *btf)
{
	struct btf *own = module_btf(module, btf);
	struct asked asked;

	if (is_loaded(module))
		facts_set(f, KF_MODULE, module, own ? 2 : 1);
	ask(&asked, module);
	if (own)
		collect_types(f, own, btf__type_cnt(btf), &asked);
	forget(&asked);
	btf__free(own);
}

void facts_forget_module(struct facts *f, const char *module)
{
	for (size_t i = 0; i < probes_count; i++) {
		if (!probes[i].module || strcmp(probes[i].module, module))
			continue;
		facts_set(f, KF_MODULE, module, 0);
		for (const struct attachment *a = probes[i].attach; a->target; a++)
			if (is_on_function(a))
				facts_set(f, KF_SYM, a->target, 0);
	}
}

int facts_module_btf(void)
{
	__u32 id = 0;

	return bpf_btf_get_next_id(id, &id) && errno == EPERM ? -EPERM : 0;
}

void facts_collect_types(struct facts *f, const struct btf *btf)
{
	struct asked asked;

	ask(&asked, NULL);
	collect_types(f, btf, 1, &asked);
	forget(&asked);
}

void facts_collect(struct facts *f, const struct btf *btf)
{
	f->count = 0;
	if (btf)
		facts_collect_types(f, btf);
	for (size_t i = 0; i < probes_count; i++)
		if (probes[i].module && facts_get(f, KF_MODULE, probes[i].module, -1) < 0)
			facts_collect_module(f, probes[i].module, btf);
	facts_set(f, KF_HOW, "tp_btf",
		  try_tracing(btf, BPF_TRACE_RAW_TP, TRACE_PREFIX, "kfree_skb", BTF_KIND_TYPEDEF));
	facts_set(f, KF_HOW, "raw_tp", try_raw_tp());
	facts_set(f, KF_HOW, "fentry",
		  try_tracing(btf, BPF_TRACE_FENTRY, "", "__icmp_send", BTF_KIND_FUNC));
	facts_set(f, KF_HOW, "fexit", facts_get(f, KF_HOW, "fentry", 0));
	facts_set(f, KF_HOW, FACT_MODULE_BTF, facts_module_btf());
	facts_set(f, KF_HOW, "kprobe", try_kprobe());
	facts_set(f, KF_HOW, "kretprobe", facts_get(f, KF_HOW, "kprobe", 0));
}

void facts_collect_symbols(struct facts *f, const struct ksyms *syms)
{
	struct ksym sym;

	for (size_t i = 0; i < probes_count && syms; i++)
		for (const struct attachment *a = probes[i].attach; a->target; a++)
			if (is_on_function(a) && ksyms_by_name(syms, a->target, &sym))
				facts_set(f, KF_SYM, a->target, 1);
}

void facts_print(const struct facts *f, FILE *to)
{
	for (size_t i = 0; i < f->count; i++)
		fprintf(to, "%s %s %d\n", kind_names[f->rows[i].kind], f->rows[i].name,
			f->rows[i].value);
}

int facts_parse(struct facts *f, FILE *from, int *line)
{
	char text[128], kind[8], name[48];
	int value, k;

	f->count = 0;
	for (*line = 1; fgets(text, sizeof(text), from); (*line)++) {
		if (sscanf(text, "%7s %47s %d", kind, name, &value) != 3)
			return -EINVAL;
		for (k = 0; k < KF_COUNT && strcmp(kind, kind_names[k]); k++)
			;
		if (k == KF_COUNT)
			return -EINVAL;
		facts_set(f, k, name, value);
	}
	return 0;
}
