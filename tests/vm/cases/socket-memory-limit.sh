# SPDX-License-Identifier: GPL-2.0-only
# The memory that all sockets of a protocol share is used up: UDP from two CPUs at once, and TCP in order and behind a gap.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "the limits are the whole machine's"
udp=$(sysctl -n net.ipv4.udp_mem) tcp=$(sysctl -n net.ipv4.tcp_mem) rmem=$(sysctl -n net.core.rmem_max)
at_end sysctl -qw "net.ipv4.udp_mem='$udp'" "net.ipv4.tcp_mem='$tcp'" "net.core.rmem_max=$rmem"
sysctl -qw net.core.rmem_max=16777216
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
for at in 10.1.0.3 fd01::3; do
	spawn_in b "$WD_GEN" sink $at 5000 8000000 60000 > "sink.$at"
	wait_for "sink.$at" bound
	receive_in b $at 80 65536 idle 5000
done
receive_in b 10.1.0.3 81 8000000 idle 30000
# kernels since 6.0 may grant up to 1 MiB per CPU beyond the limits, so more than that has to be in use
in_pod a "$WD_GEN" udp 10.1.0.3 5000 1500 1400 2 > /dev/null
# its sender stays: an orphan would be reset as soon as there is no memory
spawn_in a bash -c 'head -c 30000000 /dev/zero > /dev/tcp/10.1.0.3/81'
sleep 2
errors=$(snmp b UdpInErrors) errors6=$(snmp b Udp6InErrors)
trace_start --netns wd-b
sysctl -qw net.ipv4.udp_mem="1 1 1"
in_pod a "$WD_GEN" udp 10.1.0.3 5000 200 1400 2 > /dev/null
in_pod a "$WD_GEN" udp fd01::3 5000 200 1400 2 > /dev/null
refused() { echo $(($(snmp b TcpExtTCPRcvQDrop) + $(snmp b TcpExtTCPOFODrop))); }
queue=$(refused)
sysctl -qw net.ipv4.udp_mem="$udp" net.ipv4.tcp_mem="1 1 1"
grep mem /proc/net/sockstat
for at in 10.1.0.3 fd01::3; do in_pod a "$WD_GEN" inject $at 80 3000 0 1000 1000 30 300; done
sysctl -qw net.ipv4.tcp_mem="$tcp"
queue=$(($(refused) - queue)) # since 6.6 a loss closes the window, which refuses what follows
trace_stop
errors=$(($(snmp b UdpInErrors) - errors)) errors6=$(($(snmp b Udp6InErrors) - errors6))
echo "UDP $errors UDPv6 $errors6 TCP $queue"
[ $errors -ge 100 ] && [ $errors6 -ge 100 ] && [ $queue -ge 4 ] || fail "too few were provoked"
expect_events socket-memory-limit $errors '.proto == "udp" and .dst.addr == "10.1.0.3" and .evidence.socket_protocol == "UDP"'
expect_events socket-memory-limit $errors6 '.proto == "udp" and .dst.addr == "fd01::3" and .evidence.socket_protocol == "UDPv6"'
expect_events socket-memory-limit $queue '.proto == "tcp" and (.evidence.socket_protocol | test("^TCP"))'
expect_all socket-memory-limit '.victim.pod == "b" and .victim.how == "sk-cgroup" and .evidence.protocol_limit_pages == 1 and
	.evidence.protocol_pages > 256 and .evidence.needed_pages >= 1'
expect_all socket-memory-limit '.remedy | test("of 1 pages .*net.ipv4.(tcp|udp)_mem=")'
