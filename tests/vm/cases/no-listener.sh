# SPDX-License-Identifier: GPL-2.0-only
# TCP and UDP to ports where nobody listens, in a pod.
. "$WD_LIB"

routed_pods
udp=$(snmp b UdpNoPorts) udp6=$(snmp b Udp6NoPorts) rst=$(snmp b TcpOutRsts)
trace_start
in_ns a "$WD_GEN" udp 10.2.0.2 1234 5 100 > /dev/null
in_ns a "$WD_GEN" udp fd02::2 1234 6 100 > /dev/null
expect_eq "IPv4 connects" "$(in_ns a "$WD_GEN" connect 10.2.0.2 4321 7 2000)" "ok 0 refused 7 timeout 0 other 0"
expect_eq "IPv6 connects" "$(in_ns a "$WD_GEN" connect fd02::2 4321 8 2000)" "ok 0 refused 8 timeout 0 other 0"
trace_stop
expect_eq UdpNoPorts $(($(snmp b UdpNoPorts) - udp)) 5
expect_eq Udp6NoPorts $(($(snmp b Udp6NoPorts) - udp6)) 6
expect_eq TcpOutRsts $(($(snmp b TcpOutRsts) - rst)) 15
expect_events no-listener 5 '.proto == "udp" and .dst.addr == "10.2.0.2" and .dst.port == 1234'
expect_events no-listener 6 '.proto == "udp" and .dst.addr == "fd02::2"'
expect_events no-listener 7 '.proto == "tcp" and .dst.addr == "10.2.0.2" and .dst.port == 4321'
expect_events no-listener 8 '.proto == "tcp" and .dst.addr == "fd02::2"'
expect_events no-listener 26
expect_all no-listener ".victim.pod == \"b\" and .victim.namespace == \"case\" and .victim.how == \"netns\" and .netns == $(inode b)"
expect_all no-listener '.peer.pod == "a"'
expect_only no-listener
