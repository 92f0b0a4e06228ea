# SPDX-License-Identifier: GPL-2.0-only
# A UDP socket that nobody reads, filled from two CPUs at once.
. "$WD_LIB"

pod b
errors=$(snmp b UdpRcvbufErrors) errors6=$(snmp b Udp6RcvbufErrors)
spawn_in b "$WD_GEN" sink 127.0.0.1 5000 2048 60000 > sink4
spawn_in b "$WD_GEN" sink ::1 5000 2048 60000 > sink6
sleep 0.3
trace_start --netns wd-b
in_ns b "$WD_GEN" udp 127.0.0.1 5000 200 500 2 > /dev/null
in_ns b "$WD_GEN" udp ::1 5000 200 500 2 > /dev/null
sleep 1.1 # nobody reads all the while
in_ns b "$WD_GEN" udp 127.0.0.1 5000 1 500 > /dev/null
in_ns b "$WD_GEN" udp ::1 5000 1 500 > /dev/null
trace_stop
errors=$(($(snmp b UdpRcvbufErrors) - errors)) errors6=$(($(snmp b Udp6RcvbufErrors) - errors6))
[ $errors -gt 100 ] && [ $errors6 -gt 100 ] || fail "only $errors and $errors6 losses provoked"
expect_events udp-receive-buffer-full $errors '.dst.addr == "127.0.0.1"'
expect_events udp-receive-buffer-full $errors6 '.dst.addr == "::1"'
expect_all udp-receive-buffer-full '.victim.pod == "b" and .dst.port == 5000'
expect_all udp-receive-buffer-full '.victim.container == "app" and .evidence.receive_buffer_bytes == 4096'
expect_all udp-receive-buffer-full '.victim.how == "sk-cgroup" and .evidence.receive_buffer_set == 1
	and .evidence.receive_queue_bytes > 2048 and .evidence.waiting_packets > 1'
expect_events udp-receive-buffer-full 2 '.evidence.reader_stalled_ms >= 1000 and (.remedy | test("stuck or gone"))'
expect_events udp-receive-buffer-full $((errors + errors6 - 2)) '(.remedy | test("SO_RCVBUF")) and .evidence.reader_stalled_ms < 1000'
expect_only udp-receive-buffer-full
