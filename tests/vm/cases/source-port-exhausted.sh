# SPDX-License-Identifier: GPL-2.0-only
# Connects, binds and first sends that find no source port left, from two CPUs at once.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
pod a
range() { in_ns a sysctl -qw net.ipv4.ip_local_port_range="$1 $2" net.ipv4.ip_local_reserved_ports="$3"; }
in_ns a sysctl -qw net.ipv4.tcp_tw_reuse=0 net.core.somaxconn=4096
for addr in 127.0.0.1 ::1; do
	spawn_in a "$WD_GEN" listen $addr 7000 4096 0 60000 > listen.$addr
	spawn_in a "$WD_GEN" listen $addr 40003 1 0 60000 > bound.$addr
	spawn_in a "$WD_GEN" serve $addr 7001 > serve.$addr
done
sleep 0.3
trace_start --netns wd-a

failed() { # errno command...: what the generator saw fail, which has to be with that errno
	local want=$1
	shift
	in_pod a "$WD_GEN" "$@" > tally
	awk -v e="$want" '$4 && $6 != e { exit 1 }' tally || fail "$*: $(cat tally)"
	awk '{ n += $4 } END { print n }' tally
}

for addr in 127.0.0.1 ::1; do
	range 40000 40009 40005 # of which 40003 is bound, so that 8 are to be had
	connect=$(failed 99 leak $addr 7000 40 300 2)
	expect_eq "connects that failed" "$connect" 32
	range 40010 40019 ""
	in_pod a "$WD_GEN" chat $addr 7001 10 > /dev/null || fail "no chat"
	waiting=$(failed 99 leak $addr 7001 5 0)
	expect_eq "connects that met TIME_WAIT" "$waiting" 5
	range 40020 40029 ""
	bind_tcp=$(failed 98 bind-tcp $addr 0 30 300 2)
	bind_udp=$(failed 98 bind-udp $addr 0 31 300 2)
	send_udp=$(failed 11 send-udp $addr 7002 32 300 2)
	expect_eq "binds and sends that failed" "$bind_tcp $bind_udp $send_udp" "20 21 22"
done
trace_stop

call='.victim.pod == "a" and .victim.container == "app" and .process.comm == "gen" and .process.pid > 1'
for addr in 127.0.0.1 ::1; do
	here=".src.addr == \"$addr\" and $call"
	expect_events source-port-exhausted 32 "$here and .proto == \"tcp\" and .dst.addr == \"$addr\" and .dst.port == 7000
		and .evidence.port_range == \"40000-40009\" and .evidence.ports_usable == 9 and .evidence.ports_reserved == 1
		and .evidence.ports_connected == 8 and .evidence.ports_bound == 1 and (.evidence.ports_time_wait | not)"
	expect_events source-port-exhausted 5 "$here and .dst.port == 7001 and .evidence.port_range == \"40010-40019\"
		and .evidence.ports_connected == 10 and .evidence.ports_time_wait == 10
		and (.remedy | test(\"tcp_tw_reuse=1\"))"
	expect_events source-port-exhausted 20 "$here and .proto == \"tcp\" and .dst.port == 0 and .evidence.port_range == \"40020-40029\""
	expect_events source-port-exhausted 21 "$here and .proto == \"udp\" and .evidence.ports_usable == 10"
done
# a first send has no address of its own yet
expect_events source-port-exhausted 22 "$call and .proto == \"udp\" and .src.addr == \"0.0.0.0\""
expect_events source-port-exhausted 22 "$call and .proto == \"udp\" and .src.addr == \"::\""
expect_events source-port-exhausted 200
