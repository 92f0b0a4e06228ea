# SPDX-License-Identifier: GPL-2.0-only
# Nobody answers, and more packets wait for the next hop than may, sent from two CPUs: the oldest are lost.
. "$WD_LIB"

pod a
ns r
link a eth0 10.1.0.2 fd01::2 r ra 10.1.0.1 fd01::1
warm_up a 10.1.0.1 fd01::1
in_ns a sysctl -qw net.ipv4.neigh.eth0.retrans_time_ms=300 net.ipv6.neigh.eth0.retrans_time_ms=300 \
	net.ipv4.neigh.eth0.unres_qlen_bytes=20000 net.ipv6.neigh.eth0.unres_qlen_bytes=20000
discarded() { # table: packets, all CPUs together
	awk 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "unresolved_discards") c = i; next } { print $c }' "/proc/net/stat/$1" |
		while read -r hex; do echo $((16#$hex)); done | awk '{ n += $1 } END { print n }'
}
trace_start
for to in "10.1.0.99 arp_cache" "fd01::99 ndisc_cache"; do
	read -r addr table <<< "$to"
	before=$(discarded $table)
	in_pod a "$WD_GEN" udp $addr 7 100 1000 2 > /dev/null
	echo "$addr $(($(discarded $table) - before))"
done > lost
sleep 1.5
trace_stop
cat lost
while read -r addr n; do
	[ "$n" -ge 50 ] || fail "only $n were lost"
	expect_events neighbour-queue-full "$n" ".dst.addr == \"$addr\""
	expect_events neighbour-failed $((100 - n)) ".dst.addr == \"$addr\""
done < lost
expect_all neighbour-queue-full '.victim.pod == "a" and .victim.how == "sk-cgroup"'
expect_only neighbour-queue-full neighbour-failed
if [ -n "${WD_HOST:-}" ]; then exit 0; fi # this kernel allows tracepoints only: the queue is not known
expect_all neighbour-queue-full '.evidence.neighbour_queue_limit == 20000 and .evidence.neighbour_queue_bytes > 18000
	and (.evidence.next_hop | test("99 dev eth0$")) and (.remedy | test("unres_qlen_bytes"))'
