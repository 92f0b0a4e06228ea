# SPDX-License-Identifier: GPL-2.0-only
# Data for a TCP socket that is never read and whose window has closed.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
for at in 10.1.0.3 fd01::3; do spawn_in b "$WD_GEN" receive $at 80 4096 idle 5000 > /dev/null; done
sleep 0.3
# since 6.17 what goes beyond a closed window is mostly counted with what goes beyond an open one
closed() { echo $(($(snmp b TcpExtTCPZeroWindowDrop) + $(snmp b TcpExtBeyondWindow))); }
window=$(closed) memory=$(snmp b TcpExtTCPRcvQDrop)
trace_start --netns wd-b
for at in 10.1.0.3 fd01::3; do in_pod a "$WD_GEN" inject $at 80 60000 0 0 1 5 1200 > /dev/null; done
trace_stop
window=$(($(closed) - window)) memory=$(($(snmp b TcpExtTCPRcvQDrop) - memory))
echo "ZeroWindowDrop $window RcvQDrop $memory"
[ $window -ge 10 ] || fail "the window was not closed"
expect_events tcp-zero-window $window
expect_events tcp-receive-buffer-full $memory
for at in 10.1.0.3 fd01::3; do
	[ "$(events_of tcp-zero-window ".dst.addr == \"$at\"")" -ge 5 ] || fail "none to $at"
done
expect_all tcp-zero-window '.victim.pod == "b" and .victim.how == "sk-cgroup" and .dst.port == 80 and
	.evidence.receive_window == 0 and .evidence.unread_bytes > 1000 and .evidence.receive_buffer_fixed == 1'
expect_all tcp-zero-window '.process.comm == "gen" and .process.holders == 1'
expect_all tcp-zero-window '(.remedy | test("find out why the application does not read"))'
expect_only tcp-zero-window tcp-receive-buffer-full
