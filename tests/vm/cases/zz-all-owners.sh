# SPDX-License-Identifier: GPL-2.0-only
# After zz-all-cases has ended that tracer: its exact counts name the same owners, too, as its events.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "each case has a tracer of its own here"
! kill -0 "$(cat "$WD_SESSION/pid")" 2> /dev/null || fail "zz-all-cases has to run before"
cp "$WD_SESSION/events.json" $events
cp "$WD_SESSION/trace.err" trace.err
traced=alone
