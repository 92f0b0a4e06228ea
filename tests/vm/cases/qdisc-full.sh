# SPDX-License-Identifier: GPL-2.0-only
# A shaper with room for two packets.
. "$WD_LIB"

pod a
ns r
link a eth0 10.1.0.2 fd01::2 r ra 10.1.0.1 fd01::1
warm_up a 10.1.0.1 fd01::1
in_ns a tc qdisc add dev eth0 root tbf rate 8kbit burst 1600 limit 3000
dropped() { in_ns a tc -s -j qdisc show dev eth0 | jq '.[0].drops'; }
before=$(dropped)
trace_start --netns wd-a
in_pod a "$WD_GEN" udp 10.1.0.1 9 30 1000 > /dev/null
in_pod a "$WD_GEN" udp fd01::1 9 30 1000 > /dev/null
trace_stop
lost=$(($(dropped) - before))
[ $lost -gt 40 ] || fail "only $lost losses provoked"
expect_events qdisc-full $lost
expect_all qdisc-full '.victim.pod == "a" and .victim.how == "sk-cgroup" and .iface == "eth0" and .evidence.qdisc == "tbf"'
[ "$(events_of qdisc-full '.dst.addr == "fd01::1"')" -gt 15 ] || fail "too few of IPv6"
expect_only qdisc-full
expect_all qdisc-full '(.evidence.leaf_limit // .evidence.qdisc_limit) == 3000 and (.evidence.leaf_backlog_bytes // .evidence.qdisc_backlog_bytes) > 1900'
