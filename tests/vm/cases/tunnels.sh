# SPDX-License-Identifier: GPL-2.0-only
# Packets of tunnels, lost outside on the way between two nodes: the flow inside is shown too.
. "$WD_LIB"

routed_pods
number=10
tunnel() { # shown-as vni outer-destination IPv4-packets IPv6-packets type options...
	local shown=$1 vni=$2 outer=$3 n4=$4 n6=$5 dev
	shift 5
	number=$((number + 1)) dev=t$number
	if ! ip -n wd-a link add $dev type "$@" 2> err; then
		[ -n "${WD_HOST:-}" ] || fail "no tunnel of type $*: $(cat err)"
		return
	fi
	ip -n wd-a addr add 10.$number.0.1/24 dev $dev
	ip -n wd-a -6 addr add fd$number::1/64 dev $dev nodad
	ip -n wd-a link set $dev up
	for at in 10.$number.0.9 fd$number::9; do
		ip -n wd-a neigh add $at lladdr 02:00:00:00:00:09 dev $dev 2> /dev/null || true
	done
	echo "$number $shown $vni $outer $n4 $n6" >> expected
}
tunnel vxlan 42 10.2.0.2 2 3 vxlan id 42 dstport 4789 local 10.1.0.2 remote 10.2.0.2
tunnel vxlan 43 fd02::2 3 4 vxlan id 43 dstport 4789 local fd01::2 remote fd02::2
tunnel geneve 44 10.2.0.2 4 5 geneve id 44 remote 10.2.0.2
tunnel geneve 45 fd02::2 5 6 geneve id 45 remote fd02::2
tunnel ipip 0 10.2.0.2 6 0 ipip local 10.1.0.2 remote 10.2.0.2
tunnel ipip 0 10.2.0.2 0 7 sit local 10.1.0.2 remote 10.2.0.2
tunnel ipip 0 fd02::2 8 9 ip6tnl mode any local fd01::2 remote fd02::2
tunnel gre 46 10.2.0.2 1 2 gre key 46 local 10.1.0.2 remote 10.2.0.2
tunnel gre 0 10.2.0.2 2 1 gretap local 10.1.0.2 remote 10.2.0.2
tunnel gre 47 fd02::2 3 1 ip6gre key 47 local fd01::2 remote fd02::2
[ -s expected ] || skip "this kernel has no tunnels"
in_ns r nft -f - <<'NFT'
table inet fw {
	chain onward { type filter hook forward priority 0; iifname ra counter; iifname ra drop; }
}
NFT
# neighbour discovery goes on while the trace begins and ends
dropped() { nft_count r; }
before=$(dropped)
trace_start --netns wd-r
begun=$(dropped)
while read -r number _ _ _ n4 n6; do
	[ "$n4" = 0 ] || in_pod a "$WD_GEN" udp 10.$number.0.9 53 $n4 100 > /dev/null
	[ "$n6" = 0 ] || in_pod a "$WD_GEN" udp fd$number::9 53 $n6 100 > /dev/null
done < expected
least=$(($(dropped) - begun))
trace_stop
most=$(($(dropped) - before))
total=0
while read -r number shown vni outer n4 n6; do
	as=".tunnel == \"$shown\" and .inner.vni == $vni and .dst.addr == \"$outer\" and .inner.dst.port == 53 and
		.inner.proto == \"udp\" and .victim.pod == \"a\" and .iface == \"ra\" and .inner.dst.addr == "
	expect_events $nf_drop "$n4" "$as \"10.$number.0.9\""
	expect_events $nf_drop "$n6" "$as \"fd$number::9\""
	total=$((total + n4 + n6))
done < expected
[ "$least" -ge $total ] || fail "sent $total, dropped $least"
expect_between $nf_drop $least $most
expect_only $nf_drop
