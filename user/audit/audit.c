/* SPDX-License-Identifier: GPL-2.0-only */
/* When the counters are read, and in which namespaces. */
#include <errno.h>
#include <stdlib.h>

#include "attribute/pods.h"
#include "audit/audit.h"
#include "audit/ledger.h"
#include "audit/places.h"
#include "audit/reader.h"
#include "base/clock.h"
#include "base/log.h"
#include "host.h"

#define TICK_NS 1000000000 /* namespaces that have just come are looked for at most as often */

struct audit {
	struct audit_config config;
	struct reader reader;
	struct ledger ledger;
	uint32_t generation; /* of the pod index at the last look */
	uint64_t looked_ns;
	bool only_new; /* this look passes over what is known */
};

static int on_place(void *arg, int fd, uint32_t inum, const char *name)
{
	struct audit *a = arg;
	struct readings now;
	uint64_t cookie;

	if (a->only_new && ledger_knows(&a->ledger, inum))
		return 0;
	/* it may be gone by now, or not ours to enter */
	if (reader_read(&a->reader, fd, &now, &cookie))
		return 0;
	return ledger_read(&a->ledger, inum, cookie, name, &now);
}

static int look(struct audit *a, bool only_new)
{
	const struct audit_config *c = &a->config;

	a->only_new = only_new;
	a->generation = pods_generation(c->host->pods);
	a->looked_ns = now_ns();
	return places_each(c->host, c->root, c->netns, !only_new, on_place, a);
}

int audit_refresh(struct audit *a)
{
	struct readings now;
	int err = 0;

	ledger_look_begin(&a->ledger);
	if (!a->config.netns) {
		reader_machine(&a->reader, &now);
		err = ledger_read(&a->ledger, 0, 0, NULL, &now);
	}
	if (!err)
		err = look(a, false);
	if (!err)
		ledger_look_end(&a->ledger);
	return err;
}

/* A look that leaves processes out says nothing of what is gone. */
int audit_tick(struct audit *a)
{
	if (a->generation == pods_generation(a->config.host->pods) ||
	    now_ns() < a->looked_ns + TICK_NS)
		return 0;
	return look(a, true);
}

int audit_new(struct audit **out, const struct audit_config *config)
{
	struct audit *a = calloc(1, sizeof(*a));
	int err;

	if (!a)
		return -ENOMEM;
	a->config = *config;
	ledger_init(&a->ledger, config->host, config->absolute);
	err = reader_open(&a->reader);
	if (!err)
		err = audit_refresh(a);
	if (!err && !a->ledger.count)
		err = config->netns ? -ENOENT : -EPERM;
	if (err) {
		audit_free(a);
		return log_err(err, "cannot read the kernel's counters; to enter a network "
				    "namespace takes CAP_SYS_ADMIN, and a name or process that "
				    "is in it");
	}
	a->ledger.begun = true;
	*out = a;
	return 0;
}

void audit_free(struct audit *a)
{
	if (!a)
		return;
	ledger_free(&a->ledger);
	reader_close(&a->reader);
	free(a);
}

struct ledger *audit_ledger(struct audit *a)
{
	return &a->ledger;
}
