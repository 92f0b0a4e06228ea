# SPDX-License-Identifier: GPL-2.0-only
# Packets that must be fragmented on their way out, and whose first fragment is refused by the device: what
# is left of them is given up.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel has no matchall classifier"
pod a
ns r
link a eth0 10.1.0.2 fd01::2 r ra 10.1.0.1 fd01::1
warm_up a 10.1.0.1 fd01::1
# another route, narrower, is chosen when the packet is complete
in_ns a nft -f - <<'END'
add table inet wd
add chain inet wd out { type route hook output priority 0; }
add rule inet wd out udp dport 9 meta mark set 7
END
for v in -4 -6; do ip -n wd-a $v rule add fwmark 7 table 77; done
ip -n wd-a route add 10.1.0.0/24 dev eth0 mtu 1300 table 77
ip -n wd-a -6 route add fd01::/64 dev eth0 mtu 1300 table 77
in_ns a tc qdisc add dev eth0 clsact
in_ns a tc filter add dev eth0 egress matchall action drop
in4=$(snmp a IpFragFails) in6=$(snmp a Ip6FragFails)
trace_start --netns wd-a
in_pod a "$WD_GEN" udp 10.1.0.1 9 5 1400 > /dev/null
in_pod a "$WD_GEN" udp fd01::1 9 6 1400 > /dev/null
trace_stop
expect_eq IpFragFails $(($(snmp a IpFragFails) - in4)) 5
expect_eq Ip6FragFails $(($(snmp a Ip6FragFails) - in6)) 6
expect_events mtu-fragment-failed 5 '.dst.addr == "10.1.0.1"'
expect_events mtu-fragment-failed 6 '.dst.addr == "fd01::1"'
expect_all mtu-fragment-failed '.victim.pod == "a" and .victim.how == "sk-cgroup" and .evidence.route_mtu == 1300 and .evidence.device_mtu == 1500'
expect_events tc-drop 5 '.dst.addr == "10.1.0.1"'
expect_events tc-drop 6 '.dst.addr == "fd01::1"'
