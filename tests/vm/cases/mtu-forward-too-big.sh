# SPDX-License-Identifier: GPL-2.0-only
# A node whose way on is narrower than the packets: DF in IPv4, any IPv6.
. "$WD_LIB"

routed_pods
ip -n wd-r link set rb mtu 1300
ip -n wd-b link set eth0 mtu 1300
in4=$(snmp r IpFragFails) in6=$(snmp r Ip6InTooBigErrors)
# raw sockets send whole packets; path MTU discovery must not learn between them
trace_start
for _ in 1 2 3; do
	in_pod a ping -q -c 1 -W 1 -M do -s 1372 10.2.0.2 > /dev/null 2>&1 || true
	ip -n wd-a route flush cache
done
for _ in 1 2 3 4; do
	in_pod a ping -6 -q -c 1 -W 1 -M do -s 1352 fd02::2 > /dev/null 2>&1 || true
	ip -n wd-a -6 route flush cache
done
trace_stop
expect_eq IpFragFails $(($(snmp r IpFragFails) - in4)) 3
expect_eq Ip6InTooBigErrors $(($(snmp r Ip6InTooBigErrors) - in6)) 4
expect_events mtu-forward-too-big 3 '.dst.addr == "10.2.0.2" and .length == 1400'
expect_events mtu-forward-too-big 4 '.dst.addr == "fd02::2" and .length == 1400'
expect_all mtu-forward-too-big '.victim.pod == "a"'
expect_only mtu-forward-too-big
expect_all mtu-forward-too-big '.evidence.packet_size == 1400 and .evidence.way_mtu == 1300 and .evidence.way_device == "rb" and .evidence.input_device == "ra" and .evidence.input_mtu == 1500'
expect_events mtu-forward-too-big 3 '.dst.addr == "10.2.0.2" and .evidence.icmp_answer == "sender told 1300"'
# without functions to attach to, an ICMPv6 error leaves no trace
[ -n "${WD_HOST:-}" ] || expect_all mtu-forward-too-big '.evidence.icmp_answer == "sender told 1300"'
expect_events mtu-forward-too-big 3 '.evidence.dont_fragment == "set"'
expect_all mtu-forward-too-big '(.remedy | test("ip link set ra mtu 1300")) and .peer.pod == "b"'
