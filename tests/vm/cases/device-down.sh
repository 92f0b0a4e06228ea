# SPDX-License-Identifier: GPL-2.0-only
# A veth whose other end is down.
. "$WD_LIB"

pod a
ns r
link a eth0 10.1.0.2 fd01::2 r ra 10.1.0.1 fd01::1
warm_up a 10.1.0.1 fd01::1
mac=$(ip -n wd-r -j link show ra | jq -r '.[0].address')
ip -n wd-a neigh replace 10.1.0.1 lladdr "$mac" nud permanent dev eth0
ip -n wd-a neigh replace fd01::1 lladdr "$mac" nud permanent dev eth0
ip -n wd-r link set ra down
trace_start --netns wd-a
in_pod a "$WD_GEN" udp 10.1.0.1 7 5 100 > /dev/null
in_pod a "$WD_GEN" udp fd01::1 7 6 100 > /dev/null
trace_stop
expect_events device-down 5 '.dst.addr == "10.1.0.1"'
expect_events device-down 6 '.dst.addr == "fd01::1"'
expect_all device-down '.victim.pod == "a" and .iface == "eth0"'
