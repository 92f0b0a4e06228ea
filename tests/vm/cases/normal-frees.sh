# SPDX-License-Identifier: GPL-2.0-only
# Frees that are no losses are shown when asked for, and counted when not.
. "$WD_LIB"

pod b
spawn_in b "$WD_GEN" serve 127.0.0.1 8080 > bound
sleep 0.3
trace_start --all
in_pod b "$WD_GEN" chat 127.0.0.1 8080 100 > /dev/null
trace_stop
[ -s $events ] || fail "--all shows nothing"
bad=$(jq -c 'select(.severity != "normal")' $events | head -n 2)
[ -z "$bad" ] || fail "a loss among normal frees: $bad"
shown=$(wc -l < $events)
trace_alone --attach tracepoint
in_pod b "$WD_GEN" chat 127.0.0.1 8080 100 > /dev/null
trace_stop
expect_only
hidden=$(sed -nE 's/^ *([0-9]+) hidden as normal.*/\1/p' trace.err)
[ "${hidden:-0}" -gt $((shown / 2)) ] || fail "--all showed $shown, hidden without: ${hidden:-none}"
