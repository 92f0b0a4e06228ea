# SPDX-License-Identifier: GPL-2.0-only
# nftables: a rule in a base chain, in a chain jumped to, two jumps deep, rejecting, in input behind output,
# and in the tables that iptables-nft makes. Each loss names the handle that nft lists.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
in_ns r nft -f - <<'NFT'
table inet fw {
	chain deeper { udp dport 63 counter drop comment "two jumps deep"; }
	chain deep { udp dport 62 counter drop; jump deeper; }
	chain onward {
		type filter hook forward priority 0;
		udp dport 60 counter accept
		udp dport 61 counter drop
		udp dport 64 counter reject
		jump deep
	}
}
NFT
in_ns a nft -f - <<'NFT'
table ip fw4 {
	chain out { type filter hook output priority 0; udp dport 65 counter drop; }
}
table ip6 fw6 {
	chain out { type filter hook output priority 0; udp dport 65 counter drop; }
}
NFT
in_ns b nft -f - <<'NFT'
table inet filter2 {
	chain in { type filter hook input priority 0; udp dport 66 counter drop; }
	chain out { type filter hook output priority 0; counter accept; }
}
NFT
in_ns b iptables-nft -A INPUT -p udp --dport 67 -j DROP
in_ns b ip6tables-nft -A INPUT -p udp --dport 67 -j REJECT
handle() { # namespace port family: of the rule for that port
	in_ns "$1" nft -a list ruleset "${3:-inet}" | sed -n "s/.*dport $2 .* handle \([0-9]*\)$/\1/p"
}
trace_start
for port in 61 62 63 64 65 66 67; do
	in_pod a "$WD_GEN" udp 10.2.0.2 $port 3 100 > /dev/null
	in_pod a "$WD_GEN" udp fd02::2 $port 4 100 > /dev/null
done
trace_stop
for port in 61 62 63 64; do
	expect_events netfilter-rule-drop 7 ".dst.port == $port and .evidence.rule == \"$(handle r $port)\" and .evidence.table == \"fw\" and .evidence.hook == \"forward\" and .evidence.backend == \"nft\" and .evidence.base_chain == \"onward\" and .evidence.table_family == \"inet\""
done
expect_events netfilter-rule-drop 7 '.dst.port == 64 and .evidence.verdict == "reject"'
expect_events netfilter-rule-drop 3 ".dst.port == 65 and .evidence.rule == \"$(handle a 65 ip)\" and .evidence.table == \"fw4\" and .evidence.table_family == \"ip\" and .evidence.hook == \"output\""
expect_events netfilter-rule-drop 4 ".dst.port == 65 and .evidence.rule == \"$(handle a 65 ip6)\" and .evidence.table == \"fw6\" and .evidence.table_family == \"ip6\""
expect_events netfilter-rule-drop 7 ".dst.port == 66 and .evidence.rule == \"$(handle b 66)\" and .evidence.table == \"filter2\" and .evidence.hook == \"input\""
expect_events netfilter-rule-drop 3 ".dst.port == 67 and .src.addr == \"10.1.0.2\" and .evidence.rule == \"$(handle b 67 ip)\" and .evidence.backend == \"iptables-nft\""
expect_events netfilter-rule-drop 4 ".dst.port == 67 and .dst.addr == \"fd02::2\" and .evidence.rule == \"$(handle b 67 ip6)\" and .evidence.backend == \"iptables-nft\""
expect_events netfilter-rule-drop 49
expect_eq "forward counters" "$(nft_count r)" 28
expect_only netfilter-rule-drop
