# SPDX-License-Identifier: GPL-2.0-only
# Packets with a bad checksum pass conntrack as invalid, untracked, and are lost where they arrive, or by a rule
# for such packets: then the rule's event says why they are.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
in_ns r nft add table inet fw
in_ns r nft add chain inet fw onward '{ type filter hook forward priority 0; }'
in_ns r nft add rule inet fw onward udp dport 54 ct state invalid counter drop
in_ns r nft add rule inet fw onward udp dport 55 ct state vmap '{ invalid : drop }'
in_ns r nft add rule inet fw onward udp dport 57 counter drop
in_ns r nft add rule inet fw onward ct state invalid counter accept
in_ns r nft add rule inet fw onward ct state new counter accept
for t in iptables ip6tables; do in_ns r $t-legacy -A FORWARD -p udp --dport 56 -m conntrack --ctstate INVALID -j DROP; done
invalid=$(ct_stat r invalid)
trace_start --all --netns wd-r
in_pod a "$WD_GEN" raw 10.1.0.2 10.2.0.2 53 5 64 0 > /dev/null
in_pod a "$WD_GEN" raw fd01::2 fd02::2 53 6 64 0 > /dev/null
in_pod a "$WD_GEN" raw 10.1.0.2 10.2.0.2 53 1 64 1 > /dev/null
for port in 54 55 56; do
	in_pod a "$WD_GEN" raw 10.1.0.2 10.2.0.2 $port 3 64 0 > /dev/null
	in_pod a "$WD_GEN" raw fd01::2 fd02::2 $port 4 64 0 > /dev/null
done
in_pod a "$WD_GEN" raw 10.1.0.2 10.2.0.2 57 5 64 1 > /dev/null
in_pod a "$WD_GEN" raw fd01::2 fd02::2 57 6 64 1 > /dev/null
trace_stop
expect_eq "what conntrack counted" $(($(ct_stat r invalid) - invalid)) 32
expect_events conntrack-invalid 5 '.dst.addr == "10.2.0.2" and .dst.port == 53 and .severity == "info"'
expect_events conntrack-invalid 6 '.dst.addr == "fd02::2" and .dst.port == 53'
expect_all conntrack-invalid '.victim.pod == "a" and (.evidence.invalid_because | test("checksum"))'
expect_events conntrack-invalid 32
for port in 54 55 56; do
	expect_events netfilter-rule-drop 3 ".dst.addr == \"10.2.0.2\" and .dst.port == $port and (.evidence.invalid_because // \"\" | test(\"checksum\")) and (.remedy | test(\"called the packet invalid: .*checksum\"))"
	expect_events netfilter-rule-drop 4 ".dst.addr == \"fd02::2\" and .dst.port == $port and (.evidence.invalid_because // \"\" | test(\"checksum\"))"
done
expect_events netfilter-rule-drop 11 '.dst.port == 57 and .evidence.invalid_because == null and (.remedy | test("invalid") | not)'
