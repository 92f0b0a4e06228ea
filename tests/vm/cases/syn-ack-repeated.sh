# SPDX-License-Identifier: GPL-2.0-only
# What the client sees of the server's full accept queue; and handshakes that wait for data, which are normal.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
for at in 10.1.0.3 fd01::3; do
	spawn_in b "$WD_GEN" listen $at 80 1 0 30000 > /dev/null
	spawn_in b "$WD_GEN" listen $at 81 9 9 30000 > /dev/null
done
sleep 0.3
defer=$(snmp b TcpExtTCPDeferAcceptDrop) overflows=$(snmp b TcpExtListenOverflows)
retrans=$(snmp b TcpRetransSegs)
trace_start --all
for at in 10.1.0.3 fd01::3; do in_pod a "$WD_GEN" connect $at 81 3 300 > /dev/null; done
# a slow way to the listener: all SYNs are there before the first ACK
in_ns a tc qdisc add dev eth0 root netem delay 50ms
for at in 10.1.0.3 fd01::3; do in_pod a "$WD_GEN" connect-many $at 80 4 1500 > /dev/null & case_pids="$case_pids $!"; done
sleep 2
trace_stop
defer=$(($(snmp b TcpExtTCPDeferAcceptDrop) - defer)) overflows=$(($(snmp b TcpExtListenOverflows) - overflows))
retrans=$(($(snmp b TcpRetransSegs) - retrans))
echo "DeferAcceptDrop $defer ListenOverflows $overflows RetransSegs $retrans"
[ $overflows -ge 4 ] && [ $defer -ge 6 ] || fail "no overflow"
expect_events accept-queue-full $overflows '.victim.pod == "b"'
expect_events accept-queue-full $overflows
if has_reasons; then
	# each SYN-ACK that was sent again met an open connection
	expect_events syn-ack-repeated $retrans
	expect_all syn-ack-repeated '.severity == "symptom" and .victim.pod == "a" and .tcp_flags == "S." and .src.port == 80'
	[ $retrans -ge 4 ] || fail "no SYN-ACK was repeated"
else
	expect_events syn-ack-repeated 0
fi
# kernels that tell the socket know it is a listener with room
[ "$(events_of defer-accept) " = "$defer " ] || [ "$(events_of tcp-discarded)" -ge $defer ] || fail "deferred: $defer"
expect_all defer-accept '.severity == "normal" and .victim.pod == "b" and .dst.port == 81'
expect_all tcp-discarded '.severity == "normal"'
