# SPDX-License-Identifier: GPL-2.0-only
# Packets of the host's own that its route does not take: raw ones that are under the device's MTU and over
# the route's, and the segment of an IPv6 TCP connection whose route became narrower.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
spawn_in b "$WD_GEN" serve fd02::2 80 > bound
for at in "-4 route add 10.2.0.0/24 via 10.1.0.1" "-6 route add fd02::/64 via fd01::1"; do
	# shellcheck disable=SC2086
	ip -n wd-a $at mtu 1500
done
sleep 0.3
in4=$(snmp a IpFragFails) in6=$(snmp a Ip6FragFails)
trace_start --netns wd-a
in_pod a "$WD_GEN" segments fd02::2 80 3 100 1 800 600 > connected &
for _ in $(seq 100); do ! grep -q connected connected 2>/dev/null || break; sleep 0.05; done
ip -n wd-a -6 route change fd02::/64 via fd01::1 dev eth0 mtu 1300
ip -n wd-a route change 10.2.0.0/24 via 10.1.0.1 dev eth0 mtu 1300
wait $!
tcp6=$(($(snmp a Ip6FragFails) - in6))
in_pod a "$WD_GEN" raw-size 10.2.0.2 5 1400 > /dev/null
in_pod a "$WD_GEN" raw-size fd02::2 4 1400 > /dev/null
trace_stop
expect_eq "Ip6FragFails by TCP" $tcp6 3
expect_eq IpFragFails $(($(snmp a IpFragFails) - in4)) 5
expect_eq Ip6FragFails $(($(snmp a Ip6FragFails) - in6)) 7
expect_events mtu-local-too-big 5 '.dst.addr == "10.2.0.2" and .evidence.dont_fragment == "set"'
expect_events mtu-local-too-big 3 '.dst.addr == "fd02::2" and .proto == "tcp"'
expect_events mtu-local-too-big 4 '.dst.addr == "fd02::2" and .proto != "tcp"'
expect_all mtu-local-too-big '.victim.pod == "a" and .victim.how == "sk-cgroup" and .evidence.way_mtu == 1300 and .evidence.way_device == "eth0"'
expect_all mtu-local-too-big '.proto == "tcp" or .evidence.packet_size == 1400'
expect_all mtu-local-too-big '(.remedy | test("takes 1300 bytes"))'
