# SPDX-License-Identifier: GPL-2.0-only
# Two pods on one bridge whose traffic passes the rules of the node all the same: both ends by their veths.
. "$WD_LIB"

ns r
modprobe br_netfilter 2> /dev/null || true
in_ns r sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1 2> /dev/null ||
	skip "this kernel has no br_netfilter for a namespace"
pod a b
ip -n wd-r link add br0 type bridge
ip -n wd-r link set br0 up
for p in a b; do
	ip link add eth0 netns wd-$p type veth peer name v$p netns wd-r
	ip -n wd-r link set v$p master br0 up
done
end a eth0 10.1.0.2 fd01::2
end b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
in_ns r nft -f - <<'NFT'
table inet fw {
	chain onward { type filter hook forward priority 0; udp dport 4003-4004 counter drop; }
}
NFT
trace_start
in_pod a "$WD_GEN" udp 10.1.0.3 4003 3 20 > /dev/null
in_pod b "$WD_GEN" udp fd01::2 4004 4 20 > /dev/null
trace_stop
expect_eq "the rule's own count" "$(nft_count r)" 7
judge "forward rule on bridged traffic" bridge "made by hand" 4003 "3 a veth > b veth"
judge "forward rule on bridged traffic" bridge "made by hand" 4004 "4 b veth > a veth"
expect_events $nf_drop 7
