# SPDX-License-Identifier: GPL-2.0-only
# UDP datagrams that are longer than the MTU, from sockets that forbid fragments, on two CPUs at once.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
ip -n wd-a link set eth0 mtu 1400
warm_up a 10.1.0.3 fd01::3
trace_start --netns wd-a
for addr in 10.1.0.3 fd01::3 ::ffff:10.1.0.3; do
	in_pod a "$WD_GEN" send-whole $addr 9 40 1401 2 > tally
	awk '$6 == 90 { n += $4 } END { exit n != 40 }' tally || fail "$addr: $(cat tally)"
done
# what no IP packet can hold has nothing to do with an MTU
in_pod a "$WD_GEN" send-nowait 10.1.0.3 9 3 65530 1000000 1 > tally
expect_eq "sends that are too long for IP" "$(cat tally)" "ok 0 failed 3 errno 90"
trace_stop
call='.victim.pod == "a" and .victim.container == "app" and .process.comm == "gen" and .process.pid > 1 and .dst.port == 9
	and .evidence.datagram_bytes == 1401 and .evidence.send_mtu == 1400'
expect_events mtu-local-too-big 80 "$call and .dst.addr == \"10.1.0.3\" and .evidence.packet_bytes == 1429 and (.remedy | test(\"at most 1372 bytes\"))"
expect_events mtu-local-too-big 40 "$call and .dst.addr == \"fd01::3\" and .evidence.packet_bytes == 1449 and (.remedy | test(\"at most 1352 bytes\"))"
expect_events mtu-local-too-big 120
expect_only mtu-local-too-big
