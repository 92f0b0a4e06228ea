# SPDX-License-Identifier: GPL-2.0-only
# iptables-legacy: rules in a built-in chain and in user chains, reject, policy, and rules replaced meanwhile.
# What number a rule has is fetched when it drops for the first time, and an event does not wait for it longer
# than it may: an emulated machine takes that long. So a small packet goes to each rule before those that count.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
for t in iptables ip6tables; do
	in_ns b $t-legacy -N SUB
	in_ns b $t-legacy -N SUB2
	in_ns b $t-legacy -A SUB -p udp --dport 69 -j ACCEPT
	in_ns b $t-legacy -A SUB -p udp --dport 70 -j DROP
	in_ns b $t-legacy -A SUB -p udp --dport 71 -j REJECT
	in_ns b $t-legacy -A SUB -j SUB2
	in_ns b $t-legacy -A SUB2 -p udp --dport 72 -j DROP
	in_ns b $t-legacy -A INPUT -p udp --dport 73 -j DROP
	in_ns b $t-legacy -A INPUT -j SUB
	in_ns r $t-legacy -A FORWARD -p udp --dport 69:74 -j ACCEPT
	in_ns r $t-legacy -P FORWARD DROP
done
sums() { in_ns b "$1" -nvxL | awk '$3 == "DROP" || $3 == "REJECT" { s += $1 } END { print s }'; }
first() { # port...
	local port
	for port in "$@"; do
		in_pod a "$WD_GEN" udp 10.2.0.2 "$port" 1 10 > /dev/null
		in_pod a "$WD_GEN" udp fd02::2 "$port" 1 10 > /dev/null
	done
	sleep 1
}
trace_start
first 70 71 72 73 75
for round in 1 2; do
	for port in 70 71 72 73 75; do
		in_pod a "$WD_GEN" udp 10.2.0.2 $port 3 100 2 > /dev/null
		in_pod a "$WD_GEN" udp fd02::2 $port 4 100 2 > /dev/null
	done
done
counted="$(sums iptables-legacy) $(sums ip6tables-legacy)"
in_ns b iptables-legacy -I INPUT -p udp --dport 74 -j DROP
in_ns b ip6tables-legacy -I INPUT -p udp --dport 74 -j DROP
first 74 73
for port in 74 73; do
	in_pod a "$WD_GEN" udp 10.2.0.2 $port 3 100 > /dev/null
	in_pod a "$WD_GEN" udp fd02::2 $port 4 100 > /dev/null
done
trace_stop
rule() { # port chain number events
	expect_events netfilter-rule-drop "$4" ".dst.port == $1 and .length > 100 and .evidence.backend == \"iptables-legacy\" and .evidence.table == \"filter\" and .evidence.chain == \"$2\" and .evidence.rule == \"$3\" and .evidence.hook == \"input\""
}
expect_events netfilter-policy-drop 14 '.dst.port == 75 and .length > 100 and .evidence.chain == "FORWARD" and .evidence.verdict == "policy"'
expect_eq "rules" "$counted" "28 36"
rule 70 SUB 2 14
rule 71 SUB 3 14
rule 72 SUB2 1 14
rule 73 INPUT 1 14
rule 74 INPUT 1 7
rule 73 INPUT 2 7
expect_all netfilter-rule-drop '.evidence.verdict == "drop"'
expect_only netfilter-rule-drop netfilter-policy-drop
