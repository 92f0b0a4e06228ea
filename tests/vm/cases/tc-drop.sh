# SPDX-License-Identifier: GPL-2.0-only
# A traffic-control filter that drops on the way into a node.
. "$WD_LIB"

routed_pods
in_ns r tc qdisc add dev ra clsact
in_ns r tc filter add dev ra ingress protocol all matchall action drop 2> err ||
	skip "this kernel has no matchall classifier"
dropped() { in_ns r tc -s -j filter show dev ra ingress | jq '[.[].options?.actions[]?.stats?.drops // 0] | add'; }
before=$(dropped)
trace_start
begun=$(dropped)
in_pod a "$WD_GEN" udp 10.2.0.2 7 5 100 > /dev/null
in_pod a "$WD_GEN" udp fd02::2 7 6 100 > /dev/null
least=$(($(dropped) - begun))
trace_stop
expect_between tc-drop $least $(($(dropped) - before))
[ $least -ge 11 ] || fail "sent 11, dropped $least"
expect_events tc-drop 5 '.dst.addr == "10.2.0.2"'
expect_events tc-drop 6 '.dst.addr == "fd02::2"'
expect_all tc-drop '.victim.pod == "a" and .iface == "ra"'
expect_only tc-drop
