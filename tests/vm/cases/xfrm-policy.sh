# SPDX-License-Identifier: GPL-2.0-only
# Policies that demand protection: of what is for a socket, of what is forwarded.
. "$WD_LIB"

routed_pods
spawn_in b "$WD_GEN" sink 10.2.0.2 9 200000 20000 > bound4
spawn_in b "$WD_GEN" sink fd02::2 9 200000 20000 > bound6
# the first word of /proc/net/xfrm_stat's lines that count refusals of policies
refused() { in_ns "$1" awk '/^Xfrm(InTmplMismatch|InNoPols|InPolBlock|FwdHdrError|OutPolBlock)/ { n += $2 } END { print n + 0 }' /proc/net/xfrm_stat; }
[ -e /proc/net/xfrm_stat ] || skip "this kernel does not count what policies refuse"
protect() { # name dir src dst
	ip -n "wd-$1" xfrm policy add dir "$2" src "$3" dst "$4" tmpl proto esp mode transport level required
}
protect b in 10.1.0.0/24 10.2.0.0/24
protect b in fd01::/64 fd02::/64
sleep 0.3
before=$(refused b)
trace_start
in_pod a "$WD_GEN" udp 10.2.0.2 9 4 100 > /dev/null
in_pod a "$WD_GEN" udp fd02::2 9 5 100 > /dev/null
sleep 0.2
expect_eq "refused at b" $(($(refused b) - before)) 9
ip -n wd-b xfrm policy flush
before=$(refused r)
ip -n wd-r xfrm policy add dir fwd src 10.1.0.0/24 dst 10.2.0.0/24 action block
ip -n wd-r xfrm policy add dir fwd src fd01::/64 dst fd02::/64 action block
in_pod a "$WD_GEN" udp 10.2.0.2 9 6 100 > /dev/null
in_pod a "$WD_GEN" udp fd02::2 9 7 100 > /dev/null
trace_stop
expect_eq "refused at r" $(($(refused r) - before)) 13
if [ -n "${WD_HOST:-}" ]; then # tracepoints only: neither the direction, nor what IPv6 forwarding frees without a reason
	expect_events xfrm-policy 15
	expect_events unknown 7 '.symbol == "ip6_forward"'
	expect_only xfrm-policy unknown
else
	expect_events xfrm-policy 4 '.dst.addr == "10.2.0.2" and .evidence.policy_direction == "in"'
	expect_events xfrm-policy 5 '.dst.addr == "fd02::2" and .evidence.policy_direction == "in"'
	expect_events xfrm-policy 6 '.dst.addr == "10.2.0.2" and .evidence.policy_direction == "fwd"'
	expect_events xfrm-policy 7 '.dst.addr == "fd02::2" and .evidence.policy_direction == "fwd"'
	expect_only xfrm-policy
fi
