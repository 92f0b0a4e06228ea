# SPDX-License-Identifier: GPL-2.0-only
# IPVS: a first SYN thrown away, a server removed, one with weight 0, none at all. ip_vs is loaded late.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
[ -n "${WD_TRY:-}" ] || [ ! -d /sys/module/ip_vs ] || fail "ip_vs is loaded already: the case tests that it may come later"
routed_pods
pod c
link c eth0 10.3.0.2 fd03::2 r rc 10.3.0.1 fd03::1
default_route c 10.3.0.1 fd03::1
ip -n wd-r addr add 10.9.0.1/32 dev lo
ip -n wd-r -6 addr add fd09::1/128 dev lo nodad
for at in 10.2.0.2 fd02::2 10.3.0.2 fd03::2; do
	case $at in 10.2* | fd02*) in=b ;; *) in=c ;; esac
	spawn_in $in "$WD_GEN" serve-end $at 80 reset 140000 > "bound.80.$at"
	spawn_in $in "$WD_GEN" serve-end $at 81 close 140000 > "bound.81.$at"
	spawn_in $in "$WD_GEN" serve-end $at 83 close 140000 > "bound.83.$at"
	spawn_in $in "$WD_GEN" sink $at 53 1000000 140000 > "bound.53.$at"
done
trace_start --all

vs() { in_ns r ipvsadm "$@"; }
modprobe ip_vs
for _ in $(seq 100); do
	! vs -Ln > /dev/null 2>&1 || break
	sleep 0.05
done
for _ in $(seq 300); do # the tracer hears of the module and attaches
	[ "$(grep -c '^ip_vs_' /sys/kernel/tracing/enabled_functions)" -lt 3 ] || break
	sleep 0.1
done
in_ns r nft 'add table inet t; add chain inet t c { type filter hook input priority 0; };
	add rule inet t c ct state new accept'
service() { # t|u port virtual server spare
	vs -A -$1 "$3:$2" -s rr
	vs -a -$1 "$3:$2" -r "$4:$2" -m -w 1
	vs -a -$1 "$3:$2" -r "$5:$2" -m -w 0
}
for p in 't 80' 't 81' 't 83' 'u 53'; do
	service $p 10.9.0.1 10.2.0.2 10.3.0.2
	service $p '[fd09::1]' '[fd02::2]' '[fd03::2]'
done
vs -A -u 10.9.0.1:82 -s rr
vs -A -u '[fd09::1]:82' -s rr
service u 84 10.9.0.1 10.2.0.2 10.3.0.2
service u 84 '[fd09::1]' '[fd02::2]' '[fd03::2]'
vs -e -u 10.9.0.1:84 -r 10.2.0.2:84 -m -w 0
vs -e -u '[fd09::1]:84' -r '[fd02::2]:84' -m -w 0
mode() { in_ns r sysctl -qw net.ipv4.vs.conn_reuse_mode="$1" net.ipv4.vs.expire_nodest_conn="$2" net.ipv4.vs.conntrack=1; }

# the server resets, the client comes again from its port: the old conntrack entry still stands
mode 1 0
in_pod a "$WD_GEN" connect-from 10.1.0.2 10.9.0.1 80 1 2 8000 > first.10.9.0.1
in_pod a "$WD_GEN" connect-from fd01::2 fd09::1 80 1 2 8000 > first.fd09::1
slow4=$(awk '{ print $4 }' first.10.9.0.1) slow6=$(awk '{ print $4 }' first.fd09::1)
[ "$slow4" -gt 0 ] && [ "$slow6" -gt 0 ] || fail "no SYN was lost: $(cat first.*)"

# the server closes in order: the client's port is scheduled anew, by mode 1 or because its server drains
again_from() { # count
	in_pod a "$WD_GEN" connect-from 10.1.0.2 10.9.0.1 83 1 $1 8000 >> again
	in_pod a "$WD_GEN" connect-from fd01::2 fd09::1 83 1 $1 8000 >> again
}
again_from 4
mode 0 1
for at in '10.9.0.1:83 10.2.0.2:83 10.3.0.2:83' '[fd09::1]:83 [fd02::2]:83 [fd03::2]:83'; do
	read -r virtual old new <<< "$at"
	vs -e -t "$virtual" -r "$new" -m -w 1
	vs -e -t "$virtual" -r "$old" -m -w 0
done
again_from 1
mode 1 0

# no server at all, and none that takes it
in_pod a "$WD_GEN" udp 10.9.0.1 82 15 100 2 > /dev/null
in_pod a "$WD_GEN" udp fd09::1 82 16 100 2 > /dev/null
in_pod a "$WD_GEN" udp 10.9.0.1 84 3 100 > /dev/null
in_pod a "$WD_GEN" udp fd09::1 84 4 100 > /dev/null

# datagrams of flows whose server is removed, from both CPUs
for dst in 10.9.0.1 fd09::1; do in_pod a "$WD_GEN" udp-held $dst 53 20 4000 > "held.$dst" & case_pids="$case_pids $!"; done
for _ in $(seq 60); do [ "$(vs -Lnc | grep -c '^UDP.*:53 ')" -lt 4 ] || break; sleep 0.05; done
vs -d -u 10.9.0.1:53 -r 10.2.0.2:53
vs -d -u '[fd09::1]:53' -r '[fd02::2]:53'
for dst in 10.9.0.1 fd09::1; do wait_for "held.$dst" sent; done

# mode 0: the old server keeps the port, also when it is dead
mode 0 0
in_pod a "$WD_GEN" connect-from 10.1.0.2 10.9.0.1 81 1 1 2000 > /dev/null
in_pod a "$WD_GEN" connect-from fd01::2 fd09::1 81 1 1 2000 > /dev/null
vs -e -t 10.9.0.1:81 -r 10.2.0.2:81 -m -w 0
vs -e -t '[fd09::1]:81' -r '[fd02::2]:81' -m -w 0
vs -e -t 10.9.0.1:81 -r 10.3.0.2:81 -m -w 1
vs -e -t '[fd09::1]:81' -r '[fd03::2]:81' -m -w 1
in_ns r sysctl -qw net.ipv4.neigh.rb.retrans_time_ms=100 net.ipv6.neigh.rb.retrans_time_ms=100
ip -n wd-b link set eth0 address 02:00:00:00:00:99 arp off
ip -n wd-b -6 addr flush dev eth0
ip -n wd-b addr flush dev eth0
ip -n wd-r neigh flush dev rb
again=$(snmp a TcpRetransSegs)
in_pod a "$WD_GEN" connect-from 10.1.0.2 10.9.0.1 81 1 2 2000 > dead.4
dead4=$((2 + $(snmp a TcpRetransSegs) - again)) again=$(snmp a TcpRetransSegs)
in_pod a "$WD_GEN" connect-from fd01::2 fd09::1 81 1 2 2000 > dead.6
dead6=$((2 + $(snmp a TcpRetransSegs) - again))
trace_stop

expect_events ipvs-first-syn-dropped "$slow4" '.dst.addr == "10.9.0.1" and .dst.port == 80'
expect_events ipvs-first-syn-dropped "$slow6" '.dst.addr == "fd09::1" and .dst.port == 80'
expect_all ipvs-first-syn-dropped '.victim.pod == "a" and .evidence.conntrack_state == "confirmed" and .evidence.conn_reuse_mode == 1 and .evidence.ipvs_state == "CLOSE"'
expect_eq "connections from one port" "$(sort -u again | tr '\n' ' ')" "ok 1 slow 0 unreachable 0 other 0 ok 4 slow 0 unreachable 0 other 0 "
rescheduled() { # virtual server idle
	expect_events ipvs-reuse-rescheduled 3 ".dst.addr == \"$1\" and .evidence.conn_reuse_mode == 1 and .evidence.weight == 1 and .evidence.new_by_schedule < 4"
	expect_events ipvs-reuse-rescheduled 1 ".dst.addr == \"$1\" and .evidence.conn_reuse_mode == 0 and .evidence.expire_nodest_conn == 1 and .evidence.weight == 0 and .evidence.new_by_schedule == 4 and .evidence.servers_without_new == \"$3\""
	expect_events ipvs-reuse-rescheduled 4 ".dst.addr == \"$1\" and .evidence.real_server == \"$2 (case/b)\" and .evidence.new_by_reuse == 0"
}
rescheduled 10.9.0.1 10.2.0.2:83 10.3.0.2:83
rescheduled fd09::1 '[fd02::2]:83' '[fd03::2]:83'
expect_events ipvs-reuse-rescheduled 8 '.severity == "info" and .victim.pod == "a" and .evidence.conntrack_state == "unconfirmed" and .evidence.ipvs_state == "TIME_WAIT"'
expect_events ipvs-reuse-rescheduled 8
expect_events ipvs-no-destination 15 '.dst.addr == "10.9.0.1" and .evidence.virtual_service == "10.9.0.1:82" and .evidence.real_servers == 0'
expect_events ipvs-no-destination 16 '.dst.addr == "fd09::1" and .evidence.virtual_service == "[fd09::1]:82"'
expect_events ipvs-no-destination 3 '.dst.addr == "10.9.0.1" and .evidence.real_servers == 2 and (.evidence.server_weights | (test("10.2.0.2:84 weight 0") and test("10.3.0.2:84 weight 0")))'
expect_events ipvs-no-destination 4 '.evidence.real_servers == 2 and ((.evidence.server_weights | split(", ") | sort) == ["[fd02::2]:84 weight 0", "[fd03::2]:84 weight 0"])'
expect_events ipvs-destination-gone 40 '.dst.addr == "10.9.0.1" and .evidence.real_server == "10.2.0.2:53 (case/b)"'
expect_events ipvs-destination-gone 40 '.dst.addr == "fd09::1" and .evidence.available == 0'
expect_all ipvs-destination-gone '.victim.pod == "a" and (.remedy | test("expire_nodest_conn=1"))'
# on 5.10 IPVS drops the node's own ICMPv6 error about each of them: the client waits
told="unreachable 2 other 0" refused=0
has_reasons || told="unreachable 0 other 2" refused=$dead6
expect_eq "no route to host" "$(cat dead.4 dead.6 | tr '\n' ' ')" "ok 0 slow 0 unreachable 2 other 0 ok 0 slow 0 $told "
expect_events ipvs-reuse-pinned 2 '.evidence.new_by_reuse == 1 and .evidence.new_by_schedule == 1 and .evidence.weight == 0 and (.evidence.ipvs_state | test("^(TIME_WAIT|CLOSE)$"))'
expect_events ipvs-reuse-pinned 1 '.evidence.servers_without_new == "10.3.0.2:81" and (.remedy | test("none went to 10.3.0.2:81"))'
expect_events ipvs-reuse-pinned 1 '.evidence.servers_without_new == "[fd03::2]:81" and .evidence.new_within_s < 100'
expect_events ipvs-dead-destination $dead4 '.src.addr == "10.1.0.2" and .evidence.conn_reuse_mode == 0'
expect_events ipvs-dead-destination $dead6 '.src.addr == "fd01::2"'
expect_events netfilter-hook-drop $refused '.proto == "icmp6"'
expect_events netfilter-hook-drop $refused
[ -z "$(jq -r 'select(.severity == "loss") | .cause' $events | grep -v '^ipvs-' | grep -v '^netfilter-hook-drop')" ] || fail "other losses"
