# SPDX-License-Identifier: GPL-2.0-only
# One lost buffer can be many packets: a large TCP segment that a device would have cut (GSO).
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
for at in 10.1.0.3 fd01::3; do
	spawn_in b "$WD_GEN" serve $at 8080 > "serve.$at"
	wait_for "serve.$at" bound
done
in_ns a nft -f - <<'NFT'
table inet fw {
	chain out { type filter hook output priority 0; tcp dport 8080 meta length > 4000 counter drop; }
}
NFT
trace_start --netns wd-a
for at in 10.1.0.3 fd01::3; do in_pod a timeout 1 "$WD_GEN" flood $at 8080 200000 > /dev/null || true; done
trace_stop
read -r buffers bytes <<< "$(in_ns a nft -j list ruleset | jq -r '[.nftables[].rule?.expr[]?.counter? // empty][0] | "\(.packets) \(.bytes)"')"
[ "$buffers" -gt 1 ] || fail "no large segment was sent"
expect_events $nf_drop "$buffers" '.proto == "tcp" and .segs > 1'
expect_events $nf_drop "$buffers"
expect_eq "bytes lost" "$(jq -s --arg c $nf_drop 'map(select(.cause == $c) | .length) | add' $events)" "$bytes"
for at in 10.1.0.3 fd01::3; do
	[ "$(events_of $nf_drop ".dst.addr == \"$at\"")" -ge 1 ] || fail "nothing to $at"
done
# each segment but the last is full: 1500 - 40 or 60 bytes of headers, and 12 of timestamps
bad=$(jq -c --arg c $nf_drop 'select(.cause == $c) | (if .dst.addr == "fd01::3" then 72 else 52 end) as $h |
	select(.segs != ((.length - $h + 1500 - $h - 1) / (1500 - $h) | floor)) | {length, segs}' $events | head -n 3)
[ -z "$bad" ] || fail "not the number of segments: $bad"
