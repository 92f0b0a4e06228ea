# SPDX-License-Identifier: GPL-2.0-only
# More connections than 512 hash chains may hold.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
in_ns r nft add table inet fw
in_ns r nft add chain inet fw onward '{ type filter hook forward priority 0; }'
in_ns r nft add rule inet fw onward ct state new counter accept
in_ns r conntrack -S | grep -q chaintoolong= || skip "this kernel does not limit the length of a chain"
ct=net.netfilter.nf_conntrack
max=$(sysctl -n ${ct}_max) buckets=$(sysctl -n ${ct}_buckets)
at_end sysctl -qw ${ct}_max=$max ${ct}_buckets=$buckets
in_ns r sysctl -qw ${ct}_udp_timeout=600 ${ct}_udp_timeout_stream=600 # on a slow machine they would end meanwhile
sysctl -qw ${ct}_max=65536 ${ct}_buckets=512
for at in 10.2.0.2 fd02::2; do spawn_in b "$WD_GEN" sink $at 53 3000 60000 > /dev/null; done
sleep 0.2
in_pod a "$WD_GEN" flows 10.2.0.2 53 2000 8000 > /dev/null
trace_start --netns wd-r
before=$(ct_stat r chaintoolong) failed=$(ct_stat r insert_failed)
# which chains are full is a matter of the boot's random hash key
for port in 12000 16000 20000 24000 28000; do
	in_pod a "$WD_GEN" flows 10.2.0.2 53 $port 800 > /dev/null
	in_pod a "$WD_GEN" flows fd02::2 53 $port 800 > /dev/null
	[ $(($(ct_stat r chaintoolong) - before)) -le 20 ] || break
done
trace_stop
count=$(($(ct_stat r chaintoolong) - before))
[ $count -gt 0 ] || fail "no chain was too long"
expect_eq insert_failed $(($(ct_stat r insert_failed) - failed)) $count
expect_events conntrack-chain-too-long $count
for at in 10.2.0.2 fd02::2; do
	[ "$(events_of conntrack-chain-too-long ".dst.addr == \"$at\"")" -gt 0 ] || fail "none to $at"
done
expect_all conntrack-chain-too-long '.victim.pod == "a" and .evidence.conntrack_buckets == 512 and .evidence.conntrack_max == 65536 and .evidence.conntrack_entries > 7000 and (.remedy | test("nf_conntrack_buckets=65536"))'
expect_only conntrack-chain-too-long
