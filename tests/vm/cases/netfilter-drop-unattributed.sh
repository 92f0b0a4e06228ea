# SPDX-License-Identifier: GPL-2.0-only
# Where rules are not watched, or cannot be: some that drop in the forward path of a node and in a pod's input and output.
. "$WD_LIB"

routed_pods
in_ns r nft -f - <<'NFT'
table inet fw {
	chain onward { type filter hook forward priority 0; udp dport 53 counter drop; }
}
NFT
in_ns b iptables-legacy -A INPUT -p udp --dport 54 -j DROP
in_ns b ip6tables-legacy -A INPUT -p udp --dport 54 -j DROP
in_ns a nft add table inet fw
in_ns a nft add chain inet fw out '{ type filter hook output priority 0; }'
in_ns a nft add rule inet fw out udp dport 55 counter drop
legacy() { in_ns b "$1" -L INPUT -v -x -n | awk '$3 == "DROP" { print $1 }'; }
trace_start --rules=off
in_pod a "$WD_GEN" udp 10.2.0.2 53 5 100 > /dev/null
in_pod a "$WD_GEN" udp fd02::2 53 6 100 > /dev/null
in_pod a "$WD_GEN" udp 10.2.0.2 54 3 100 > /dev/null
in_pod a "$WD_GEN" udp fd02::2 54 4 100 > /dev/null
in_pod a "$WD_GEN" udp 10.2.0.2 55 8 100 > /dev/null
in_pod a "$WD_GEN" udp fd02::2 55 9 100 > /dev/null
trace_stop
expect_eq "forward rule" "$(nft_count r)" 11
expect_eq "input rules" "$(legacy iptables-legacy) $(legacy ip6tables-legacy)" "3 4"
expect_eq "output rule" "$(nft_count a)" 17
expect_events netfilter-drop-unattributed 5 '.dst.port == 53 and .dst.addr == "10.2.0.2" and .victim.pod == "a"'
expect_events netfilter-drop-unattributed 6 '.dst.port == 53 and .dst.addr == "fd02::2" and .victim.pod == "a"'
expect_events netfilter-drop-unattributed 7 '.dst.port == 54 and .victim.pod == "b" and .victim.how == "netns"'
expect_events netfilter-drop-unattributed 17 '.dst.port == 55 and .victim.pod == "a" and .victim.how == "sk-cgroup" and .victim.container_id != null'
expect_events netfilter-drop-unattributed 35
expect_only netfilter-drop-unattributed
# where it was dropped is looked up on the stack, once a millisecond
expect_all netfilter-drop-unattributed '((.evidence.hook_point // "ip input") | test("^ip6? (forward|input|output)$")) and (.remedy | test("nft list ruleset"))'
for point in "ip forward" "ip6 forward" "ip input" "ip6 input" "ip output" "ip6 output"; do
	[ "$(jq -c --arg p "$point" 'select(.evidence.hook_point == $p)' $events | wc -l)" -ge 1 ] || fail "no loss at $point"
done
