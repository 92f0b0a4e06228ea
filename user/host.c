/* SPDX-License-Identifier: GPL-2.0-only */
/* How struct host is filled on a live machine, and what a missing source costs. */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/pods.h"
#include "attribute/watch.h"
#include "base/log.h"
#include "host.h"
#include "kernel/ksyms.h"
#include "kernel/reasons.h"
#include "kernel/sysctl.h"
#include "rules/rules.h"

/* Its words are for -v: what they mean for the user is said by those who asked. */
__attribute__((format(printf, 2, 0))) static int print_libbpf(enum libbpf_print_level level,
							      const char *fmt, va_list ap)
{
	if (level != LIBBPF_DEBUG)
		log_vdebug(fmt, ap);
	return 0;
}

#define SYMBOLS "/proc/kallsyms"
#define MODULES "/proc/modules"

int host_refresh_symbols(struct live_host *l)
{
	l->symbols_stale = false;
	return l->ksyms ? ksyms_refresh(l->ksyms, SYMBOLS, MODULES) : 0;
}

int host_know_address(struct live_host *l, uint64_t address)
{
	if (!l->symbols_stale || !address || (address > l->text_start && address <= l->text_end))
		return 0;
	return host_refresh_symbols(l);
}

static void *open_ksyms(void *host)
{
	struct live_host *l = host;
	struct ksyms *k = NULL;
	struct ksym start, end;
	int err = ksyms_new(&k, SYMBOLS, MODULES);

	if (err)
		log_debug("no kernel symbols: %s", strerror(-err));
	l->host.ksyms = l->ksyms = k;
	if (k && ksyms_by_name(k, "_stext", &start) && ksyms_by_name(k, "_etext", &end)) {
		l->text_start = start.start;
		l->text_end = end.start;
	}
	return NULL;
}

const struct ksyms *host_symbols(struct live_host *l)
{
	if (l->reading)
		pthread_join(l->reader, NULL);
	l->reading = false;
	return l->ksyms;
}

const struct btf *host_btf(struct live_host *l)
{
	if (!l->btf)
		l->btf = btf__load_vmlinux_btf();
	if (!l->btf)
		log_debug("no BTF of the kernel: %d", -errno);
	return l->btf;
}

void host_give_back_btf(struct live_host *l)
{
	btf__free(l->btf);
	l->btf = NULL;
	malloc_trim(0);
}

static int learn(struct live_host *l, const char *root)
{
	int err = reasons_new(&l->reasons, host_btf(l));

	if (!err)
		err = pods_new(&l->host.pods);
	if (err)
		return err;
	l->host.reasons = l->reasons;
	sysctl_read(&l->host, root);
	err = watch_new(&l->watch, l->host.pods, root);
	if (!err)
		l->host.netns = watch_host_netns(l->watch);
	return err;
}

int host_open(struct live_host **out, const char *root)
{
	struct live_host *l = calloc(1, sizeof(*l));
	int err;

	if (!l)
		return -ENOMEM;
	libbpf_set_print(print_libbpf);
	/* the kernel takes a while to print its symbols, and much can be done without them */
	l->reading = !pthread_create(&l->reader, NULL, open_ksyms, l);
	if (!l->reading)
		open_ksyms(l);
	err = learn(l, root);
	if (err) {
		host_close(l);
		return log_err(err, "cannot learn about this host");
	}
	*out = l;
	return 0;
}

void host_close(struct live_host *l)
{
	if (!l)
		return;
	host_symbols(l);
	rules_free(l->host.rules);
	watch_free(l->watch);
	pods_free(l->host.pods);
	reasons_free(l->reasons);
	ksyms_free(l->ksyms);
	btf__free(l->btf);
	free(l);
}
