# SPDX-License-Identifier: GPL-2.0-only
# Each filter lets its own losses through and no others.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
provoke() {
	in_ns a "$WD_GEN" udp 10.1.0.3 1001 3 100 > /dev/null
	in_ns a "$WD_GEN" udp fd01::3 1002 4 100 > /dev/null
	in_ns a "$WD_GEN" connect 10.1.0.3 1003 5 1000 > /dev/null
	in_ns a "$WD_GEN" udp 127.0.0.1 1004 6 100 > /dev/null
}
try() { # events flags...
	local want=$1
	shift
	trace_start "$@"
	provoke
	trace_stop
	expect_eq "events with $*" "$(wc -l < $events)" "$want"
	grep -qE 'filtered' trace.err || fail "the account does not say what was filtered"
}
try 12 --netns wd-b
try 6 --netns wd-a
try 6 --netns "$(inode a)"
try 8 --host 10.1.0.3
try 4 --host fd01::3
try 4 --port 1002
try 5 --proto tcp
try 6 -i lo --netns wd-a
try 12 -i eth0 --netns wd-b
try 12 --pod b
try 6 --pod a
try 18 --namespace case
try 0 --namespace other
try 18 --cause no-listener
try 0 --cause netfilter-drop
"$WD_WHYDROP" trace -o json -c 4 > $events 2> trace.err &
tracer=$!
until grep -q '^ready' trace.err; do sleep 0.05; done
provoke
wait "$tracer" || fail "-c 4 ended with $?"
tracer=
expect_eq "events with -c 4" "$(wc -l < $events)" 4
start=$SECONDS
"$WD_WHYDROP" trace --duration 1s > /dev/null 2>&1 || fail "--duration ended with $?"
[ $((SECONDS - start)) -le 4 ] || fail "--duration 1s took $((SECONDS - start)) s"
