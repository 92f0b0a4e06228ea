# SPDX-License-Identifier: GPL-2.0-only
# Requests refused though the queues have room: no way back, and the last quarter of max_syn_backlog.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
in_ns b ip route add 172.16.0.0/16 via 10.1.0.2
in_ns b ip -6 route add fd99::/64 via fd01::2
in_ns b sysctl -qw net.ipv4.tcp_syncookies=0 net.ipv4.tcp_max_syn_backlog=64
for at in 10.1.0.3 fd01::3; do spawn_in b "$WD_GEN" listen $at 80 1000 0 30000 > /dev/null; done
sleep 0.3
drops=$(snmp b TcpExtListenDrops) answered=$(($(snmp b TcpOutSegs) - $(snmp b TcpRetransSegs)))
trace_start --netns wd-b
in_pod a "$WD_GEN" syn 172.17.1.1 10.1.0.3 80 20 2 > /dev/null
in_pod a "$WD_GEN" syn fd98::1 fd01::3 80 30 2 > /dev/null
in_pod a "$WD_GEN" syn 172.16.1.1 10.1.0.3 80 100 2 > /dev/null
in_pod a "$WD_GEN" syn fd99::1 fd01::3 80 120 2 > /dev/null
sleep 0.1
answered=$(($(snmp b TcpOutSegs) - $(snmp b TcpRetransSegs) - answered))
trace_stop
drops=$(($(snmp b TcpExtListenDrops) - drops))
echo "refused $drops answered $answered"
expect_eq "refused and answered" $((drops + answered)) 270
expect_events syn-refused-other $drops
expect_events syn-refused-other 20 '.evidence.refused_because == "no-route-back" and .dst.addr == "10.1.0.3"'
expect_events syn-refused-other 30 '.evidence.refused_because == "no-route-back" and .dst.addr == "fd01::3"'
expect_events syn-refused-other $((drops - 50)) '.evidence.refused_because == "last-quarter-of-max-syn-backlog"'
expect_events syn-refused-other $((drops - 50)) '(.src.addr | test("^(172.16|fd99:)")) and (.remedy | test("or net.ipv4.tcp_max_syn_backlog=128"))'
expect_events syn-refused-other 50 '(.remedy | test("no route back"))'
expect_all syn-refused-other '.victim.pod == "b" and .victim.how == "sk-cgroup" and .process.comm == "gen" and
	.evidence.max_syn_backlog == 64 and .evidence.syncookies == 0 and .evidence.listen_queue_limit == 1000'
expect_only syn-refused-other
