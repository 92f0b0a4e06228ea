# SPDX-License-Identifier: GPL-2.0-only
# A shaper with room for two packets.
. "$WD_LIB"

pod a
ns r
link a eth0 10.1.0.2 fd01::2 r ra 10.1.0.1 fd01::1
warm_up a 10.1.0.1 fd01::1
in_ns a tc qdisc add dev eth0 root tbf rate 8kbit burst 1600 limit 3000
dropped() { in_ns a tc -s -j qdisc show dev eth0 | jq '.[0].drops'; }
stop_counting() { # drops-before: in $lost, how many there were since
	lost=$(($(dropped) - $1))
	trace_stop
	expect_between qdisc-full $lost $(($(dropped) - $1))
}
before=$(dropped)
trace_start --netns wd-a
in_pod a "$WD_GEN" udp 10.1.0.1 9 30 1000 > /dev/null
in_pod a "$WD_GEN" udp fd01::1 9 30 1000 > /dev/null
stop_counting $before
[ $lost -gt 40 ] || fail "only $lost losses provoked"
expect_all qdisc-full '.victim.pod == "a" and .victim.how == "sk-cgroup" and .iface == "eth0" and .evidence.qdisc == "tbf"'
[ "$(events_of qdisc-full '.dst.addr == "fd01::1"')" -gt 15 ] || fail "too few of IPv6"
expect_all qdisc-full '(.evidence.leaf_limit // .evidence.qdisc_limit) == 3000 and (.evidence.leaf_backlog_bytes // .evidence.qdisc_backlog_bytes) > 1900'

# a leaf deep below the root: named where the kernel tells which one it was (7.0)
in_ns a tc qdisc replace dev eth0 root handle 1: htb default 1
in_ns a tc class add dev eth0 parent 1: classid 1:1 htb rate 8kbit burst 1600
in_ns a tc qdisc add dev eth0 parent 1:1 handle 10: pfifo limit 3
dropped() { in_ns a tc -s -j qdisc show dev eth0 | jq '.[] | select(.kind == "pfifo") | .drops'; }
trace_start --netns wd-a
in_pod a "$WD_GEN" udp 10.1.0.1 9 20 1000 > /dev/null
in_pod a "$WD_GEN" udp fd01::1 9 20 1000 > /dev/null
stop_counting 0
[ "$lost" -gt 30 ] || fail "only $lost losses provoked"
expect_all qdisc-full '.victim.pod == "a" and .evidence.qdisc == "htb"'
if facts | grep -q '^tp qdisc_drop'; then
	# packets that were put on a list to be freed are told as the root's
	expect_all qdisc-full '(.symbol == "__tcf_kfree_skb_list" and .evidence.leaf == "htb" and .evidence.leaf_parent == "root") or
		(.evidence.leaf == "pfifo" and .evidence.leaf_limit == 3 and .evidence.leaf_parent == "1:1" and .evidence.leaf_length == 3 and (.remedy | test("wait in pfifo of eth0, its limit is 3")))'
fi
expect_only qdisc-full
