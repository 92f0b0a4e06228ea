# SPDX-License-Identifier: GPL-2.0-only
# Data within the window for a TCP socket whose buffer the application made smaller: in order and behind a gap.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
for at in 10.1.0.3 fd01::3; do spawn_in b "$WD_GEN" receive $at 80 65536 shrink 3000 > /dev/null; done
sleep 0.3
# since 6.17 what goes beyond a closed window is mostly counted with what goes beyond an open one
closed() { echo $(($(snmp b TcpExtTCPZeroWindowDrop) + $(snmp b TcpExtBeyondWindow))); }
queue=$(snmp b TcpExtTCPRcvQDrop) ofo=$(snmp b TcpExtTCPOFODrop) window=$(closed)
trace_start --netns wd-b
for at in 10.1.0.3 fd01::3; do
	in_pod a "$WD_GEN" inject $at 80 3000 0 0 10 6 300 > /dev/null
	in_pod a "$WD_GEN" inject $at 80 3000 200 50 10 4 300 > /dev/null
done
trace_stop
queue=$(($(snmp b TcpExtTCPRcvQDrop) - queue)) ofo=$(($(snmp b TcpExtTCPOFODrop) - ofo))
window=$(($(closed) - window))
echo "RcvQDrop $queue OFODrop $ofo ZeroWindowDrop $window"
# since 6.6 the first loss closes the window (e2142825c120), which then refuses the rest
[ $queue -ge 2 ] && [ $ofo -ge 2 ] && [ $((queue + window)) -ge 12 ] || fail "not all were refused"
expect_events tcp-receive-buffer-full $((queue + ofo))
expect_events tcp-zero-window $window
for at in 10.1.0.3 fd01::3; do
	[ "$(events_of tcp-receive-buffer-full ".dst.addr == \"$at\"")" -ge 2 ] || fail "none to $at"
done
expect_all tcp-receive-buffer-full '.victim.pod == "b" and .victim.how == "sk-cgroup" and .dst.port == 80 and
	.evidence.receive_queue_bytes > .evidence.receive_buffer_bytes and .evidence.unread_bytes == 3000 and
	.evidence.receive_buffer_fixed == 1 and .evidence.netns_tcp_rmem_max == '"$(in_ns b sysctl -n net.ipv4.tcp_rmem | awk '{ print $3 }')"
expect_all tcp-receive-buffer-full '.process.comm == "gen" and .process.how == "socket" and .process.holders == 1'
expect_all tcp-receive-buffer-full '(.remedy | test("application has set SO_RCVBUF to 1152"))'
expect_only tcp-receive-buffer-full tcp-zero-window
