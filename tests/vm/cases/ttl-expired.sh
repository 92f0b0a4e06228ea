# SPDX-License-Identifier: GPL-2.0-only
# Packets whose TTL or hop limit ends at the node.
. "$WD_LIB"

routed_pods
in4=$(snmp r IpInHdrErrors) in6=$(snmp r Ip6InHdrErrors)
trace_start
in_pod a "$WD_GEN" raw 10.1.0.2 10.2.0.2 7 5 1 1 > /dev/null
in_pod a "$WD_GEN" raw fd01::2 fd02::2 7 6 1 1 > /dev/null
trace_stop
expect_eq IpInHdrErrors $(($(snmp r IpInHdrErrors) - in4)) 5
expect_eq Ip6InHdrErrors $(($(snmp r Ip6InHdrErrors) - in6)) 6
expect_events ttl-expired 5 '.dst.addr == "10.2.0.2"'
expect_events ttl-expired 6 '.dst.addr == "fd02::2"'
expect_all ttl-expired '.victim.pod == "a" and .iface == "ra"'
expect_only ttl-expired
