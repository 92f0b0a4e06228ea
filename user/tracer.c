/* SPDX-License-Identifier: GPL-2.0-only */
/* In which order the parts of the tracer start, are served, and end. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attribute/process.h"
#include "attribute/watch.h"
#include "base/log.h"
#include "by_reason.h"
#include "extras.h"
#include "kernel/dump.h"
#include "kernel/modules.h"
#include "owners.h"
#include "probe/loader.h"
#include "rules/rules.h"
#include "source/live.h"
#include "tracer.h"

#define TICK_NS	    50000000  /* a lone loss is shown within this ... */
#define DEADLINE_NS 100000000 /* ... or this, if its owner is not known yet */
/* Where a filter asks for owners, a young pod's losses wait for its name as long as this. */
#define FILTER_PATIENCE_NS 2000000000

static int feed(void *arg, void *data, size_t size)
{
	struct tracer *t = arg;
	const struct event *ev = data;

	if (size >= sizeof(*ev) && host_know_address(t->live_host, ev->key.location))
		log_debug("the symbols of modules that were loaded cannot be read");
	return pipeline_feed(&t->pipeline, data, size);
}

static int drain(struct tracer *t)
{
	const struct pipeline *p = &t->pipeline;
	int n = pipeline_resume(&t->pipeline);

	if (!n)
		n = live_drain(t->live);
	/* the rest of the ring waits behind a record that waits for its owner */
	if (n == -EAGAIN && p->held)
		n = 0;

	if (p->limit && p->fates[FATE_SHOWN] >= p->limit)
		return 1;
	return n < 0 ? n : 0;
}

/* Its functions are new symbols: the loader looks for them, and losses will name them. */
static void on_loaded(struct tracer *t, const char *module)
{
	int err;

	t->live_host->symbols_stale = true;
	if (!probes_in_module(module))
		return;
	err = host_refresh_symbols(t->live_host);
	if (err)
		log_warn(err, "the symbols of module %s cannot be read", module);
	loader_module(t->loader, module, host_btf(t->live_host));
	host_give_back_btf(t->live_host);
}

/* The names of one that has gone are kept for losses that are still to be told. */
static void on_module(void *arg, const char *module, bool loaded)
{
	struct tracer *t = arg;

	log_debug("module %s was %s", module, loaded ? "loaded" : "unloaded");
	if (loaded)
		on_loaded(t, module);
	else if (probes_in_module(module))
		loader_module_gone(t->loader, module);
}

static int on_records(void *arg)
{
	struct tracer *t = arg;
	int err = owners_refresh(t->owners);

	loader_meet(t->loader);
	/* before the losses of a module's functions are named */
	if (t->modules >= 0)
		modules_read(t->modules, on_module, t);
	return err ? err : drain(t);
}

/* Perhaps of the owner that a record waits for. */
static int on_news(void *arg)
{
	struct tracer *t = arg;

	return t->pipeline.held ? on_records(t) : owners_refresh(t->owners);
}

int tracer_tick(struct tracer *t)
{
	int err;

	rules_tick(t->live_host->host.rules);
	err = on_records(t);
	return err ? err : pipeline_tick(&t->pipeline);
}

static int on_tick(void *arg)
{
	return tracer_tick(arg);
}

void tracer_watch(struct tracer *t, struct session_config *session)
{
	session->sources[0] = (struct session_source){ owners_fd(t->owners), false, on_news, t };
	session->sources[1] =
		(struct session_source){ watch_fd(t->live_host->watch), false, on_news, t };
	/* not for each few records that came while others were read */
	session->sources[2] = (struct session_source){ live_fd(t->live), true, on_records, t };
	session->tick_ns = t->tick_ns;
	session->tick = on_tick;
	session->arg = t;
}

/* Of the processes below the root's /proc. */
static void find_pidns(struct knobs *k, const char *root)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/proc/%s/ns/pid", root, strcmp(root, "/") ? "1" : "self");
	if (stat(path, &st))
		return;
	k->pidns_dev = st.st_dev;
	k->pidns_ino = st.st_ino;
}

/* How large records are, and how what they hold is read, where more was asked for than the usual. */
static int prepare_more(struct tracer *t, struct knobs *k, const char *root)
{
	struct dump *dump = NULL;
	int err;

	if (!k->more)
		return 0;
	find_pidns(k, root);
	if (k->more & MORE_SKB) {
		err = dump_new(&dump, host_btf(t->live_host));
		if (err)
			return log_err(err,
				       "--skb needs the kernel's types (CONFIG_DEBUG_INFO_BTF)");
		dump_knobs(dump, k);
	}
	k->record_size = (sizeof(struct event) + EVENT_STACK * sizeof(__u64) +
			  sizeof(struct event_more) + k->snap_size + 7) /
			 8 * 8;
	err = extras_new(&t->extras, root, dump);
	if (err)
		dump_free(dump);
	return err;
}

static int load(struct tracer *t, const struct tracer_config *config)
{
	struct loader_config loader = { .allowed = config->ways,
					.rules = config->rules,
					.always = config->hooks_always,
					.knobs = config->knobs };
	int err;

	loader.btf = host_btf(t->live_host);
	by_reason(&loader.knobs, t->live_host->reasons, config->all_reasons);
	loader.knobs.host_netns = t->live_host->host.netns;
	err = prepare_more(t, &loader.knobs, config->root);
	if (err)
		return err;
	err = loader_new(&t->loader, &loader);
	host_give_back_btf(t->live_host);
	if (err)
		return err;
	loader_prepare(t->loader);
	return loader_load(t->loader, host_symbols(t->live_host));
}

static int open_pipeline(struct tracer *t, const struct tracer_config *config)
{
	struct pipeline *p = &t->pipeline;
	int err;

	p->host = &t->live_host->host;
	p->wanted = config->wanted;
	p->limit = config->limit;
	p->count_only = !config->knobs.events;
	p->patience_ns = config->knobs.filter_owner ? FILTER_PATIENCE_NS : DEADLINE_NS - TICK_NS;
	p->sink = &t->sink;
	p->extras = t->extras;
	err = verdicts_new(&p->verdicts, p->host, t->live_host->watch);
	if (!err)
		err = processes_new(&p->processes, config->root);
	if (!err)
		err = owners_new(&t->owners, t->loader, p->host->pods, t->live_host->watch,
				 &p->wanted);
	if (err)
		return err;
	t->sink.ops = config->sink;
	t->sink.config = config->sink_config;
	t->sink.config.host = p->host;
	err = t->sink.ops->open(&t->sink);
	return err ? err : pipeline_tick(p);
}

int tracer_open(struct tracer *t, const struct tracer_config *config)
{
	int err;

	*t = (struct tracer){ .tick_ns = config->tick_ns ? config->tick_ns : TICK_NS,
			      .modules = modules_open() };
	/* modules are listened for before the look at what is there, so that nothing falls between */
	err = host_open(&t->live_host, config->root);
	if (err)
		return err;
	t->live_host->host.numeric = config->numeric;
	if (config->cri)
		watch_ask_runtime(t->live_host->watch, config->cri);
	err = rules_new(&t->live_host->host.rules, config->root);
	if (err)
		log_warn(err, "no helper thread: rules of firewalls are shown without their text");
	err = load(t, config);
	if (err)
		return err;
	err = open_pipeline(t, config);
	if (!err)
		err = live_new(&t->live, loader_events_fd(t->loader), feed, t);
	return err ? log_err(err, "cannot start") : 0;
}

/* What waited in the ring when the session ended still belongs to it. */
int tracer_finish(struct tracer *t)
{
	int err;

	loader_detach(t->loader);
	t->pipeline.patience_ns = 0;
	err = on_records(t);
	return err >= 0 ? pipeline_tick(&t->pipeline) : err;
}

void tracer_close(struct tracer *t)
{
	pipeline_close(&t->pipeline);
	live_free(t->live);
	owners_free(t->owners);
	loader_free(t->loader);
	if (t->sink.state)
		t->sink.ops->close(&t->sink);
	processes_free(t->pipeline.processes);
	verdicts_free(t->pipeline.verdicts);
	extras_free(t->extras);
	host_close(t->live_host);
	if (t->modules >= 0)
		close(t->modules);
}
