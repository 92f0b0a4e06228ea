# SPDX-License-Identifier: GPL-2.0-only
# More next hops than the neighbour table, which all namespaces share, may have entries.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "it would change a limit of the whole machine"
pod a
ns r
link a eth0 10.1.0.2 fd01::2 r ra 10.1.0.1 fd01::1
warm_up a 10.1.0.1 fd01::1
for v in ipv4 ipv6; do
	for i in 1 2 3; do eval "old_${v}_$i=$(sysctl -n net.$v.neigh.default.gc_thresh$i)"; done
done
restore() {
	for v in ipv4 ipv6; do
		for i in 3 2 1; do eval "sysctl -qw net.$v.neigh.default.gc_thresh$i=\$old_${v}_$i"; done
	done
}
at_end restore
# /proc/net/stat: one line per CPU behind a heading, numbers in hexadecimal
fulls() { # table
	local sum=0 column value
	column=$(head -n 1 "/proc/net/stat/$1" | tr ' ' '\n' | grep . | grep -n '^table_fulls$' | cut -d: -f1)
	for value in $(awk -v c="$column" 'NR > 1 { print $c }' "/proc/net/stat/$1"); do sum=$((sum + 16#$value)); done
	echo $sum
}
for v in ipv4 ipv6; do
	sysctl -qw net.$v.neigh.default.gc_thresh1=4 net.$v.neigh.default.gc_thresh2=6 net.$v.neigh.default.gc_thresh3=8
done
in4=$(fulls arp_cache) in6=$(fulls ndisc_cache)
trace_start
in_pod a "$WD_GEN" sweep 10.1.0. 50 30 9 > /dev/null
in_pod a "$WD_GEN" sweep fd01:: 50 30 9 > /dev/null
restore # else the kernel's own discovery goes on losing between the two looks
in4=$(($(fulls arp_cache) - in4)) in6=$(($(fulls ndisc_cache) - in6))
trace_stop
[ $in4 -ge 10 ] && [ $in6 -ge 10 ] || fail "only $in4 and $in6 losses provoked"
expect_events neighbour-table-full $in4 '.dst.addr | test("^10\\.1\\.0\\.")'
# the kernel's own discovery of neighbours finds no room either
expect_events neighbour-table-full $in6 '.dst.addr | test(":")'
own='(.dst.addr | test("^10|^fd01:"))'
expect_all neighbour-table-full ".victim.pod == \"a\" and .victim.how == \"sk-cgroup\" or ($own | not)"
expect_all neighbour-table-full '.evidence.neighbour_limit == 8 and .evidence.neighbour_entries >= 8 and (.remedy | test("gc_thresh3=1024"))'
