# SPDX-License-Identifier: GPL-2.0-only
# Segments for a TCP socket that its application holds locked: read() waits for the page it copies to.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
for at in 10.1.0.3 fd01::3; do spawn_in b "$WD_GEN" receive $at 80 4096 hold 1500 > /dev/null; done
sleep 0.3
before=$(snmp b TcpExtTCPBacklogDrop)
trace_start --netns wd-b
for at in 10.1.0.3 fd01::3; do in_pod a "$WD_GEN" inject $at 80 10 0 0 1 400 400 > /dev/null; done
sleep 1.5
trace_stop
lost=$(($(snmp b TcpExtTCPBacklogDrop) - before))
echo "BacklogDrop $lost"
expect_events tcp-backlog-full $lost
for at in 10.1.0.3 fd01::3; do
	[ "$(events_of tcp-backlog-full ".dst.addr == \"$at\"")" -ge 50 ] || fail "none to $at"
done
expect_all tcp-backlog-full '.victim.pod == "b" and .victim.how == "sk-cgroup" and .dst.port == 80 and
	.evidence.socket_backlog_bytes > 65536 and .evidence.receive_buffer_bytes == 8192 and
	.evidence.receive_buffer_fixed == 1'
expect_all tcp-backlog-full '.process.comm == "gen" and .process.holders == 1'
expect_all tcp-backlog-full '(.remedy | test("inside one call on this socket"))'
expect_only tcp-backlog-full
