# SPDX-License-Identifier: GPL-2.0-only
# Rules that drop on output and on forward while both CPUs send: each loss keeps its own rule, and the
# events are as many as the rules counted.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
in_ns r nft -f - <<'NFT'
table inet fw {
	chain onward {
		type filter hook forward priority 0;
		udp dport 81 counter drop
		udp dport 82 counter reject
	}
}
NFT
in_ns a nft -f - <<'NFT'
table inet own {
	chain out { type filter hook output priority 0; udp dport 80 counter drop; }
}
NFT
in_ns b iptables-legacy -A INPUT -p udp --dport 83 -j DROP
in_ns b iptables-legacy -A INPUT -p udp --dport 84 -j DROP
in_ns b ip6tables-legacy -A INPUT -p udp --dport 83 -j REJECT
handle() { in_ns "$1" nft -a list ruleset inet | sed -n "s/.*dport $2 .* handle \([0-9]*\)$/\1/p"; }
counter() { in_ns "$1" nft list ruleset inet | sed -n "s/.*dport $2 counter packets \([0-9]*\) .*/\1/p"; }
legacy() { in_ns b "$1" -nvxL INPUT | awk -v p="dpt:$2" '$0 ~ p { print $1 }'; }
trace_start
# see netfilter-legacy
for to in "10.2.0.2 83" "10.2.0.2 84" "fd02::2 83"; do in_pod a "$WD_GEN" udp $to 1 10 > /dev/null; done
sleep 1
for port in 80 81 82 83 84; do
	in_pod a "$WD_GEN" udp 10.2.0.2 $port 300 100 2 > /dev/null &
	in_pod a "$WD_GEN" udp fd02::2 $port 200 100 2 > /dev/null &
	sending="${sending:-} $!"
done
wait $sending
sleep 0.5
trace_stop
expect_eq "counters" "$(counter a 80) $(counter r 81) $(counter r 82)" "500 500 500"
expect_events netfilter-rule-drop 500 ".dst.port == 80 and .evidence.table == \"own\" and .evidence.rule == \"$(handle a 80)\""
expect_events netfilter-rule-drop 500 ".dst.port == 81 and .evidence.table == \"fw\" and .evidence.rule == \"$(handle r 81)\""
expect_events netfilter-rule-drop 500 ".dst.port == 82 and .evidence.table == \"fw\" and .evidence.rule == \"$(handle r 82)\""
expect_eq "legacy counters" "$(legacy iptables-legacy 83) $(legacy iptables-legacy 84) $(legacy ip6tables-legacy 83)" "301 301 201"
expect_events netfilter-rule-drop 300 '.length > 100 and .dst.port == 83 and .dst.addr == "10.2.0.2" and .evidence.chain == "INPUT" and .evidence.rule == "1"'
expect_events netfilter-rule-drop 300 '.length > 100 and .dst.port == 84 and .dst.addr == "10.2.0.2" and .evidence.chain == "INPUT" and .evidence.rule == "2"'
expect_events netfilter-rule-drop 200 '.length > 100 and .dst.port == 83 and .dst.addr == "fd02::2" and .evidence.rule == "1"'
