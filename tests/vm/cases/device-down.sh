# SPDX-License-Identifier: GPL-2.0-only
# A veth whose other end is down.
. "$WD_LIB"

pod a
ns r
link a eth0 10.1.0.2 fd01::2 r ra 10.1.0.1 fd01::1
warm_up a 10.1.0.1 fd01::1
ip -n wd-a route add default via 10.1.0.1
ip -n wd-r link set ra down
before=$(in_ns a nstat -asz IpOutDiscards | awk '$1 == "IpOutDiscards" { print $2 }')
trace_start --netns wd-a
in_pod a "$WD_GEN" udp 10.1.0.1 7 5 100 > /dev/null
in_pod a "$WD_GEN" udp fd01::1 7 6 100 > /dev/null
trace_stop
[ "$(events_of device-down '.dst.addr == "10.1.0.1"')" = 5 ] || fail "IPv4: $(events_of device-down)"
expect_events device-down 5 '.dst.addr == "10.1.0.1"'
expect_all device-down '.victim.pod == "a" and .iface == "eth0"'
