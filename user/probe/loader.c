/* SPDX-License-Identifier: GPL-2.0-only */
/* How the chosen programs get into this kernel, and what to do when it refuses one of them. */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/types.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "kernel/ksyms.h"
#include "kernel/lockdown.h"
#include "kernel/layout.h"
#include "probe/loader_impl.h"
#include "whydrop.skel.h"

void loader_choose(struct loader *l)
{
	for (size_t i = 0; i < probes_count; i++) {
		const struct probe *p = &probes[i];
		int way;

		l->choices[i].unwanted = p->rules > l->config.rules;
		choose(&l->choices[i], p, &l->facts, l->config.allowed);
		way = l->choices[i].way;
		/* its module may still come */
		if (p->notes && (way >= 0 || p->module))
			l->kf.notes = 1;
		/* a tracepoint fires for what the kernel sends, a function is called for each error */
		if (p->watched)
			((__u8 *)&l->kf)[p->watched] =
				way >= 0 && p->attach[way].how != ATTACH_TP_BTF;
	}
}

/* Whether each table engine that is loaded or built in has its hook: what drops without a word is then none of
 * them. Without symbols that is not known. */
static bool engines_watched(const struct loader *l)
{
	for (size_t i = 0; i < probes_count; i++) {
		const struct probe *p = &probes[i];

		if (p->engine && loader_waits(l, i))
			return false;
		if (p->engine && l->choices[i].way < 0 &&
		    (!l->config.ksyms || facts_get(&l->facts, KF_MODULE, p->module, 0) ||
		     facts_get(&l->facts, KF_SYM, p->attach[0].target, 0)))
			return false;
	}
	return true;
}

/* What the programs read is in a map all objects share: it can change while they run. */
void loader_tell_layout(struct loader *l)
{
	l->layout.watched = !l->settle_ns && engines_watched(l) ? NF_HOOK_ENGINES_WATCHED
								: NF_HOOK_ENGINES_SILENT;
	/* without a per-CPU counter there is only one CPU, and it is in the rule itself */
	l->layout.xt_known &= l->kf.per_cpu_offset && l->cpus > 1;
	if (l->base.skel) {
		l->base.skel->bss->nf_layout = l->layout;
		l->base.skel->bss->nf_exact = l->config.rules == RULES_EXACT;
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

static __u64 address(const struct ksyms *syms, const char *name)
{
	struct ksym sym;

	return syms && ksyms_by_name(syms, name, &sym) ? sym.start : 0;
}

/* Where things are in this kernel. */
static void locate(struct kfeat *kf, const struct ksyms *syms)
{
	kf->per_cpu_offset = address(syms, "__per_cpu_offset");
	kf->arp_tbl = address(syms, "arp_tbl");
	kf->nd_tbl = address(syms, "nd_tbl");
	kf->ct_max = address(syms, "nf_conntrack_max");
	kf->ct_buckets = address(syms, "nf_conntrack_htable_size");
	kf->ct_net_id = address(syms, "nf_conntrack_net_id");
	range(syms, "__dev_forward_skb", &kf->forward_start, &kf->forward_end);
	range(syms, "__dev_forward_skb2", &kf->forward2_start, &kf->forward2_end);
	range(syms, "__neigh_event_send", &kf->neigh_send_start, &kf->neigh_send_end);
	range(syms, "ip6_xmit", &kf->xmit6_start, &kf->xmit6_end);
	if (kf->kfree_skb_has_reason)
		return;
	range(syms, "ip_rcv_finish_core.constprop.0", &kf->input4_start, &kf->input4_end);
	range(syms, "ip_finish_output2", &kf->output4_start, &kf->output4_end);
	range(syms, "ip6_finish_output2", &kf->output6_start, &kf->output6_end);
}

/* What symbols tell, and what follows from it. */
void loader_ask_symbols(struct loader *l)
{
	facts_collect_symbols(&l->facts, l->config.ksyms);
	choose_kfeat(&l->kf, &l->facts);
	locate(&l->kf, l->config.ksyms);
	loader_choose(l);
	layout_locate(&l->layout, l->config.ksyms);
}

/* Opened already, or anew. */
static int open_object(struct loader *l, struct object *o, const struct object *share)
{
	int err = o->skel ? 0 : object_open(o, l->types, &l->kf);

	return err ? err : object_choose(o, l->choices, &l->kf, &l->config.knobs, share);
}

static void forget_types(struct loader *l)
{
	if (l->types >= 0)
		close(l->types);
	l->types = -1;
}

/* Find what the programs are fitted to, anew since modules bring types, too. Without it all is as well, but slower. */
static void open_fitted(struct loader *l, struct object *o, const struct btf *btf)
{
	int err;

	forget_types(l);
	l->types = memfd_create("whydrop-types", MFD_CLOEXEC);
	err = l->types < 0 ? -errno : object_open(o, l->types, &l->kf);
	if (!err)
		err = object_types(o, btf, l->types);
	if (!err)
		return;
	log_debug("libbpf searches all types of the kernel: %s", strerror(-err));
	object_close(o);
	forget_types(l);
}

/* probes[i] alone, or with -1 the maps alone: before 5.11 these count against RLIMIT_MEMLOCK, and without room for
 * them no program is at fault. */
static bool loads_alone(struct loader *l, int i, const struct object *share)
{
	struct object o = {};
	bool loads;

	if (i >= 0)
		o.has[i] = true;
	loads = !open_object(l, &o, share) && !object_load(&o);
	object_close(&o);
	return loads;
}

/* libbpf's error code does not say which program the kernel refused: try them one by one. -1: none. */
static int find_refused(struct loader *l, const struct object *o, const struct object *share)
{
	if (!loads_alone(l, -1, share))
		return -1;
	for (size_t i = 0; i < probes_count; i++)
		if (o->has[i] && !loads_alone(l, i, share))
			return i;
	return -1;
}

static int refuse(struct loader *l, size_t i, int err)
{
	struct choice *c = &l->choices[i];

	log_debug("%s: %s refused: %s", probes[i].name,
		  attach_how_names[probes[i].attach[c->way].how], strerror(-err));
	c->refused |= 1U << c->way;
	loader_choose(l);
	if (c->way < 0 && probes[i].required)
		return err;
	return 0;
}

/* This process may not open more: no program is at fault, and with fewer of them losses would go unseen. */
static bool is_short(int err)
{
	return err == -EMFILE || err == -ENFILE;
}

/* Each round either stands or rules out one way of one probe, so this ends. */
static int load(struct loader *l, struct object *o, const struct object *share)
{
	int err, bad;

	for (;;) {
		for (size_t i = 0; i < probes_count; i++)
			o->has[i] &= l->choices[i].way >= 0;
		err = open_object(l, o, share);
		if (err) {
			object_close(o);
			return err;
		}
		err = object_load(o);
		bad = is_short(err) ? -1
		      : err	    ? find_refused(l, o, share)
				    : loader_attach(l, o) - 1;
		if (!err && bad < 0)
			return 0;
		if (!err)
			err = errno ? -errno : -EINVAL;
		if (bad >= 0 && !is_short(err))
			err = refuse(l, bad, err);
		object_close(o);
		if (bad < 0 || err)
			return err;
	}
}

int loader_add(struct loader *l, struct object *o, const struct btf *btf)
{
	open_fitted(l, o, btf);
	return load(l, o, &l->base);
}

void loader_detach(struct loader *l)
{
	l->detached = true;
	object_detach(&l->base);
	for (size_t i = 0; i < l->late_count; i++)
		object_detach(&l->late[i].object);
}

static int explain(int err)
{
	if (lockdown_hides_memory("/sys/kernel/security/lockdown"))
		return log_err(-ENOTSUP,
			       "this kernel is locked down against the reading of its memory "
			       "(lockdown=confidentiality), which every tracer does: boot it "
			       "with lockdown=integrity or none");
	if (err == -EPERM || err == -EACCES)
		return log_err(err,
			       "the kernel does not let this user load BPF programs: run as "
			       "root, or with CAP_BPF, CAP_PERFMON and CAP_SYSLOG (before 5.11 "
			       "also CAP_SYS_RESOURCE)");
	if (is_short(err))
		return log_err(err,
			       "cannot load the kernel programs: each takes a file descriptor or "
			       "two, raise their limit (ulimit -n 1024)");
	return log_err(err == -ENOMEM ? err : -ENOTSUP,
		       "cannot load the kernel programs (-v shows the kernel's words)");
}

/* The error that no try to attach a program to a tracepoint got past, if it tells of this process and not of
 * the kernel; or 0. */
static int refusal(const struct facts *f)
{
	int err = facts_get(f, KF_HOW, attach_how_names[ATTACH_RAW_TP], 0);

	if (!facts_get(f, KF_HOW, attach_how_names[ATTACH_TP_BTF], 0))
		return 0;
	return err == -EPERM || err == -EACCES || is_short(err) ? err : 0;
}

static int check_required(const struct loader *l)
{
	for (size_t i = 0; i < probes_count; i++) {
		if (!probes[i].required || l->choices[i].way >= 0)
			continue;
		if (refusal(&l->facts))
			return explain(refusal(&l->facts));
		return log_err(-ENOTSUP, "cannot attach %s: %s", probes[i].name, l->choices[i].why);
	}
	return 0;
}

int loader_new(struct loader **out, const struct loader_config *config)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct loader *l = calloc(1, sizeof(*l));
	int err;

	if (!l)
		return -ENOMEM;
	/* BPF memory counts against this limit before 5.11 only; a refusal is seen at the load */
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	l->config = *config;
	l->types = -1;
	l->cpus = libbpf_num_possible_cpus();
	err = l->cpus < 0 ? explain(l->cpus) : 0;
	if (!err && !config->btf)
		err = log_err(-ENOTSUP,
			      "this kernel has no BTF (/sys/kernel/btf/vmlinux is missing): "
			      "whydrop needs a kernel built with CONFIG_DEBUG_INFO_BTF=y");
	if (err) {
		loader_free(l);
		return err;
	}
	facts_collect(&l->facts, config->btf);
	choose_kfeat(&l->kf, &l->facts);
	open_fitted(l, &l->base, config->btf);
	layout_collect(&l->layout, config->btf);
	l->config.btf = NULL;
	*out = l;
	return 0;
}

void loader_prepare(struct loader *l)
{
	if (l->base.skel)
		object_prepare(&l->base);
}

int loader_load(struct loader *l, const struct ksyms *ksyms)
{
	int err;

	l->config.ksyms = ksyms;
	loader_ask_symbols(l);
	err = check_required(l);
	if (err)
		return err;
	if (!ksyms)
		log_warn(0,
			 "the kernel hides its symbols: places are shown as addresses, and causes "
			 "that only the place tells are 'unknown'. Run with CAP_SYSLOG, or set "
			 "kernel.kptr_restrict to 0 or 1");
	memset(l->base.has, true, sizeof(l->base.has));
	err = load(l, &l->base, NULL);
	loader_tell_layout(l);
	return err ? explain(err) : 0;
}

void loader_free(struct loader *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->late_count; i++)
		object_close(&l->late[i].object);
	object_close(&l->base);
	forget_types(l);
	free(l);
}

const struct choice *loader_choice(const struct loader *l, size_t i)
{
	return &l->choices[i];
}

bool loader_lacks(const struct loader *l, size_t i)
{
	const struct choice *c = &l->choices[i];
	const struct probe *p = &probes[i];

	if (c->way >= 0 || c->needless || c->unwanted)
		return false;
	return !p->module || facts_get(&l->facts, KF_MODULE, p->module, 0) ||
	       facts_get(&l->facts, KF_SYM, p->attach[0].target, 0);
}

const struct facts *loader_facts(const struct loader *l)
{
	return &l->facts;
}
