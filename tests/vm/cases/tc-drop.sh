# SPDX-License-Identifier: GPL-2.0-only
# A traffic-control filter that drops on the way into a node.
. "$WD_LIB"

routed_pods
in_ns r tc qdisc add dev ra clsact
in_ns r tc filter add dev ra ingress protocol all matchall action drop 2> err ||
	skip "this kernel has no matchall classifier"
trace_start
in_pod a "$WD_GEN" udp 10.2.0.2 7 5 100 > /dev/null
in_pod a "$WD_GEN" udp fd02::2 7 6 100 > /dev/null
trace_stop
dropped=$(in_ns r tc -s -j filter show dev ra ingress | jq '[.[].options?.actions[]?.stats?.drops // 0] | add')
# neighbour discovery before and after the trace is dropped, too
[ "$dropped" -ge 11 ] && [ "$dropped" -le 14 ] || fail "dropped by the action: $dropped, expected 11"
expect_events tc-drop 5 '.dst.addr == "10.2.0.2"'
expect_events tc-drop 6 '.dst.addr == "fd02::2"'
expect_all tc-drop '.victim.pod == "a" and .iface == "ra"'
expect_only tc-drop
