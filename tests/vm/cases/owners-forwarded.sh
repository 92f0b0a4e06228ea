# SPDX-License-Identifier: GPL-2.0-only
# Whose a forwarded packet is, for each way a pod can be connected to its node: victim, peer, and how.
. "$WD_LIB"

# r is a node with a bridge for a and b, a veth of its own for c, and u behind a router: its veth ends
# where nobody looks. x is the outside.
ns r x s
in_ns r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
in_ns s sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
pod a b c
ip -n wd-r link add br0 type bridge
ip -n wd-r addr add 10.1.0.1/24 dev br0
ip -n wd-r addr add fd01::1/64 dev br0 nodad
ip -n wd-r link set br0 up
for p in a b; do
	ip link add eth0 netns wd-$p type veth peer name v$p netns wd-r
	ip -n wd-r link set v$p master br0 up
done
end a eth0 10.1.0.2 fd01::2
end b eth0 10.1.0.3 fd01::3
default_route a 10.1.0.1 fd01::1
default_route b 10.1.0.1 fd01::1
link c eth0 10.2.0.2 fd02::2 r vc 10.2.0.1 fd02::1
default_route c 10.2.0.1 fd02::1
link x eth0 10.3.0.2 fd03::2 r vx 10.3.0.1 fd03::1
default_route x 10.3.0.1 fd03::1
link s wan 10.4.0.2 fd04::2 r vs 10.4.0.1 fd04::1
# nothing tells the node of its addresses: they are looked for at growing intervals from its making on
pod u
link u eth0 10.5.0.2 fd05::2 s lan 10.5.0.1 fd05::1
default_route s 10.4.0.1 fd04::1
default_route u 10.5.0.1 fd05::1
ip -n wd-r route add 10.5.0.0/24 via 10.4.0.2
ip -n wd-r -6 route add fd05::/64 via fd04::2
warm_up a 10.3.0.2 fd03::2
warm_up c 10.3.0.2 fd03::2
warm_up u 10.3.0.2 fd03::2
warm_up a 10.1.0.3 fd01::3
warm_up a 10.2.0.2 fd02::2
in_ns r nft -f - <<'NFT'
table inet fw {
	chain onward { type filter hook forward priority 0; udp dport 4000-4999 counter drop; }
}
NFT
send() { # from port v4 v6: three of each family
	in_pod "$1" "$WD_GEN" udp "$3" "$2" 3 20 > /dev/null
	in_pod "$1" "$WD_GEN" udp "$4" "$2" 3 20 > /dev/null
}
trace_start
send a 4001 10.3.0.2 fd03::2
send a 4002 10.2.0.2 fd02::2
send c 4004 10.1.0.2 fd01::2
send u 4005 10.3.0.2 fd03::2
in_ns x "$WD_GEN" udp 10.1.0.2 4006 3 20 > /dev/null
in_ns x "$WD_GEN" udp fd01::2 4006 3 20 > /dev/null
in_ns x "$WD_GEN" udp 10.2.0.2 4007 3 20 > /dev/null
in_ns x "$WD_GEN" udp fd02::2 4007 3 20 > /dev/null
send c 5008 10.99.0.1 fd99::1
trace_stop

judge "forward rule, to the outside" bridge "made by hand" 4001 "6 a mac-src > - -"
judge "forward rule, to a routed pod" bridge "made by hand" 4002 "6 a mac-src > c ip-dst"
judge "forward rule, to a bridged pod" ptp "made by hand" 4004 "6 c veth > a ip-dst"
judge "forward rule, to the outside" unknown "made by hand" 4005 "6 u ip-src > - -"
judge "forward rule, from outside" bridge "made by hand" 4006 "6 a ip-dst > - -"
judge "forward rule, from outside" ptp "made by hand" 4007 "6 c ip-dst > - -"
judge "no route" ptp "made by hand" 5008 "6 c veth > - -"
expect_events $nf_drop 36
expect_events no-route 6
expect_eq "rules' own count" "$(nft_count r)" 36
