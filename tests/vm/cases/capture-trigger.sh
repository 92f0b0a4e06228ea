# SPDX-License-Identifier: GPL-2.0-only
# A capture that waits: it records from the moment its condition is met, with losses before that; one whose
# condition is not met says so and leaves nothing.
. "$WD_LIB"

any_kernel
pod a
in_ns a ip addr add 10.5.0.1/32 dev lo
lose() { in_ns a "$WD_GEN" udp 10.5.0.1 9 "$1" 100 > /dev/null; }
capture=("$WD_WHYDROP" capture --attach tracepoint --rules off --netns "$(inode a)")

code=0
"${capture[@]}" -w unmet --trigger 'cause=no-listener rate>100/s' -- nsenter -n/run/netns/wd-a "$WD_GEN" udp 10.5.0.1 9 100 50 > /dev/null 2> unmet.err || code=$?
expect_eq "exit code where it is not met" $code 1
grep -q "was not met within .* with 100 such losses in all: nothing is recorded" unmet.err || fail "$(< unmet.err)"
[ ! -e unmet ] || fail "a bundle without a recording is left"
code=0
"${capture[@]}" -w unmet --trigger 'cause=no-listener' 2> unmet.err || code=$?
expect_eq "exit code of half a condition" $code 2

"${capture[@]}" -w met --before 4 --trigger 'cause=no-listener rate>50/s' 2> trace.err &
tracer=$!
wait_for trace.err ^ready
lose 6 # of which 4 are kept
sleep 1.5
lose 200 # within a moment: what follows is described whole
wait_for trace.err 'trigger is met'
lose 30
sleep 0.2
kill -INT $tracer
wait $tracer || fail "capture ended with $?"
tracer=
lines=$(wc -l < met/events.jsonl)
before=$(sed -n 's/.*recording, with \([0-9]*\) losses before it/\1/p' trace.err)
expect_eq "losses before it" "$before" 4
[ "$lines" -ge 34 ] || fail "$lines losses are described"
waited=$(awk '/before the trigger was met/ { print $1 }' trace.err)
expect_eq "described and not" $((lines + ${waited:-0})) 236
expect_eq "packets in all" "$(awk '$3 == "no-listener" { print $1 }' trace.err)" 236
"$WD_WHYDROP" replay -o json --stack met/events.wd 2> replay.err | cmp - met/events.jsonl || fail "replay tells other losses"
expect_eq "waited, of the recording" "$(awk '/before the trigger was met/ { print $1 }' replay.err)" "${waited:-}"
grep -q '^Trigger of the recording: cause=no-listener rate>50/s' met/report.md || fail "no trigger in the report"

# N losses and no more, counted from then
"${capture[@]}" -qq -w few --before 1 -c 10 --trigger 'rate>0/s' -- nsenter -n/run/netns/wd-a "$WD_GEN" udp 10.5.0.1 9 300 50 > /dev/null 2>&1 || true
[ "$(wc -l < few/events.jsonl)" -le 11 ] || fail "more than the limit and those before it"
