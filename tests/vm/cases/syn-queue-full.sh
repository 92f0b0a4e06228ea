# SPDX-License-Identifier: GPL-2.0-only
# SYN floods from two CPUs: without cookies, with cookies, and at a full accept queue; each SYN is refused or answered.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
in_ns b ip route add 172.16.0.0/16 via 10.1.0.2
in_ns b ip -6 route add fd99::/64 via fd01::2
in_ns b sysctl -qw net.ipv4.tcp_syncookies=0 net.ipv4.tcp_max_syn_backlog=4096
for at in 10.1.0.3 fd01::3; do
	for port in 80 81; do spawn_in b "$WD_GEN" listen $at $port 8 0 30000 > /dev/null; done
	spawn_in b "$WD_GEN" listen $at 82 0 0 30000 > /dev/null
done
sleep 0.3
for at in 10.1.0.3 fd01::3; do in_pod a "$WD_GEN" connect-many $at 82 1 100 > /dev/null; done

flood() { # port: 300 SYNs of each family; what came of them is added up
	local drops answered
	drops=$(snmp b TcpExtListenDrops) answered=$(($(snmp b TcpOutSegs) - $(snmp b TcpRetransSegs)))
	in_pod a "$WD_GEN" syn 172.16.1.1 10.1.0.3 "$1" 300 2 > /dev/null
	in_pod a "$WD_GEN" syn fd99::1 fd01::3 "$1" 300 2 > /dev/null
	sleep 0.1
	refused=$(($(snmp b TcpExtListenDrops) - drops))
	answered=$(($(snmp b TcpOutSegs) - $(snmp b TcpRetransSegs) - answered))
	echo "port $1: refused $refused answered $answered"
	expect_eq "refused and answered at port $1" $((refused + answered)) 600
}

trace_start --netns wd-b
full=$(snmp b TcpExtTCPReqQFullDrop)
flood 80
expect_eq ReqQFullDrop $(($(snmp b TcpExtTCPReqQFullDrop) - full)) $refused
without=$refused
in_ns b sysctl -qw net.ipv4.tcp_syncookies=1
cookies=$(snmp b TcpExtTCPReqQFullDoCookies)
flood 81
expect_eq "refused with cookies" $refused 0
cookies=$(($(snmp b TcpExtTCPReqQFullDoCookies) - cookies))
flood 82
trace_stop
[ $without -ge 500 ] && [ $cookies -ge 500 ] || fail "the queue was not full: $without $cookies"
expect_eq "refused by a full accept queue" $refused 600
expect_events syn-queue-full $without '.dst.port == 80'
expect_events syn-queue-full $without
expect_events syn-cookies-sent $cookies '.dst.port == 81'
expect_events syn-cookies-sent $cookies
expect_events accept-queue-full 600 '.dst.port == 82 and .evidence.handshake_step == "syn"'
for cause in syn-queue-full syn-cookies-sent accept-queue-full; do
	for at in 10.1.0.3 fd01::3; do
		[ "$(events_of $cause ".dst.addr == \"$at\"")" -ge 250 ] || fail "$cause: too few to $at"
	done
	[ "$(jq "select(.cause == \"$cause\").cpu" $events | sort -u | wc -l)" = 2 ] || fail "$cause: one CPU"
	expect_all $cause '.victim.pod == "b" and .victim.how == "sk-cgroup" and .evidence.netns_somaxconn == 4096'
	expect_all $cause '.process.comm == "gen" and .process.holders == 1'
done
expect_all syn-queue-full '.severity == "loss" and .evidence.syn_queue >= 8 and .evidence.listen_queue_limit == 8 and .evidence.syncookies == 0'
expect_all syn-queue-full '.evidence.max_syn_backlog == 4096 and (.remedy | test("or set net.ipv4.tcp_syncookies=1"))'
expect_all syn-cookies-sent '.severity == "pressure" and .evidence.syn_queue >= 8 and .evidence.syncookies == 1'
expect_all syn-cookies-sent '(.remedy | test("Raise both to 128")) and (.remedy | test("tcp_syncookies=1") | not)'
expect_only syn-queue-full syn-cookies-sent accept-queue-full
