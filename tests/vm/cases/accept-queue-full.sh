# SPDX-License-Identifier: GPL-2.0-only
# A listener that never accepts: full at the SYN, at the last ACK, at the ACK of a cookie, and answered with a reset.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
for at in 10.1.0.3 fd01::3; do
	spawn_in b "$WD_GEN" listen $at 80 2 0 30000 > "bound.$at"
	for port in 81 82 83; do spawn_in b "$WD_GEN" listen $at $port 6 0 30000 > "bound.$at"; done
done
sleep 0.3

mode() { in_ns b sysctl -qw net.ipv4.tcp_syncookies="$1" net.ipv4.tcp_abort_on_overflow="$2"; }
connects() { # port count ms: to both addresses
	for at in 10.1.0.3 fd01::3; do in_pod a "$WD_GEN" connect-many $at "$1" "$2" "$3" > /dev/null; done
}

# all but two places are taken: 80 is full, the others take two more
mode 1 0
connects 80 3 100
for port in 81 82 83; do connects $port 5 100; done
overflows=$(snmp b TcpExtListenOverflows) drops=$(snmp b TcpExtListenDrops)
trace_start --netns wd-b
in_pod a "$WD_GEN" connect-many 10.1.0.3 80 5 100 > /dev/null
in_pod a "$WD_GEN" connect-many fd01::3 80 6 100 > /dev/null
# a slow way to the listener: all SYNs are there before the first ACK
in_ns a tc qdisc add dev eth0 root netem delay 100ms
mode 0 0
connects 81 6 350
mode 2 0
connects 82 6 350
mode 0 1
resets=$(snmp b TcpExtEmbryonicRsts)
connects 83 6 350
resets=$(($(snmp b TcpExtEmbryonicRsts) - resets))
trace_stop
overflows=$(($(snmp b TcpExtListenOverflows) - overflows))
echo "ListenOverflows $overflows EmbryonicRsts $resets"
expect_eq ListenDrops $(($(snmp b TcpExtListenDrops) - drops)) $overflows
expect_events accept-queue-full $overflows
expect_only accept-queue-full
expect_events accept-queue-full 5 '.dst.addr == "10.1.0.3" and .dst.port == 80 and .evidence.handshake_step == "syn"'
expect_events accept-queue-full 6 '.dst.addr == "fd01::3" and .dst.port == 80 and .evidence.handshake_step == "syn"'
for at in 10.1.0.3 fd01::3; do
	expect_events accept-queue-full 4 ".dst.addr == \"$at\" and .dst.port == 81 and .evidence.handshake_step == \"ack\" and .tcp_flags == \".\""
	expect_events accept-queue-full 4 ".dst.addr == \"$at\" and .dst.port == 82 and .evidence.handshake_step == \"cookie-ack\""
	expect_events accept-queue-full 4 ".dst.addr == \"$at\" and .dst.port == 83 and .evidence.abort_on_overflow == 1"
done
expect_eq "reset by tcp_abort_on_overflow" $resets 8
expect_all accept-queue-full '.victim.pod == "b" and .victim.how == "sk-cgroup" and .peer.pod == "a"'
expect_all accept-queue-full '.evidence.listen_queue_limit == (if .dst.port == 80 then 2 else 6 end) and
	.evidence.listen_queue == .evidence.listen_queue_limit + 1 and .evidence.socket_port == .dst.port'
expect_all accept-queue-full '.evidence.netns_somaxconn == 4096 and (.evidence.abort_on_overflow == 1) == (.dst.port == 83)'
expect_all accept-queue-full '.process.comm == "gen" and .process.how == "socket" and .process.holders == 1 and
	.evidence.process == "gen[\(.process.pid)]"'
expect_all accept-queue-full '(.remedy | test("backlog the application gives to listen")) and (.remedy | test("to 128"))'
