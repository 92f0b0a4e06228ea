# SPDX-License-Identifier: GPL-2.0-only
# Tracing while a command runs: its losses are shown, its status is passed on.
. "$WD_LIB"

any_kernel
pod b
code=0
"$WD_WHYDROP" trace -o json --attach tracepoint -- ip netns exec wd-b "$WD_GEN" udp 127.0.0.1 9 7 100 > out 2> trace.err || code=$?
expect_eq "exit status" $code 0
grep '^{' out > $events
expect_events no-listener 7
code=0
"$WD_WHYDROP" trace --attach tracepoint -q -- sh -c 'exit 42' > /dev/null 2>&1 || code=$?
expect_eq "exit status" $code 42
code=0
"$WD_WHYDROP" trace --attach tracepoint -q -- sh -c 'kill -9 $$' > /dev/null 2>&1 || code=$?
expect_eq "exit status" $code 137
code=0
"$WD_WHYDROP" trace --attach tracepoint -q -- /no/such/program > /dev/null 2>&1 || code=$?
expect_eq "exit status" $code 127

# a rule's loss in the last moment brings no hooks any more: they would see what comes after the end
in_ns b nft 'add table inet fw; add chain inet fw out { type filter hook output priority 0; };
	add rule inet fw out udp dport 10 drop'
"$WD_WHYDROP" trace -v --attach tracepoint -- ip netns exec wd-b "$WD_GEN" udp 127.0.0.1 10 1 0 > out 2> trace.err || fail "ended with $?"
expect_eq "losses" "$(grep -c netfilter-drop-unattributed out)" 1
expect_eq "times that kfree_skb was attached" "$(grep -c 'kfree_skb: attached by' trace.err)" 1
