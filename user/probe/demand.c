// SPDX-License-Identifier: GPL-2.0-only
/* Which hooks wait for a loss that shows them to be needed, and what is done when it has come. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/types.h>

#include "base/clock.h"
#include "base/log.h"
#include "probe/loader_impl.h"
#include "whydrop.skel.h"

/* Far longer than a packet is in the hands of netfilter: after that all that is lost there was watched. */
#define SETTLE_NS 20000000

/* A loss must be able to show it: by the place of the free, or by its reason. */
static bool can_be_shown(const struct loader *l, enum demand d)
{
	return d == DEMAND_RULES ? l->layout.slow_start : l->kf.reason_datagram_full;
}

bool loader_on_demand(const struct loader *l, size_t i)
{
	enum demand d = probes[i].demand;

	return d && l->choices[i].way >= 0 && can_be_shown(l, d);
}

bool loader_waits(const struct loader *l, size_t i)
{
	return loader_on_demand(l, i) && !l->config.always && !l->met[probes[i].demand];
}

int loader_attach(const struct loader *l, struct object *o)
{
	bool waits[OBJECT_PROBES_MAX];

	for (size_t i = 0; i < probes_count; i++)
		waits[i] = loader_waits(l, i);
	return object_attach(o, l->choices, waits);
}

/* It loaded, so that this is not to be expected: the others go on. */
static void miss(struct loader *l, struct object *o, size_t i)
{
	struct choice *c = &l->choices[i];
	const char *how = attach_how_names[probes[i].attach[c->way].how];

	log_warn(-errno, "%s was needed now, but the kernel did not let it be attached",
		 probes[i].name);
	snprintf(c->why, sizeof(c->why), "%s: refused when it was needed (%s)", how,
		 strerror(errno));
	c->way = -1;
	o->has[i] = false;
}

static void attach_rest(struct loader *l, struct object *o)
{
	int bad;

	while ((bad = loader_attach(l, o)))
		miss(l, o, bad - 1);
}

void loader_meet(struct loader *l)
{
	uint64_t now = now_ns();
	bool any = false;

	if (l->detached)
		return;
	if (l->settle_ns && now >= l->settle_ns) {
		l->settle_ns = 0;
		loader_tell_layout(l);
	}
	for (int d = 0; d < DEMAND_MAX; d++) {
		if (l->met[d] || !l->base.skel->bss->demanded[d])
			continue;
		l->met[d] = any = true;
	}
	if (!any)
		return;
	l->settle_ns = now + SETTLE_NS;
	attach_rest(l, &l->base);
	for (size_t k = 0; k < l->late_count; k++)
		attach_rest(l, &l->late[k].object);
}
