# SPDX-License-Identifier: GPL-2.0-only
# The tracer that ran beside all cases: its exact counts name the same causes and owners as its events.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "each case has a tracer of its own here"
settled_session
pid=$(cat "$WD_SESSION/pid")
kill -INT "$pid"
for _ in $(seq 100); do
	if ! kill -0 "$pid" 2> /dev/null; then break; fi
	sleep 0.2
done
! kill -0 "$pid" 2> /dev/null || fail "it did not end"
cp "$WD_SESSION/events.json" $events
cp "$WD_SESSION/trace.err" trace.err
! grep -qE '^ *[1-9][0-9]* lost' trace.err || fail "events were lost"
traced=alone
awk '/events were seen/, 0' trace.err
