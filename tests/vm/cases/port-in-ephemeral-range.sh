# SPDX-License-Identifier: GPL-2.0-only
# Binds that are refused because an outgoing connection happens to hold the port.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
pod a
in_ns a sysctl -qw net.ipv4.ip_local_port_range="40000 40009" net.core.somaxconn=4096
for addr in 127.0.0.1 ::1; do
	spawn_in a "$WD_GEN" listen $addr 7000 100 0 60000 > listen.$addr
	spawn_in a "$WD_GEN" listen $addr 40008 100 0 60000 > bound.$addr
done
sleep 0.3
trace_start --netns wd-a
for addr in 127.0.0.1 ::1; do
	spawn_in a "$WD_GEN" leak $addr 7000 9 60000 > leak
	spawn_in a "$WD_GEN" send-udp $addr 7002 10 60000 > send
	for _ in $(seq 50); do [ ! -s leak ] || [ ! -s send ] || break; sleep 0.1; done
	expect_eq "connections and UDP sockets held" "$(cat leak send | tr '\n' ' ')" "ok 9 failed 0 errno 0 ok 10 failed 0 errno 0 "
	in_pod a "$WD_GEN" bind-tcp $addr 40003 20 200 2 > tally
	in_pod a "$WD_GEN" bind-udp $addr 40004 21 200 2 >> tally
	awk '$4 && $6 == 98 { n += $4 } END { exit n != 41 }' tally || fail "binds: $(cat tally)"
	# ports of listeners and of bound sockets are refused too, and that is as it should be
	in_pod a "$WD_GEN" bind-tcp $addr 40008 3 0 > listened
	in_pod a "$WD_GEN" bind-tcp $addr 7000 3 0 >> listened
	expect_eq "ports of listeners" "$(tr '\n' ' ' < listened)" "ok 0 failed 3 errno 98 ok 0 failed 3 errno 98 "
done
trace_stop
call='.victim.pod == "a" and .victim.container == "app" and .process.comm == "gen" and .process.pid > 1'
held='(.evidence.port_holder_process == null or (.evidence.port_holder_process | test("^gen\\[[0-9]+\\]$"))) and .evidence.port_range == "40000-40009" and (.evidence.port_holder_pod | startswith("case/a"))'
for addr in 127.0.0.1 ::1; do
	expect_events port-in-ephemeral-range 20 "$call and $held and .proto == \"tcp\" and .src.addr == \"$addr\" and .src.port == 40003
		and .evidence.wanted_port == 40003 and (.evidence.port_holder | endswith(\":7000\") and contains(\":40003 > \"))
		and (.remedy | test(\"ip_local_reserved_ports=40003\"))"
	expect_events port-in-ephemeral-range 21 "$call and $held and .proto == \"udp\" and .src.addr == \"$addr\" and .src.port == 40004
		and (.remedy | test(\"ip_local_reserved_ports=40004\"))"
done
expect_events port-in-ephemeral-range 82
# who holds a socket is looked up a few times per second only
[ "$(events_of port-in-ephemeral-range '.evidence.port_holder_process')" -gt 0 ] || fail "no holder's process"
expect_only port-in-ephemeral-range no-listener # nobody reads what the UDP sockets send
