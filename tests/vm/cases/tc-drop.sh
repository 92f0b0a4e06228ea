# SPDX-License-Identifier: GPL-2.0-only
# A traffic-control filter that drops on the way into a node: what goes to one address of each family, so that
# neighbour discovery is not among it.
. "$WD_LIB"

routed_pods
in_ns r tc qdisc add dev ra clsact
in_ns r tc filter add dev ra ingress protocol ip u32 match ip dst 10.2.0.2/32 action drop 2> err ||
	skip "this kernel has no u32 classifier"
in_ns r tc filter add dev ra ingress protocol ipv6 u32 match ip6 dst fd02::2/128 action drop
dropped() { in_ns r tc -s -j filter show dev ra ingress | jq '[.[].options?.actions[]?.stats?.drops // 0] | add'; }
trace_start
before=$(dropped)
in_pod a "$WD_GEN" udp 10.2.0.2 7 5 100 > /dev/null
in_pod a "$WD_GEN" udp fd02::2 7 6 100 > /dev/null
lost=$(($(dropped) - before))
trace_stop
[ $lost = 11 ] || fail "sent 11, dropped $lost"
expect_events tc-drop 5 '.dst.addr == "10.2.0.2"'
expect_events tc-drop 6 '.dst.addr == "fd02::2"'
expect_all tc-drop '.victim.pod == "a" and .iface == "ra"'
expect_only tc-drop
