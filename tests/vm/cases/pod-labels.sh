# SPDX-License-Identifier: GPL-2.0-only
# Labels of pods, which only their runtime can tell: in JSON, as a filter, of pods that come and go, and a runtime that
# does not answer.
[ -n "${WD_HOST:-}" ] || { echo "SKIP: nothing here depends on the kernel: runs on the host"; exit 77; }
. "${WD_LIB%/*}/cri.sh"

node_start
for name in web-1 db-1 web-2 db-2; do log_directory $name app; done
cri_pod web-1 bridge app 'sleep 1000' &
made=$!
cri_pod db-1 ptp app 'sleep 1000'
wait $made || fail "a pod could not be made"
lose() { cri_join "$1" app "$1" "$WD_GEN" udp 127.0.0.1 "$2" 3 20 > /dev/null; }
labels_of() { # port: "count pod labels"
	jq -c "select(.dst.port == $1).victim | [.pod, .labels]" $events | sort | uniq -c | sed 's/^ *//'
}

wrong() { # said flags...
	local said=$1 code=0
	"$WD_WHYDROP" trace "${@:2}" 2> usage || code=$?
	expect_eq "${*:2}" "$code $(grep -c -- "$said" usage)" "2 1"
}
wrong 'label needs --cri' --label app=web
wrong 'KEY=VALUE is meant' --cri cri.sock --label app
wrong 'KEY=VALUE is meant' --cri cri.sock --label =web

# what a pod loses first, it loses before anybody could ask for its labels
trace_start --attach tracepoint --cri cri.sock --label app=web
lose web-1 4001
lose db-1 4002
cri_pod web-2 ptp app 'gen udp 127.0.0.1 4003 3 20; sleep 1000' &
made=$!
cri_pod db-2 bridge app 'gen udp 127.0.0.1 4004 3 20; sleep 1000'
wait $made || fail "a pod could not be made"
cri_pod_end db-1
sleep 0.3
lose web-2 4005
"$WD_GEN" udp 127.0.0.1 4006 3 20 > /dev/null
trace_stop
expect_eq "with the label" "$(labels_of 4001)" '3 ["web-1",{"app":"web"}]'
expect_eq "a pod that has just come" "$(labels_of 4003)" '3 ["web-2",{"app":"web"}]'
expect_eq "the same, later" "$(labels_of 4005)" '3 ["web-2",{"app":"web"}]'
expect_events no-listener 9
expect_only no-listener

# a runtime that is not there yet: names come from files
trace_start --attach tracepoint --cri later.sock
lose web-1 4010
ln -s cri.sock later.sock
sleep 1.5
lose web-1 4011
trace_stop
expect_eq "without the runtime" "$(labels_of 4010)" '3 ["web-1",null]'
expect_eq "with it" "$(labels_of 4011)" '3 ["web-1",{"app":"web"}]'
expect_eq messages "$(grep -c 'no answer from a container runtime' trace.err)" 1

# the agent has labels; to a tracer that takes it for a runtime it is none, and stopped it is silent
"$WD_WHYDROP" agent --listen unix:agent.sock --attach tracepoint --no-audit --cri cri.sock --events - > agent.json 2> agent.err &
agent=$!
case_pids="$case_pids $agent"
wait_for agent.err ready
refused() { # why
	trace_start --attach tracepoint --cri agent.sock --pod web-1
	lose web-1 4012
	trace_stop
	expect_eq "no labels" "$(labels_of 4012)" '3 ["web-1",null]'
	expect_eq messages "$(grep -cE "no answer from a container runtime.*: $1\$" trace.err)" 1
}
refused '(Protocol error|Connection reset by peer)'
kill -STOP $agent
refused 'Connection timed out'
kill -CONT $agent
lose web-1 4014
sleep 0.5
kill $agent
wait $agent || fail "the agent ended with $?"
settle
mv agent.json $events
expect_eq "the agent's events" "$(labels_of 4014)" '3 ["web-1",{"app":"web"}]'

"$WD_WHYDROP" capture -qq -w taken --cri cri.sock --attach tracepoint --label app=web -- \
	sh -c "nsenter -t $(sandbox_pid web-1) -n $WD_GEN udp 127.0.0.1 4013 3 20; nsenter -t $(sandbox_pid db-2) -n $WD_GEN udp 127.0.0.1 4013 3 20" \
	> /dev/null || fail "no capture"
"$WD_WHYDROP" replay -q -o json --label app=web taken/events.wd > $events
expect_eq "a recording" "$(labels_of 4013)" '3 ["web-1",{"app":"web"}]'
expect_eq "of others" "$("$WD_WHYDROP" replay -q -o json --label app=db taken/events.wd)" ""

