# SPDX-License-Identifier: GPL-2.0-only
# A table that is full of answered connections refuses new ones; full of others, it makes room.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
in_ns r nft add table inet fw
in_ns r nft add chain inet fw onward '{ type filter hook forward priority 0; }'
in_ns r nft add rule inet fw onward ct state new counter accept
ct=net.netfilter.nf_conntrack
max=$(sysctl -n ${ct}_max) buckets=$(sysctl -n ${ct}_buckets)
at_end sysctl -qw ${ct}_max=$max ${ct}_buckets=$buckets
for at in 10.2.0.2 fd02::2; do
	spawn_in b "$WD_GEN" sink $at 53 100000 60000 > /dev/null
	spawn_in b "$WD_GEN" listen $at 80 64 0 60000 > /dev/null
	spawn_in a "$WD_GEN" connect-many $at 80 20 80000 > /dev/null
done
sleep 0.5
in_ns r conntrack -D -p icmp > /dev/null 2>&1 || true
in_ns r conntrack -D -f ipv6 -p icmpv6 > /dev/null 2>&1 || true
trace_start --netns wd-r
entries=$(in_ns r conntrack -C)
sysctl -qw ${ct}_max="$entries"
in_pod a "$WD_GEN" flows 10.2.0.2 53 2000 9 > /dev/null
in_pod a "$WD_GEN" flows fd02::2 53 2000 10 > /dev/null
expect_eq "drop and early_drop while full" "$(ct_stat r drop) $(ct_stat r early_drop)" "19 0"
# few chains, so that there is something to remove near each new entry
sysctl -qw ${ct}_buckets=512 ${ct}_max=300
in_pod a "$WD_GEN" flows 10.2.0.2 53 3000 500 > /dev/null
in_pod a "$WD_GEN" flows fd02::2 53 3000 200 > /dev/null
early=$(ct_stat r early_drop) drop=$(ct_stat r drop)
trace_stop
[ "$early" -gt 100 ] || fail "only $early entries were removed"
expect_events conntrack-table-full "$drop"
expect_events conntrack-early-drop "$early"
expect_events conntrack-table-full 9 ".src.port < 3000 and .dst.addr == \"10.2.0.2\" and .evidence.conntrack_entries == $entries and .evidence.conntrack_max == $entries and .evidence.conntrack_buckets == $buckets"
expect_events conntrack-table-full 10 ".src.port < 3000 and .dst.addr == \"fd02::2\" and .evidence.conntrack_entries == $entries and .evidence.conntrack_max == $entries"
expect_all conntrack-table-full '.victim.pod == "a" and .dst.port == 53 and (.remedy | test("nf_conntrack_max=65536"))'
expect_all conntrack-early-drop '.victim.pod == "a" and .victim.how == "ip-src" and .dst.port == 53 and .proto == "udp" and .pid == null and .evidence.conntrack_buckets == 512'
[ "$(events_of conntrack-early-drop '.dst.addr == "fd02::2"')" -gt 10 ] || fail "no IPv6 entries removed"
expect_only conntrack-table-full conntrack-early-drop
