# SPDX-License-Identifier: GPL-2.0-only
# A capture at full rate and of many flows: each loss is described or counted as not described, and takes no more
# of the recording than it may.
. "$WD_LIB"

any_kernel
rate=100000 flows=9000
[ -n "${WD_HOST:-}" ] || rate=1000 flows=1000
pod a
"$WD_WHYDROP" capture --attach tracepoint -w full --netns "$(inode a)" 2> trace.err &
tracer=$!
wait_for trace.err ^ready
before=$(snmp a UdpNoPorts)
in_ns a "$WD_GEN" storm 127.0.0.1 9 $rate 1000
for port in 10000 20000; do in_ns a "$WD_GEN" flows 127.0.0.1 9 $port $flows; done
losses=$(($(snmp a UdpNoPorts) - before))
kill -INT $tracer
wait $tracer || fail "capture ended with $?"
tracer=
shown=$(awk '$2 == "shown" { print $1 }' trace.err) lost=$(awk '$2 == "lost" { print $1 }' trace.err)
size=$(stat -c %s full/events.wd)
echo "$losses lost, $shown described, $lost not, $size bytes"
[ "$losses" -ge $((rate / 2)) ] || fail "no storm"
expect_eq "described and not" $((shown + lost)) "$losses"
expect_eq "lines" "$(wc -l < full/events.jsonl)" "$shown"
[ "$size" -le $((shown * (200 + 144))) ] || fail "$size bytes for $shown losses"
