# SPDX-License-Identifier: GPL-2.0-only
# Losses recorded beside their JSON replay as the same JSON; a capture's files agree with each other; what is
# cut off is replayed up to there; and a redacted capture names nobody.
. "$WD_LIB"

any_kernel # capture-causes runs on all
routed_pods
cat > provoke <<PROVOKE
ip netns exec wd-a "$WD_GEN" udp 10.2.0.2 1234 5 100
ip netns exec wd-a "$WD_GEN" udp fd02::2 1234 6 100
ip netns exec wd-a "$WD_GEN" connect 10.2.0.2 4321 7 2000
PROVOKE

"$WD_WHYDROP" trace -o json --stack -w live.wd --netns "$(inode b)" > live.json 2> trace.err &
tracer=$!
wait_for trace.err ^ready
bash provoke > /dev/null
sleep 0.3
kill -INT $tracer
wait $tracer || fail "the tracer ended with $?"
tracer=
"$WD_WHYDROP" replay live.wd -o json --stack > replayed.json 2> replay.err || fail "replay: $(< replay.err)"
cmp live.json replayed.json || fail "replay does not show what was shown"
expect_eq "losses shown" "$(jq -s 'map(select(.cause == "no-listener" and .victim.pod == "b")) | length' live.json)" 18
# what the kernel's counters say at the end is no part of a recording
sed '/^ready/d; /^$/ { N; /\nexplained/d }' trace.err | cmp - replay.err || fail "replay does not sum up as the trace did"
expect_eq "losses of pod a" "$("$WD_WHYDROP" replay -q live.wd --pod a | wc -l)" 0
expect_eq "losses asked for" "$("$WD_WHYDROP" replay -q -c 3 live.wd | wc -l)" 3

# a tracer that may not trace leaves a recording that is there alone, and none where there was none
cp live.wd kept.wd
for f in kept.wd none.wd; do
	code=0
	setpriv --bounding-set=-all --inh-caps=-all "$WD_WHYDROP" trace -qq -w $f --duration 100ms > /dev/null 2>&1 || code=$?
	expect_eq "exit code without privileges" $code 3
done
cmp live.wd kept.wd || fail "a tracer that did not start cut off a recording"
[ ! -e none.wd ] || fail "a tracer that did not start leaves an empty recording"

head -c $(($(stat -c %s live.wd) - 7)) live.wd > cut.wd
code=0
"$WD_WHYDROP" replay -o json cut.wd > /dev/null 2> cut.err || code=$?
expect_eq "exit code of what is cut off" $code 1
grep -q 'cut.wd: byte [0-9]*: the recording is cut off here' cut.err || fail "$(< cut.err)"

modules=$(cat /proc/modules 2> /dev/null | cut -d ' ' -f 1 | sort)
"$WD_WHYDROP" capture -qq -w bundle --netns "$(inode b)" -- bash provoke > /dev/null || fail "capture ended with $?"
expect_eq "captured losses" "$(jq -s 'map(select(.cause == "no-listener")) | length' bundle/events.jsonl)" 18
jq -e 'select(.stack == null)' bundle/events.jsonl > /dev/null && fail "a loss without its stack"
"$WD_WHYDROP" replay -q -o json --stack bundle/events.wd | cmp - bundle/events.jsonl || fail "events.jsonl is not of events.wd"
for part in no-listener 'Call Trace:' '[a-z_0-9]+0x[0-9a-f]*/0x' "$(uname -r)" 'Settings of the node' 'events were seen' \
	'How to reproduce' 'Devices:' 'Tainted:' 'Udp6NoPorts  *6  *6  *0$'; do
	grep -q -- "$part" bundle/report.md || fail "no $part in the report: $(< bundle/report.md)"
done
long=$(awk 'length > 72' bundle/report.md)
[ -z "$long" ] || fail "longer than a mail's lines: $long"
awk '{ n += $NF } END { exit n != 18 }' bundle/stacks.folded || fail "stacks: $(< bundle/stacks.folded)"
"$WD_WHYDROP" replay -q -o svg bundle/events.wd | cmp - bundle/stacks.svg || fail "stacks.svg is not of events.wd"
grep -q '<title>no-listener: [0-9]* packets' bundle/stacks.svg && grep -q '<title>[a-z_0-9]*udp[a-z_0-9]*: ' bundle/stacks.svg ||
	fail "no causes or functions in the flame graph"
jq -e .uname bundle/environment.json > /dev/null || fail "no environment"
for counters in snmp snmp6 netstat; do
	[ -s bundle/before/$counters ] && [ -s bundle/after/$counters ] || fail "no counters $counters"
done
if command -v tshark > /dev/null; then
	capinfos bundle/drops.pcapng > /dev/null || fail "capinfos refuses drops.pcapng"
	tshark -r bundle/drops.pcapng -T fields -e frame.comment > comments 2> tshark.err || fail "$(< tshark.err)"
	expect_eq "comments tshark shows" "$(grep -c '^no-listener .* of case/b' comments)" 18
	expect_eq "ports tshark decodes" "$(tshark -r bundle/drops.pcapng 'udp.dstport == 1234' 2> /dev/null | wc -l)" 11
fi

# the rest with the one hook that is needed, others take seconds in an emulated machine
fast="--attach tracepoint" few=18
has_reasons || few=11 # that nobody listened on a TCP port is told by a function there
"$WD_WHYDROP" capture $fast -w killed --netns "$(inode b)" 2> killed.err &
tracer=$!
wait_for killed.err ^ready
bash provoke > /dev/null
sleep 0.5
kill -9 $tracer
wait $tracer || true
tracer=
code=0
"$WD_WHYDROP" replay -o json killed/events.wd > killed.json 2> killed.err || code=$?
expect_eq "exit code of what was killed" $code 1
expect_eq "losses before it was killed" "$(wc -l < killed.json)" $few
grep -q 'ends here, before its account' killed.err || fail "$(< killed.err)"

"$WD_WHYDROP" capture $fast -qq -w told.tar.gz --redact --netns "$(inode b)" -- bash provoke > /dev/null || fail "capture ended with $?"
[ ! -e told.tar.gz.partial ] || fail "the directory of the archive is still there"
mkdir told
gzip -dc told.tar.gz | tar -xf - -C told
expect_eq "losses of nobody" "$(jq -s 'map(select(.cause == "no-listener" and .victim.pod == "pod-1" and .dst.port != null)) | length' told/told/events.jsonl)" $few
"$WD_WHYDROP" replay -o text told/told/events.wd > told/text 2>&1
for secret in 10.1.0.2 10.2.0.2 fd01::2 fd02::2 "$(pod_uid b)" "$(pod_container b)" case/b; do
	! grep -rqF -- "$secret" told || fail "$secret is in $(grep -rlF -- "$secret" told)"
done
expect_eq "modules that were loaded for it" "$(cat /proc/modules 2> /dev/null | cut -d ' ' -f 1 | sort)" "$modules"
