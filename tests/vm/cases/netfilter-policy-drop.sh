# SPDX-License-Identifier: GPL-2.0-only
# A policy of nftables that drops, and a verdict map that does so in the same chain: by default they are told
# apart where the kernel frees at two places, with --rules=exact the map's rule is named.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
in_ns r nft -f - <<'NFT'
table inet fw {
	map verdicts { type inet_service : verdict; elements = { 71 : drop, 72 : accept, 73 : drop } }
	chain onward {
		type filter hook forward priority 0; policy drop;
		ip6 nexthdr 58 accept
		udp dport vmap @verdicts
	}
}
NFT
handle=$(in_ns r nft -a list ruleset inet | sed -n 's/.*vmap @verdicts .*handle \([0-9]*\)$/\1/p')
send() {
	for port in 70 71 72 73; do
		in_pod a "$WD_GEN" udp 10.2.0.2 $port 3 100 > /dev/null
		in_pod a "$WD_GEN" udp fd02::2 $port 4 100 > /dev/null
	done
}
in_ns b "$WD_GEN" sink 10.2.0.2 72 100000 140000 > /dev/null &
case_pids="$case_pids $!"
in_ns b "$WD_GEN" sink fd02::2 72 100000 140000 > /dev/null &
case_pids="$case_pids $!"
trace_start --rules=exact
# an event does not wait for its rule's text longer than it may: see netfilter-legacy
for port in 71 73; do
	in_pod a "$WD_GEN" udp 10.2.0.2 $port 1 10 > /dev/null
	in_pod a "$WD_GEN" udp fd02::2 $port 1 10 > /dev/null
done
sleep 1
send
trace_stop
expect_events netfilter-policy-drop 7 '.dst.port == 70 and .evidence.chain == "onward" and .evidence.table == "fw" and .evidence.verdict == "policy" and .evidence.hook == "forward"'
expect_events netfilter-rule-drop 7 ".dst.port == 71 and .length > 100 and .evidence.rule == \"$handle\" and .evidence.chain == \"onward\""
expect_events netfilter-rule-drop 7 ".dst.port == 73 and .length > 100 and .evidence.rule == \"$handle\""
expect_events netfilter-rule-drop 14 '.length > 100 and .evidence.rule_text == "udp dport vmap @verdicts"'
expect_only netfilter-policy-drop netfilter-rule-drop
trace_start
send
trace_stop
expect_events netfilter-policy-drop 7 '.dst.port == 70 and (.evidence.verdict | test("^policy"))'
expect_eq "all losses" "$(jq -c 'select(.cause | test("^netfilter-(rule|policy)-drop$"))' $events | wc -l)" 21
expect_only netfilter-policy-drop netfilter-rule-drop
