/* SPDX-License-Identifier: GPL-2.0-only */
/* How the chosen programs get into this kernel, and what to do when it refuses one of them. */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/types.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "event.h"
#include "kfeat.h"
#include "knobs.h"
#include "kernel/ksyms.h"
#include "probe/loader.h"
#include "whydrop.skel.h"

struct loader {
	struct loader_config config;
	struct facts facts;
	struct kfeat kf;
	struct choice choices[LOADER_PROBES_MAX];
	struct bpf_link *links[LOADER_PROBES_MAX];
	struct whydrop_bpf *skel;
	int cpus;
};

static struct bpf_program *program(struct whydrop_bpf *skel, size_t i, int way)
{
	char name[64];

	snprintf(name, sizeof(name), "%s__%s", probes[i].name,
		 attach_how_names[probes[i].attach[way].how]);
	return bpf_object__find_program_by_name(skel->obj, name);
}

static void choose_all(struct loader *l)
{
	for (size_t i = 0; i < probes_count; i++) {
		const struct probe *p = &probes[i];
		int way;

		choose(&l->choices[i], p, &l->facts, l->config.allowed);
		way = l->choices[i].way;
		if (way >= 0 && p->notes)
			l->kf.notes = 1;
		/* a tracepoint fires for what the kernel sends, a function is called for each error */
		if (p->watched)
			((__u8 *)&l->kf)[p->watched] =
				way >= 0 && p->attach[way].how != ATTACH_TP_BTF;
	}
}

static void range(const struct ksyms *syms, const char *name, __u64 *start, __u64 *end)
{
	struct ksym sym;

	if (!syms || !ksyms_by_name(syms, name, &sym))
		return;
	*start = sym.start;
	*end = sym.start + sym.size;
}

static int open_skel(struct loader *l)
{
	l->skel = whydrop_bpf__open();
	if (!l->skel)
		return -errno;
	l->skel->rodata->kf = l->kf;
	l->skel->rodata->knobs = l->config.knobs;
	if (!l->config.knobs.events)
		bpf_map__set_max_entries(l->skel->maps.events, getpagesize());
	for (size_t i = 0; i < probes_count; i++)
		if (l->choices[i].way >= 0)
			bpf_program__set_autoload(program(l->skel, i, l->choices[i].way), true);
	return 0;
}

static bool loads_alone(struct loader *l, size_t i)
{
	struct whydrop_bpf *skel = whydrop_bpf__open();
	bool loads;

	if (!skel)
		return false;
	skel->rodata->kf = l->kf;
	skel->rodata->knobs = l->config.knobs;
	bpf_program__set_autoload(program(skel, i, l->choices[i].way), true);
	loads = !whydrop_bpf__load(skel);
	whydrop_bpf__destroy(skel);
	return loads;
}

/* libbpf's error code does not say which program the kernel refused: try them one by one. */
static int find_refused(struct loader *l)
{
	for (size_t i = 0; i < probes_count; i++)
		if (l->choices[i].way >= 0 && !loads_alone(l, i))
			return i;
	return -1;
}

static int refuse(struct loader *l, size_t i, int err)
{
	struct choice *c = &l->choices[i];

	log_debug("%s: %s refused: %s", probes[i].name,
		  attach_how_names[probes[i].attach[c->way].how], strerror(-err));
	c->refused |= 1U << c->way;
	choose_all(l);
	if (c->way < 0 && probes[i].required)
		return err;
	return 0;
}

void loader_detach(struct loader *l)
{
	for (size_t i = 0; i < probes_count; i++) {
		bpf_link__destroy(l->links[i]);
		l->links[i] = NULL;
	}
}

static void unload(struct loader *l)
{
	loader_detach(l);
	whydrop_bpf__destroy(l->skel);
	l->skel = NULL;
}

/* Notes first, kfree_skb last: what it takes along must be there before it looks. */
static int attach_all(struct loader *l)
{
	for (size_t n = probes_count; n-- > 0;) {
		struct bpf_program *prog;

		if (l->choices[n].way < 0)
			continue;
		prog = program(l->skel, n, l->choices[n].way);
		l->links[n] = bpf_program__attach(prog);
		if (!l->links[n])
			return n + 1;
		log_debug("%s: attached by %s", probes[n].name,
			  attach_how_names[probes[n].attach[l->choices[n].way].how]);
	}
	return 0;
}

/* Each round either stands or rules out one way of one probe, so this ends. */
static int load(struct loader *l)
{
	int err, bad;

	for (;;) {
		err = open_skel(l);
		if (err)
			return err;
		err = whydrop_bpf__load(l->skel);
		bad = err ? find_refused(l) : attach_all(l) - 1;
		if (!err && bad < 0)
			return 0;
		if (!err)
			err = errno ? -errno : -EINVAL;
		if (bad < 0)
			return err;
		err = refuse(l, bad, err);
		unload(l);
		if (err)
			return err;
	}
}

static int explain(const struct loader *l, int err)
{
	if (!l->config.btf)
		return log_err(-ENOTSUP,
			       "this kernel has no BTF (/sys/kernel/btf/vmlinux is missing): "
			       "whydrop needs a kernel built with CONFIG_DEBUG_INFO_BTF=y");
	if (err == -EPERM || err == -EACCES)
		return log_err(err, "the kernel does not let this user load BPF programs: run as "
				    "root, or with CAP_BPF, CAP_PERFMON and CAP_SYSLOG");
	return log_err(err, "cannot load the kernel programs (-v shows the kernel's words)");
}

/* Whether the kernel refused what was tried for want of privileges. */
static bool is_refused(const struct facts *f, enum attach_how how)
{
	int err = facts_get(f, KF_HOW, attach_how_names[how], 0);

	return err == -EPERM || err == -EACCES;
}

static int check_required(const struct loader *l)
{
	for (size_t i = 0; i < probes_count; i++) {
		if (!probes[i].required || l->choices[i].way >= 0)
			continue;
		if (is_refused(&l->facts, ATTACH_TP_BTF) && is_refused(&l->facts, ATTACH_RAW_TP))
			return explain(l, -EPERM);
		return log_err(-ENOTSUP, "cannot attach %s: %s", probes[i].name, l->choices[i].why);
	}
	return 0;
}

__attribute__((format(printf, 2, 0))) static int print_libbpf(enum libbpf_print_level level,
							      const char *fmt, va_list ap)
{
	if (level != LIBBPF_DEBUG)
		log_vdebug(fmt, ap);
	return 0;
}

int loader_new(struct loader **out, const struct loader_config *config)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct loader *l = calloc(1, sizeof(*l));
	int err;

	if (!l)
		return -ENOMEM;
	libbpf_set_print(print_libbpf);
	/* BPF memory counts against this limit before 5.11 only; a refusal is seen at the load */
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	l->config = *config;
	l->cpus = libbpf_num_possible_cpus();
	err = l->cpus < 0 ? l->cpus : 0;
	if (err || !config->btf) {
		err = explain(l, err ? err : -ENOTSUP);
		goto fail;
	}
	facts_collect(&l->facts, config->btf, config->ksyms);
	choose_kfeat(&l->kf, &l->facts);
	range(config->ksyms, "__dev_forward_skb", &l->kf.forward_start, &l->kf.forward_end);
	range(config->ksyms, "__dev_forward_skb2", &l->kf.forward2_start, &l->kf.forward2_end);
	choose_all(l);
	err = check_required(l);
	if (err)
		goto fail;
	err = load(l);
	if (err) {
		err = explain(l, err);
		goto fail;
	}
	if (!config->ksyms)
		log_warn(0,
			 "the kernel hides its symbols: places are shown as addresses, and causes "
			 "that only the place tells are 'unknown'. Run with CAP_SYSLOG, or set "
			 "kernel.kptr_restrict to 0 or 1");
	*out = l;
	return 0;
fail:
	loader_free(l);
	return err;
}

void loader_free(struct loader *l)
{
	if (!l)
		return;
	unload(l);
	free(l);
}

const struct choice *loader_choice(const struct loader *l, size_t i)
{
	return &l->choices[i];
}

const struct facts *loader_facts(const struct loader *l)
{
	return &l->facts;
}

int loader_events_fd(const struct loader *l)
{
	return bpf_map__fd(l->skel->maps.events);
}

int loader_counters(const struct loader *l, uint64_t out[CNT_MAX])
{
	size_t words = bpf_map__value_size(l->skel->maps.cpu_state) / 8;
	__u64 *values = calloc(l->cpus * words, sizeof(*values));
	__u32 zero = 0;
	int err;

	if (!values)
		return -ENOMEM;
	err = bpf_map_lookup_elem(bpf_map__fd(l->skel->maps.cpu_state), &zero, values);
	for (int c = 0; c < CNT_MAX && !err; c++) {
		out[c] = 0;
		for (int cpu = 0; cpu < l->cpus; cpu++)
			out[c] += values[cpu * words + c];
	}
	free(values);
	return err;
}

uint64_t loader_missed(const struct loader *l)
{
	uint64_t missed = 0;

	for (size_t i = 0; i < probes_count; i++) {
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (l->choices[i].way >= 0 &&
		    !bpf_obj_get_info_by_fd(bpf_program__fd(program(l->skel, i, l->choices[i].way)),
					    &info, &size))
			missed += info.recursion_misses;
	}
	return missed;
}

static struct loss_count add_up(const struct loss_count *values, int cpus)
{
	struct loss_count sum = {};

	for (int cpu = 0; cpu < cpus; cpu++) {
		sum.buffers += values[cpu].buffers;
		sum.packets += values[cpu].packets;
		sum.bytes += values[cpu].bytes;
	}
	return sum;
}

int loader_losses(const struct loader *l,
		  void (*each)(void *arg, const struct loss_key *key, const struct loss_count *sum),
		  void *arg)
{
	struct loss_count *values = calloc(l->cpus, sizeof(*values)), sum;
	int fd = bpf_map__fd(l->skel->maps.losses), err;
	struct loss_key key, *prev = NULL;
	__u32 zero = 0;

	if (!values)
		return -ENOMEM;
	while (!bpf_map_get_next_key(fd, prev, &key)) {
		prev = &key;
		if (bpf_map_lookup_elem(fd, &key, values))
			continue;
		sum = add_up(values, l->cpus);
		each(arg, &key, &sum);
	}
	err = bpf_map_lookup_elem(bpf_map__fd(l->skel->maps.losses_other), &zero, values);
	if (!err) {
		sum = add_up(values, l->cpus);
		if (sum.buffers)
			each(arg, NULL, &sum);
	}
	free(values);
	return err;
}

static int set_owner(struct bpf_map *map, const void *key, __u32 id, bool add)
{
	int fd = bpf_map__fd(map);

	return add ? bpf_map_update_elem(fd, key, &id, BPF_ANY) : bpf_map_delete_elem(fd, key);
}

int loader_owner_dev(const struct loader *l, const struct owner_dev *key, uint32_t id, bool add)
{
	return set_owner(l->skel->maps.owner_by_dev, key, id, add);
}

int loader_owner_mac(const struct loader *l, uint64_t key, uint32_t id, bool add)
{
	return set_owner(l->skel->maps.owner_by_mac, &key, id, add);
}

int loader_owner_addr(const struct loader *l, const struct owner_addr *key, uint32_t id, bool add)
{
	return set_owner(l->skel->maps.owner_by_addr, key, id, add);
}

void loader_owners_known(const struct loader *l, bool known)
{
	l->skel->bss->owners_known = known;
}
