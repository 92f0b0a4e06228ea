# SPDX-License-Identifier: GPL-2.0-only
# Source NAT to four ports, and to one: what the next connection loses, and that it is no race.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
for family in "ip 10.2.0.1" "ip6 [fd02::1]"; do
	in_ns r nft -f - <<NFT
table ${family% *} nat {
	chain post {
		type nat hook postrouting priority 100;
		oifname rb udp dport 53 snat to ${family#* }:4000-4003
		oifname rb tcp dport 80 snat to ${family#* }:4000-4003
		oifname rb udp dport 54 snat to ${family#* }:5000
	}
}
NFT
done
for at in 10.2.0.2 fd02::2; do
	spawn_in b "$WD_GEN" sink $at 53 100000 60000 > /dev/null
	spawn_in b "$WD_GEN" sink $at 54 100000 60000 > /dev/null
	spawn_in b "$WD_GEN" listen $at 80 64 0 60000 > /dev/null
done
sleep 0.3
trace_start --netns wd-r
in_pod a "$WD_GEN" flows 10.2.0.2 53 2000 9 > /dev/null
in_pod a "$WD_GEN" flows fd02::2 53 2000 10 > /dev/null
in_pod a "$WD_GEN" flows 10.2.0.2 54 2000 3 > /dev/null
in_pod a "$WD_GEN" flows fd02::2 54 2000 4 > /dev/null
in_pod a "$WD_GEN" connect-many 10.2.0.2 80 6 200 > tcp4
in_pod a "$WD_GEN" connect-many fd02::2 80 7 200 > tcp6
trace_stop
expect_eq "TCP that came through" "$(cat tcp4 tcp6 | tr '\n' ' ')" "ok 4 ok 4 "
expect_eq "insert_failed and drop" "$(ct_stat r insert_failed) $(ct_stat r drop)" "21 21"
expect_events nat-port-exhausted 21
expect_events nat-port-exhausted 5 '.dst.addr == "10.2.0.2" and .dst.port == 53'
expect_events nat-port-exhausted 6 '.dst.addr == "fd02::2" and .dst.port == 53'
expect_events nat-port-exhausted 2 '.dst.addr == "10.2.0.2" and .dst.port == 80'
expect_events nat-port-exhausted 3 '.dst.addr == "fd02::2" and .dst.port == 80'
expect_events nat-port-exhausted 5 '.dst.port == 54 and (.evidence.nat_range | test("ports 5000-5000$")) and .evidence.nat_tries <= 1'
expect_events nat-port-exhausted 16 '.dst.port != 54 and (.evidence.nat_range | test("ports 4000-4003$")) and .evidence.nat_tries >= 4'
expect_all nat-port-exhausted '.victim.pod == "a" and .evidence.loser_pod == "case/a" and .evidence.winner_pod == "case/a"'
expect_all nat-port-exhausted '.evidence.nat_address == "10.2.0.1" or .evidence.nat_address == "fd02::1"'
expect_all nat-port-exhausted '(.evidence.nat_destination | test("^(10.2.0.2|\\[fd02::2\\]):(53|54|80)$"))'
expect_all nat-port-exhausted '(.remedy | test("widen its range")) and (.remedy | test("ip_local_port_range has no part"))'
expect_only nat-port-exhausted
