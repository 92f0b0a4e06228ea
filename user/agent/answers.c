// SPDX-License-Identifier: GPL-2.0-only
/* The paths, and who may ask for each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/answers.h"
#include "agent/caps.h"
#include "agent/exposition.h"
#include "agent/recent.h"
#include "probe/loader.h"

static void metrics(const struct answers *from, const struct http_request *r, struct http_answer *a)
{
	bool openmetrics = expo_wants_openmetrics(r->accept);

	/* old counts would look as if nothing was lost */
	if (!from->refresh(from->refresh_arg))
		a->body = metrics_text(&from->metrics, openmetrics, &a->size);
	a->status = a->body ? 200 : 503;
	if (a->body)
		a->type = expo_media_type(openmetrics);
}

/* Whoever answers is alive. */
static void health(const struct answers *from, const struct http_request *r, struct http_answer *a)
{
	(void)from;
	(void)r;
	a->status = 200;
}

static void write_missing(FILE *to, const struct loader *l)
{
	for (size_t i = 0; i < probes_count; i++)
		if (loader_lacks(l, i))
			fprintf(to, "missing %s: %s; lost: %s\n", probes[i].name,
				loader_choice(l, i)->why, probes[i].causes);
}

static void write_cap(void *arg, const char *name, const char *lost)
{
	fprintf(arg, "missing %s; lost: %s\n", name, lost);
}

/* Ready, as the hook that all needs is attached, or the agent would have ended; what is missing is said. */
static void ready(const struct answers *from, const struct http_request *r, struct http_answer *a)
{
	FILE *to = open_memstream(&a->body, &a->size);

	(void)r;
	a->status = 503;
	if (!to)
		return;
	fputs("ready\n", to);
	caps_each_missing(write_cap, to);
	write_missing(to, from->metrics.loader);
	if (!fclose(to))
		a->status = 200;
}

static void drops(const struct answers *from, const struct http_request *r, struct http_answer *a)
{
	a->status = 403; /* addresses and ports are not for everybody who can get here */
	if (!r->is_local && !from->serve_drops)
		return;
	from->refresh(from->refresh_arg);
	a->body = from->recent ? recent_text(from->recent, &a->size) : NULL;
	a->status = a->body ? 200 : 404;
	if (a->body)
		a->type = "application/x-ndjson";
}

static const struct path {
	const char *path;
	void (*give)(const struct answers *from, const struct http_request *r,
		     struct http_answer *a);
} paths[] = {
	{ "/metrics", metrics },
	{ "/healthz", health },
	{ "/readyz", ready },
	{ "/drops", drops },
};

void answers_give(void *arg, const struct http_request *request, struct http_answer *answer)
{
	answer->status = 404;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!strcmp(paths[i].path, request->path))
			paths[i].give(arg, request, answer);
}
