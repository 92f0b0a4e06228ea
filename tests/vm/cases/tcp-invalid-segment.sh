# SPDX-License-Identifier: GPL-2.0-only
# Segments with a timestamp older than the connection's last one.
. "$WD_LIB"

has_reasons || skip "this kernel frees such segments without any trace"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
# timestamps that begin at boot: what is old is known
for n in a b; do in_ns $n sysctl -qw net.ipv4.tcp_timestamps=2; done
for at in 10.1.0.3 fd01::3; do
	spawn_in b "$WD_GEN" serve $at 80 > "bound.$at"
	in_ns a sysctl -qw net.ipv4.ip_local_port_range="40000 40000"
	sleep 0.2
	in_pod a "$WD_GEN" segments $at 80 1 100 0 60000 0 > "connected.$at" &
	case_pids="$case_pids $!"
done
for at in 10.1.0.3 fd01::3; do
	for _ in $(seq 100); do ! grep -q connected "connected.$at" || break; sleep 0.05; done
done
before=$(snmp b TcpExtPAWSEstab)
trace_start --netns wd-b
in_pod a "$WD_GEN" old-segments 10.1.0.2 40000 10.1.0.3 80 8 > /dev/null
in_pod a "$WD_GEN" old-segments fd01::2 40000 fd01::3 80 9 > /dev/null
trace_stop
expect_eq PAWSEstab $(($(snmp b TcpExtPAWSEstab) - before)) 17
expect_events tcp-invalid-segment 8 '.dst.addr == "10.1.0.3" and .reason == "SKB_DROP_REASON_TCP_RFC7323_PAWS"'
expect_events tcp-invalid-segment 9 '.dst.addr == "fd01::3" and .reason == "SKB_DROP_REASON_TCP_RFC7323_PAWS"'
expect_all tcp-invalid-segment '.victim.pod == "b" and .src.port == 40000'
