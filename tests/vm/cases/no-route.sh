# SPDX-License-Identifier: GPL-2.0-only
# Packets with no way on, forwarded and of a local sender's making.
. "$WD_LIB"

routed_pods
in4=$(snmp r IpExtInNoRoutes) in6=$(snmp r Ip6InNoRoutes)
trace_start
in_pod a "$WD_GEN" udp 192.0.2.1 7 5 100 > /dev/null
in_pod a "$WD_GEN" udp 2001:db8::1 7 6 100 > /dev/null
trace_stop
in4=$(($(snmp r IpExtInNoRoutes) - in4)) in6=$(($(snmp r Ip6InNoRoutes) - in6))
expect_eq IpExtInNoRoutes $in4 5
expect_eq Ip6InNoRoutes $in6 6
expect_events no-route 5 '.dst.addr == "192.0.2.1"'
expect_events no-route 6 '.dst.addr == "2001:db8::1"'
expect_all no-route '.victim.pod == "a"'
expect_only no-route
