# SPDX-License-Identifier: GPL-2.0-only
# Two CPUs at once: one UDP socket's queries and one TCP connection's SYNs translated to two servers,
# and two clients behind one address. What is lost, what conntrack resolves.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
pod c
link c eth0 10.3.0.2 fd03::2 r rc 10.3.0.1 fd03::1
default_route c 10.3.0.1 fd03::1
ip -n wd-b addr add 10.2.0.3/24 dev eth0
ip -n wd-b -6 addr add fd02::3/64 dev eth0 nodad
warm_up c 10.2.0.3 fd02::3
rules() { # family service server server source
	cat <<NFT
table $1 nat {
	chain pre {
		type nat hook prerouting priority -100;
		$1 daddr $2 dnat to numgen inc mod 2 map { 0 : $3, 1 : $4 }
	}
	chain post {
		type nat hook postrouting priority 100;
		oifname rb udp dport 54 snat to $5
	}
	chain hundred {
$(for i in $(seq 100); do echo "mark $i accept"; done)
	}
	chain slow { # between the choice of a port and the table
		type filter hook postrouting priority 200;
$(for i in $(seq 60); do echo "jump hundred"; done)
	}
}
NFT
}
rules ip 10.9.0.1 10.2.0.2 10.2.0.3 10.2.0.1 | in_ns r nft -f -
rules ip6 fd09::1 fd02::2 fd02::3 fd02::1 | in_ns r nft -f -
for at in 10.2.0.2 10.2.0.3 fd02::2 fd02::3; do
	spawn_in b "$WD_GEN" sink $at 53 100000 60000 > /dev/null
	spawn_in b "$WD_GEN" sink $at 54 100000 60000 > /dev/null
done
a=/run/netns/wd-a c=/run/netns/wd-c port=10000
# until the kernel has counted some of them
until_counted() { # counter args-of-race...
	local counter=$1 before
	shift
	before=$(ct_stat r "$counter")
	for _ in $(seq 60); do
		port=$((port + 100))
		gen race "$@" $port 40
		[ "$(ct_stat r "$counter")" -lt $((before + 2)) ] || return 0
	done
	fail "no $counter in 2400 tries: race $*"
}
trace_start --all --netns wd-r
until_counted clash_resolve one $a $a 10.1.0.2 10.9.0.1 53
until_counted clash_resolve one $a $a fd01::2 fd09::1 53
lost=$(ct_stat r insert_failed)
expect_eq "what UDP from one socket lost" "$lost" 0
until_counted insert_failed two $a $c 10.1.0.2 10.2.0.2 54
until_counted insert_failed two $a $c fd01::2 fd02::2 54
replies=$(ct_stat r insert_failed)
until_counted insert_failed syn $a $a 10.1.0.2 10.9.0.1 80
until_counted insert_failed syn $a $a fd01::2 fd09::1 80
trace_stop
expect_eq "drop and insert_failed" "$(ct_stat r drop)" "$(ct_stat r insert_failed)"
expect_events conntrack-insert-failed "$(ct_stat r insert_failed)"
expect_events conntrack-clash-resolved "$(ct_stat r clash_resolve)"
expect_events conntrack-insert-failed "$replies" '.evidence.clash_direction == "reply" and .evidence.nat_done == "source" and .dst.port == 54'
expect_events conntrack-insert-failed $(($(ct_stat r insert_failed) - replies)) '.evidence.clash_direction == "original" and .evidence.nat_done == "destination" and .dst.port == 80'
for v in '"10.1.0.2:' '"[fd01::2]:'; do
	[ "$(events_of conntrack-clash-resolved ".evidence.loser_original | startswith($v\")")" -ge 2 ] || fail "none resolved of $v"
	[ "$(events_of conntrack-insert-failed ".dst.port == 80 and (.evidence.loser_original | startswith($v\"))")" -ge 2 ] || fail "no SYN lost of $v"
done
expect_all conntrack-clash-resolved '.victim.pod == "a" and .evidence.loser_original == .evidence.winner_original and .evidence.zone == 0'
# both clients of one address: each is named, and the reply direction is the same
expect_all conntrack-insert-failed '.dst.port != 54 or (.evidence.loser_reply == .evidence.winner_reply and ([.evidence.loser_pod, .evidence.winner_pod] | sort) == ["case/a", "case/c"])'
expect_all conntrack-insert-failed '.dst.port != 54 or ("case/" + .victim.pod) == .evidence.loser_pod'
expect_all conntrack-insert-failed '.dst.port != 54 or (.remedy | test("random-fully"))'
expect_all conntrack-insert-failed '.dst.port != 80 or (.evidence.loser_original == .evidence.winner_original and (.remedy | test("two servers behind the service")))'
expect_events netfilter-hook-drop 0
expect_events netfilter-drop-unattributed 0
expect_events nat-port-exhausted 0
