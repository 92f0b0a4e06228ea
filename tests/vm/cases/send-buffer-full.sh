# SPDX-License-Identifier: GPL-2.0-only
# UDP sockets that do not wait, before a device that is slow, on two CPUs at once.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
# somebody listens: an ICMP error would fail a send, too
for addr in 10.1.0.3 fd01::3; do spawn_in b "$WD_GEN" sink $addr 9 1000000 60000 > /dev/null; done
errors=$(snmp a UdpSndbufErrors) errors6=$(snmp a Udp6SndbufErrors)
in_ns a tc qdisc add dev eth0 root tbf rate 8kbit burst 2000 limit 10000000
in_pod a "$WD_GEN" udp 10.1.0.3 9 40 500 > /dev/null # half a minute's work for the device: none of the case's own leaves meanwhile
trace_start --netns wd-a
for addr in 10.1.0.3 fd01::3; do
	in_pod a "$WD_GEN" send-nowait $addr 9 200 500 5000 2 > tally.$addr
done
trace_stop
errors=$(($(snmp a UdpSndbufErrors) - errors)) errors6=$(($(snmp a Udp6SndbufErrors) - errors6))
[ $errors -gt 100 ] && [ $errors6 -gt 100 ] || fail "only $errors and $errors6 sends were refused"
expect_eq "EAGAIN over IPv4" "$(awk '$6 == 11 { n += $4 } END { print n }' tally.10.1.0.3)" $errors
expect_eq "EAGAIN over IPv6" "$(awk '$6 == 11 { n += $4 } END { print n }' tally.fd01::3)" $errors6
expect_events send-buffer-full $errors '.dst.addr == "10.1.0.3" and .src.addr == "10.1.0.2" and .dst.port == 9'
expect_events send-buffer-full $errors6 '.dst.addr == "fd01::3" and .src.addr == "fd01::2" and .dst.port == 9'
expect_all send-buffer-full '.victim.pod == "a" and .victim.container == "app" and .process.comm == "gen" and .process.pid > 1
	and .evidence.send_buffer_bytes == 10000 and .evidence.send_queue_bytes >= 10000 and .evidence.datagram_bytes == 500
	and .evidence.send_buffer_set == 1 and .evidence.qdisc == "tbf" and .evidence.qdisc_length > 0 and .iface == "eth0"
	and (.remedy | test("SO_SNDBUF"))'
expect_only send-buffer-full
