/* SPDX-License-Identifier: GPL-2.0-only */
/* When the event loop calls whom. */
#include <criterion/criterion.h>
#include <unistd.h>

#include "session.h"

#define TICKS 3

static int calls, ticks;

/* It reads nothing. */
static int on_ready(void *arg)
{
	(void)arg;
	calls++;
	return 0;
}

static int on_tick(void *arg)
{
	(void)arg;
	return ++ticks == TICKS;
}

/* The loop would do nothing else but ask, for each record one by one. */
Test(session, what_waits_is_not_asked_for_again_and_again)
{
	struct session_config config = { .tick_ns = 10000000, .tick = on_tick };
	struct session_result result;
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(write(ends[1], "x", 1), 1);
	config.sources[0] =
		(struct session_source){ .fd = ends[0], .edge = true, .ready = on_ready };
	cr_assert_eq(session_run(&config, &result), 0);
	cr_expect_eq(ticks, TICKS);
	cr_expect_eq(calls, 1);

	calls = ticks = 0;
	config.sources[0].edge = false;
	cr_assert_eq(session_run(&config, &result), 0);
	cr_expect_gt(calls, TICKS);
	close(ends[0]);
	close(ends[1]);
}
