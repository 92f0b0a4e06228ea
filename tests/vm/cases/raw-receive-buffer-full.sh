# SPDX-License-Identifier: GPL-2.0-only
# Raw sockets that nobody reads, filled from two CPUs at once.
. "$WD_LIB"

# seen on 6.12, 6.18 and 7: the drop is counted, but there is no copy yet that could be freed
! rx_sk || skip "this kernel refuses for a full raw socket before it copies the packet"
pod b
drops() { in_ns b awk 'FNR > 1 && $2 ~ /:00C8$/ { n += $NF } END { print n + 0 }' "/proc/net/$1"; }
spawn_in b "$WD_GEN" raw-sink 127.0.0.1 200 4096 60000 > sink4
spawn_in b "$WD_GEN" raw-sink ::1 200 4096 60000 > sink6
sleep 0.3
trace_start --netns wd-b
in_pod b "$WD_GEN" raw-send 127.0.0.1 200 200 500 2 > /dev/null
in_pod b "$WD_GEN" raw-send ::1 200 200 500 2 > /dev/null
sleep 1.1
in_pod b "$WD_GEN" raw-send 127.0.0.1 200 1 500 1 > /dev/null
in_pod b "$WD_GEN" raw-send ::1 200 1 500 1 > /dev/null
trace_stop
[ "$(drops raw)" -gt 100 ] && [ "$(drops raw6)" -gt 100 ] || fail "only $(drops raw) and $(drops raw6) losses provoked"
expect_events raw-receive-buffer-full "$(drops raw)" '.dst.addr == "127.0.0.1" and .evidence.receive_buffer_bytes == 8192'
expect_events raw-receive-buffer-full "$(drops raw6)" '.dst.addr == "::1" and .evidence.receive_buffer_bytes == 8192'
# the sockets that send hear the protocol too, and are full as well, but nobody set their size
expect_all raw-receive-buffer-full '.victim.pod == "b" and .victim.how == "sk-cgroup" and
	.evidence.receive_buffer_set == (if .evidence.receive_buffer_bytes == 8192 then 1 else 0 end)
	and .evidence.receive_queue_bytes > 4096 and .evidence.waiting_packets > 1'
expect_events raw-receive-buffer-full 2 '.evidence.reader_stalled_ms >= 1000 and (.remedy | test("stuck or gone"))'
