# SPDX-License-Identifier: GPL-2.0-only
# A way that loses long packets and says nothing. Two kinds of connections: full segments with a short one
# behind them, and nothing but full ones. A way that is dead altogether is no black hole.
. "$WD_LIB"

routed_pods
for at in 10.2.0.2 fd02::2; do spawn_in b "$WD_GEN" serve $at 80 > "bound.$at"; done
spawn_in b "$WD_GEN" serve 10.2.0.2 81 > bound.dead
sleep 0.3
trace_start
load() { # address port count first full
	in_pod a "$WD_GEN" segments "$1" "$2" "$3" "$4" "$5" 1500 6000 > "connected.$1.$2.$5" &
	loads="$loads $!"
}
loads=
load 10.2.0.2 80 2 100 2
load fd02::2 80 3 100 2
load 10.2.0.2 80 1 100 1
load 10.2.0.2 81 2 3000 2
for f in 10.2.0.2.80.2 fd02::2.80.2 10.2.0.2.80.1 10.2.0.2.81.2; do
	for _ in $(seq 100); do ! grep -q connected "connected.$f" 2>/dev/null || break; sleep 0.05; done
done
sleep 0.3
in_ns r nft -f - <<'END'
add table inet wd
add chain inet wd f { type filter hook forward priority 0; }
add rule inet wd f meta length > 1000 drop
add rule inet wd f tcp dport 81 drop
END
# shellcheck disable=SC2086
wait $loads
trace_stop
expect_events pmtu-blackhole-suspected 3 '.dst.addr == "10.2.0.2"'
expect_events pmtu-blackhole-suspected 3 '.dst.addr == "fd02::2"'
expect_events pmtu-blackhole-suspected 5 '.evidence.passed_behind == 10'
expect_all pmtu-blackhole-suspected '.severity == "symptom" and .victim.pod == "a" and .victim.how == "sk-cgroup" and .evidence.retransmissions == 3 and .evidence.path_mtu == 1500 and .evidence.mss > 1400 and .evidence.passed_before == 101'
expect_all pmtu-blackhole-suspected '.dst.port == 80 and (.process == null) and (.remedy | test("packets of 1500 bytes"))'
