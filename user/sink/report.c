/* SPDX-License-Identifier: GPL-2.0-only */
/* What a report for a kernel list gathers of each loss, and in which order it tells it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/wrap.h"
#include "environment.h"
#include "fields.h"
#include "sink/extra_text.h"
#include "sink/flow_text.h"
#include "sink/report.h"
#include "sink/report_text.h"
#include "sink/sinks.h"
#include "summary.h"

static int report_open(struct sink *s)
{
	struct report *r = calloc(1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	stacks_init(&r->stacks);
	hash_init(&r->causes, sizeof(struct cause *));
	hash_init(&r->places, sizeof(struct place_key));
	s->state = r;
	return 0;
}

/* One loss as an example: the flow, then the evidence, a line each. The caller's to free. */
static char *example(const struct drop *d, const struct host *h)
{
	char data[8192];
	struct strbuf b;
	struct field_value v;

	strbuf_init(&b, data, sizeof(data));
	flow_text(&b, &d->pkt.outer);
	strbuf_printf(&b, ", %u bytes", d->ev->length);
	if (d->ev->dev[0]) {
		strbuf_puts(&b, ", device ");
		strbuf_printable(&b, d->ev->dev, strnlen(d->ev->dev, sizeof(d->ev->dev)));
	}
	strbuf_putc(&b, '\n');
	for (int i = 0; i < CAUSE_EVIDENCE && d->verdict->cause->evidence[i]; i++) {
		const struct field *f = field_find(d->verdict->cause->evidence[i]);

		if (!f || !field_get(f, d, h, &v))
			continue;
		strbuf_printf(&b, "%s ", f->name);
		if (v.is_string)
			strbuf_printable(&b, v.string, v.size);
		else
			strbuf_u64(&b, v.number);
		strbuf_putc(&b, '\n');
	}
	if (d->extra)
		extra_lines(&b, d->extra, "");
	return strdup(data);
}

static struct cause_seen *seen(struct report *r, const struct drop *d, const struct host *h)
{
	const struct cause *c = d->verdict->cause;
	struct cause_seen *k = hash_get(&r->causes, &c), **grown;

	if (k)
		return k;
	grown = realloc(r->list, (r->count + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	r->list = grown;
	k = calloc(1, sizeof(*k));
	if (!k || hash_put(&r->causes, &c, k)) {
		free(k);
		return NULL;
	}
	k->cause = c;
	k->first_ns = d->time_real_ns;
	k->example = example(d, h);
	r->list[r->count++] = k;
	return k;
}

static void add_netns(struct cause_seen *k, uint32_t netns)
{
	for (int i = 0; netns && i < SURROUNDINGS_MAX; i++) {
		if (k->netns[i] == netns)
			return;
		if (!k->netns[i]) {
			k->netns[i] = netns;
			return;
		}
	}
}

static int add_place(struct report *r, const struct drop *d)
{
	const struct verdict *v = d->verdict;
	struct place_key key = { v->cause, v->key.location, v->key.reason };
	struct place *p = hash_get(&r->places, &key), **grown;

	if (!p) {
		grown = realloc(r->place_list, (r->place_count + 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		r->place_list = grown;
		p = calloc(1, sizeof(*p));
		if (!p || hash_put(&r->places, &key, p)) {
			free(p);
			return -ENOMEM;
		}
		p->verdict = v;
		r->place_list[r->place_count++] = p;
	}
	p->packets += d->ev->segs;
	return 0;
}

static int report_drop(struct sink *s, const struct drop *d)
{
	struct report *r = s->state;
	struct cause_seen *k = seen(r, d, s->config.host);
	int err;

	if (!k)
		return -ENOMEM;
	k->packets += d->ev->segs;
	k->last_ns = d->time_real_ns;
	add_netns(k, d->ev->key.netns);
	add_netns(k, d->ev->key.sk_netns);
	err = add_place(r, d);
	return err ? err : stacks_add(&r->stacks, d);
}

static int report_tick(struct sink *s, uint64_t now_ns)
{
	(void)s;
	(void)now_ns;
	return 0;
}

static int by_packets(const void *a, const void *b)
{
	const struct cause_seen *x = *(struct cause_seen *const *)a;
	const struct cause_seen *y = *(struct cause_seen *const *)b;

	return x->packets < y->packets ? 1 : x->packets > y->packets ? -1 : 0;
}

/* The summary sorts and merges its rows: it gets its own. */
static int print_summary(FILE *to, const struct summary *sum, const struct host *h)
{
	struct summary s = *sum;

	s.width = REPORT_WIDTH;
	s.rows = malloc((s.count + 1) * sizeof(*s.rows));
	if (!s.rows)
		return -ENOMEM;
	if (s.count)
		memcpy(s.rows, sum->rows, s.count * sizeof(*s.rows));
	summary_print(to, &s, h);
	free(s.rows);
	return 0;
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno != EINTR)
			return -errno;
		data += n < 0 ? 0 : n;
		size -= n < 0 ? 0 : n;
	}
	return 0;
}

static int report_end(struct sink *s, const struct summary *sum)
{
	struct report *r = s->state;
	char *raw = NULL, *folded = NULL;
	size_t raw_size = 0, folded_size = 0;
	FILE *to = open_memstream(&raw, &raw_size), *out;
	int err;

	if (!to)
		return -ENOMEM;
	if (r->count)
		qsort(r->list, r->count, sizeof(*r->list), by_packets);
	stacks_sort(&r->stacks);
	report_head(to, r, s->config.environment);
	err = print_summary(to, sum, s->config.host);
	for (size_t i = 0; i < r->count; i++)
		report_cause(to, r, r->list[i], s->config.environment, s->config.host);
	report_machine(to, s->config.environment);
	if (fclose(to))
		err = -ENOMEM;
	out = err ? NULL : open_memstream(&folded, &folded_size);
	if (out) {
		report_fold(out, raw);
		err = fclose(out) ? -ENOMEM : write_all(s->config.fd, folded, folded_size);
	}
	free(raw);
	free(folded);
	return err;
}

static void report_close(struct sink *s)
{
	struct report *r = s->state;

	for (size_t i = 0; i < r->place_count; i++)
		free(r->place_list[i]);
	free(r->place_list);
	for (size_t i = 0; i < r->count; i++) {
		free(r->list[i]->example);
		free(r->list[i]);
	}
	free(r->list);
	hash_free(&r->causes);
	hash_free(&r->places);
	stacks_free(&r->stacks);
	free(r);
	s->state = NULL;
}

const struct sink_ops sink_report = {
	.name = "report",
	.help = "a report for a mail to a kernel list",
	.open = report_open,
	.drop = report_drop,
	.tick = report_tick,
	.end = report_end,
	.close = report_close,
};
