# SPDX-License-Identifier: GPL-2.0-only
# A listener that never accepts: full at the SYN, at the last ACK, and at the ACK of a cookie.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
in_ns b sysctl -qw net.ipv4.tcp_syncookies=1
for at in 10.1.0.3 fd01::3; do
	spawn_in b "$WD_GEN" listen $at 80 2 0 30000 > "bound.$at"
	spawn_in b "$WD_GEN" listen $at 81 2 0 30000 > "bound.$at"
done
sleep 0.3
overflows=$(snmp b TcpExtListenOverflows) drops=$(snmp b TcpExtListenDrops)
trace_start --netns wd-b
for at in 10.1.0.3 fd01::3; do in_pod a "$WD_GEN" connect-many $at 80 3 100 > /dev/null; done
in_pod a "$WD_GEN" connect-many 10.1.0.3 80 5 100 > /dev/null
in_pod a "$WD_GEN" connect-many fd01::3 80 6 100 > /dev/null
expect_eq "refused at the SYN" $(($(snmp b TcpExtListenOverflows) - overflows)) 11
# a slow way to the listener: all SYNs are there before the first ACK
in_ns a tc qdisc add dev eth0 root netem delay 100ms
in_pod a "$WD_GEN" connect-many 10.1.0.3 81 3 500 > /dev/null
in_pod a "$WD_GEN" connect-many 10.1.0.3 81 6 800 > /dev/null
in_pod a "$WD_GEN" connect-many fd01::3 81 6 800 > /dev/null
trace_stop
overflows=$(($(snmp b TcpExtListenOverflows) - overflows))
expect_eq ListenDrops $(($(snmp b TcpExtListenDrops) - drops)) $overflows
expect_events accept-queue-full $overflows
expect_events accept-queue-full 5 '.dst.addr == "10.1.0.3" and .dst.port == 80'
expect_events accept-queue-full 6 '.dst.addr == "fd01::3" and .dst.port == 80'
expect_all accept-queue-full '.victim.pod == "b" and .victim.how == "sk-cgroup" and .evidence.listen_queue == 3 and .evidence.listen_queue_limit == 2'
expect_all accept-queue-full '(.remedy | test("backlog the application gives to listen"))'
