# SPDX-License-Identifier: GPL-2.0-only
# UDP packets whose checksum is wrong.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
spawn_in b "$WD_GEN" sink 10.1.0.3 7 100000 20000 > /dev/null
spawn_in b "$WD_GEN" sink fd01::3 7 100000 20000 > /dev/null
in_ns a "$WD_GEN" raw 10.1.0.2 10.1.0.3 7 1 64 1 > /dev/null
before=$(snmp b UdpInCsumErrors) before6=$(snmp b Udp6InCsumErrors)
sleep 0.3
trace_start
in_pod a "$WD_GEN" raw 10.1.0.2 10.1.0.3 8 5 64 0 > /dev/null
in_pod a "$WD_GEN" raw fd01::2 fd01::3 8 6 64 0 > /dev/null
trace_stop
expect_eq UdpInCsumErrors $(($(snmp b UdpInCsumErrors) - before)) 5
expect_eq Udp6InCsumErrors $(($(snmp b Udp6InCsumErrors) - before6)) 6
expect_events checksum-bad 5 '.dst.addr == "10.1.0.3"'
expect_events checksum-bad 6 '.dst.addr == "fd01::3"'
expect_all checksum-bad '.victim.pod == "b"'
expect_only checksum-bad
