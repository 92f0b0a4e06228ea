// SPDX-License-Identifier: GPL-2.0-only
/* The table of metrics, and where the value of each is. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "agent/caps.h"
#include "agent/counts.h"
#include "agent/exposition.h"
#include "agent/http.h"
#include "agent/metrics.h"
#include "agent/outlet.h"
#include "agent/remainder.h"
#include "agent/series.h"
#include "pipeline.h"
#include "probe/loader.h"

#define LABELS_SIZE 1024

struct scrape {
	struct exposition e;
	const struct metrics_source *from;
	uint64_t counters[CNT_MAX];
};

struct metric {
	const char *name; /* without _total */
	enum metric_type type;
	void (*write)(struct scrape *s, const struct metric *m);
	int index; /* what of several: series_family, counter or fate */
	const char *help;
};

static void write_packets_of(void *arg, const struct series *series)
{
	expo_u64(arg, series->labels, series->count.packets);
}

static void write_bytes_of(void *arg, const struct series *series)
{
	expo_u64(arg, series->labels, series->count.bytes);
}

static void packets(struct scrape *s, const struct metric *m)
{
	series_each(s->from->series, m->index, write_packets_of, &s->e);
}

static void bytes(struct scrape *s, const struct metric *m)
{
	series_each(s->from->series, m->index, write_bytes_of, &s->e);
}

static void write_kernel_of(void *arg, const struct remainder_row *row)
{
	expo_u64(arg, row->labels, row->kernel);
}

static void write_remainder_of(void *arg, const struct remainder_row *row)
{
	expo_double(arg, row->labels, row->remainder);
}

static void kernel_losses(struct scrape *s, const struct metric *m)
{
	(void)m;
	if (s->from->remainder)
		remainder_each(s->from->remainder, write_kernel_of, &s->e);
}

static void unexplained(struct scrape *s, const struct metric *m)
{
	(void)m;
	if (s->from->remainder)
		remainder_each(s->from->remainder, write_remainder_of, &s->e);
}

static void counter(struct scrape *s, const struct metric *m)
{
	expo_u64(&s->e, "", s->counters[m->index]);
}

static void fate(struct scrape *s, const struct metric *m)
{
	expo_u64(&s->e, "", s->from->pipeline->fates[m->index]);
}

static void unkeyed(struct scrape *s, const struct metric *m)
{
	(void)m;
	expo_u64(&s->e, "", counts_other(s->from->counts));
}

static void missed(struct scrape *s, const struct metric *m)
{
	(void)m;
	expo_u64(&s->e, "", loader_missed(s->from->loader));
}

static void written(struct scrape *s, const struct metric *m)
{
	(void)m;
	expo_u64(&s->e, "", s->from->outlet ? outlet_written(s->from->outlet) : 0);
}

static void unwritten(struct scrape *s, const struct metric *m)
{
	(void)m;
	expo_u64(&s->e, "", s->from->outlet ? outlet_lost(s->from->outlet) : 0);
}

static void attached(struct scrape *s, const struct metric *m)
{
	char labels[LABELS_SIZE];
	struct strbuf b;

	(void)m;
	for (size_t i = 0; i < probes_count; i++) {
		const struct choice *c = loader_choice(s->from->loader, i);

		if (c->way < 0 || loader_waits(s->from->loader, i))
			continue;
		strbuf_init(&b, labels, sizeof(labels));
		expo_label(&b, "hook", probes[i].name);
		expo_label(&b, "how", attach_how_names[probes[i].attach[c->way].how]);
		expo_u64(&s->e, labels, 1);
	}
}

static void missing(struct scrape *s, const struct metric *m)
{
	char labels[LABELS_SIZE];
	struct strbuf b;

	(void)m;
	for (size_t i = 0; i < probes_count; i++) {
		if (!loader_lacks(s->from->loader, i))
			continue;
		strbuf_init(&b, labels, sizeof(labels));
		expo_label(&b, "hook", probes[i].name);
		expo_label(&b, "why", loader_choice(s->from->loader, i)->why);
		expo_u64(&s->e, labels, 1);
	}
}

static void write_cap(void *arg, const char *name, const char *lost)
{
	char labels[64];
	struct strbuf b;

	(void)lost;
	strbuf_init(&b, labels, sizeof(labels));
	expo_label(&b, "capability", name);
	expo_u64(arg, labels, 1);
}

static void caps_missing(struct scrape *s, const struct metric *m)
{
	(void)m;
	caps_each_missing(write_cap, &s->e);
}

static void keys(struct scrape *s, const struct metric *m)
{
	(void)m;
	expo_u64(&s->e, "", counts_keys(s->from->counts));
}

static void keys_max(struct scrape *s, const struct metric *m)
{
	(void)m;
	expo_u64(&s->e, "", loader_losses_max(s->from->loader));
}

static void series_now(struct scrape *s, const struct metric *m)
{
	(void)m;
	expo_u64(&s->e, "", series_count(s->from->series));
}

static void series_limit(struct scrape *s, const struct metric *m)
{
	(void)m;
	expo_u64(&s->e, "", series_max(s->from->series));
}

static void clients_cut_off(struct scrape *s, const struct metric *m)
{
	(void)m;
	expo_u64(&s->e, "", http_cut_off(s->from->http));
}

static void cpu_seconds(struct scrape *s, const struct metric *m)
{
	struct rusage r;

	(void)m;
	getrusage(RUSAGE_SELF, &r);
	expo_double(&s->e, "",
		    r.ru_utime.tv_sec + r.ru_stime.tv_sec +
			    (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6);
}

/* proc(5), statm: the second number is resident pages. */
static void resident(struct scrape *s, const struct metric *m)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	(void)m;
	if (f && fscanf(f, "%*u %lu", &pages) == 1)
		expo_u64(&s->e, "", (uint64_t)pages * getpagesize());
	if (f)
		fclose(f);
}

static void start_time(struct scrape *s, const struct metric *m)
{
	(void)m;
	expo_double(&s->e, "", s->from->start_time);
}

static void build_info(struct scrape *s, const struct metric *m)
{
	char labels[64];
	struct strbuf b;

	(void)m;
	strbuf_init(&b, labels, sizeof(labels));
	expo_label(&b, "version", WHYDROP_VERSION);
	expo_u64(&s->e, labels, 1);
}

static const struct metric metrics[] = {
	{ "whydrop_drops", METRIC_COUNTER, packets, SERIES_DROPS,
	  "Packets lost, by cause and owner." },
	{ "whydrop_drops_bytes", METRIC_COUNTER, bytes, SERIES_DROPS,
	  "Bytes of the packets lost, without the headers that were taken off before." },
	{ "whydrop_refused_calls", METRIC_COUNTER, packets, SERIES_REFUSED,
	  "System calls refused before there was a packet." },
	{ "whydrop_pressure", METRIC_COUNTER, packets, SERIES_PRESSURE,
	  "Signs that a limit is near: nothing was lost yet." },
	{ "whydrop_normal_frees", METRIC_COUNTER, packets, SERIES_NORMAL,
	  "Packets freed that are no losses." },
	{ "whydrop_kernel_losses", METRIC_COUNTER, kernel_losses, 0,
	  "Losses by the kernel's own counters since the start, at the last comparison (--audit)." },
	{ "whydrop_kernel_losses_unexplained", METRIC_GAUGE, unexplained, 0,
	  "Of them, what was not seen; below 0: more was seen than the counter counts." },
	{ "whydrop_unkeyed", METRIC_COUNTER, unkeyed, 0,
	  "Buffers counted without cause and owner, because the kernel's map of counts was full." },
	{ "whydrop_seen", METRIC_COUNTER, counter, CNT_SEEN,
	  "Buffers freed as dropped that the hooks looked at." },
	{ "whydrop_skipped_runs", METRIC_COUNTER, missed, 0,
	  "Runs of hooks that the kernel skipped as nested: what these would have seen is not counted." },
	{ "whydrop_events_sent", METRIC_COUNTER, counter, CNT_SENT,
	  "Losses described in detail by the kernel side." },
	{ "whydrop_events_sampled", METRIC_COUNTER, counter, CNT_SAMPLED,
	  "Losses counted but not described, because there were too many of the kind." },
	{ "whydrop_events_lost", METRIC_COUNTER, counter, CNT_LOST,
	  "Losses counted but not described, because the ring buffer was full." },
	{ "whydrop_events_malformed", METRIC_COUNTER, fate, FATE_BAD,
	  "Records of the kernel side that made no sense." },
	{ "whydrop_events_written", METRIC_COUNTER, written, 0, "Lines written to --events." },
	{ "whydrop_events_unwritten", METRIC_COUNTER, unwritten, 0,
	  "Lines that --events did not take: disk full, or reader slow or gone." },
	{ "whydrop_hook_attached", METRIC_GAUGE, attached, 0, "Hooks that are attached, and how." },
	{ "whydrop_hook_missing", METRIC_GAUGE, missing, 0,
	  "Hooks that this kernel or these privileges do not allow. Those of modules that are not loaded are not missed." },
	{ "whydrop_capability_missing", METRIC_GAUGE, caps_missing, 0,
	  "Capabilities that the agent could use and was not given; /readyz says what is lost for that." },
	{ "whydrop_keys", METRIC_GAUGE, keys, 0, "Kinds of loss in the kernel's map of counts." },
	{ "whydrop_keys_limit", METRIC_GAUGE, keys_max, 0, "Kinds that the map holds." },
	{ "whydrop_series", METRIC_GAUGE, series_now, 0, "Series of losses." },
	{ "whydrop_series_limit", METRIC_GAUGE, series_limit, 0,
	  "Series up to which new ones are made (--max-series); then their owner is \"other\"." },
	{ "whydrop_clients_cut_off", METRIC_COUNTER, clients_cut_off, 0,
	  "Connections ended because they were too slow or too many." },
	{ "whydrop_build_info", METRIC_GAUGE, build_info, 0, "Version of whydrop." },
	{ "process_cpu_seconds", METRIC_COUNTER, cpu_seconds, 0, "CPU time used." },
	{ "process_resident_memory_bytes", METRIC_GAUGE, resident, 0, "Memory in use." },
	{ "process_start_time_seconds", METRIC_GAUGE, start_time, 0,
	  "Start of the process since 1970." },
};

char *metrics_text(const struct metrics_source *source, bool openmetrics, size_t *size)
{
	struct scrape s = { .e = { .openmetrics = openmetrics }, .from = source };
	char *text = NULL;
	bool ok;

	s.e.to = open_memstream(&text, size);
	if (!s.e.to)
		return NULL;
	ok = !loader_counters(source->loader, s.counters);
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]) && ok; i++) {
		expo_family(&s.e, metrics[i].name, metrics[i].type, metrics[i].help);
		metrics[i].write(&s, &metrics[i]);
	}
	expo_end(&s.e);
	ok &= !ferror(s.e.to);
	ok &= !fclose(s.e.to);
	if (ok)
		return text;
	free(text);
	return NULL;
}
