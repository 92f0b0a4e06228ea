# SPDX-License-Identifier: GPL-2.0-only
# A way that loses long packets and says nothing. Two kinds of connections: full segments with a short one
# behind them, and nothing but full ones. A way that is dead altogether is no black hole.
. "$WD_LIB"

routed_pods
for at in 10.2.0.2 fd02::2; do spawn_in b "$WD_GEN" serve $at 80 > "bound.$at"; done
in_ns r nft -f - <<'END'
add table inet wd
add chain inet wd f { type filter hook forward priority 0; }
add rule inet wd f meta length > 1000 drop
END
sleep 0.3
trace_start
in_pod a "$WD_GEN" segments 10.2.0.2 80 2 100 2 100 3500 > /dev/null &
one=$!
in_pod a "$WD_GEN" segments fd02::2 80 3 100 2 100 3500 > /dev/null &
two=$!
in_pod a "$WD_GEN" segments 10.2.0.2 80 1 100 1 100 3500 > /dev/null &
three=$!
wait $one $two $three
in_ns r nft flush ruleset
in_pod a "$WD_GEN" segments 10.2.0.2 80 2 3000 2 1500 2500 > /dev/null &
one=$!
sleep 0.9
in_ns r nft -f - <<'END'
add table inet wd
add chain inet wd f { type filter hook forward priority 0; }
add rule inet wd f tcp dport 80 drop
END
wait $one
trace_stop
expect_events pmtu-blackhole-suspected 3 '.dst.addr == "10.2.0.2"'
expect_events pmtu-blackhole-suspected 3 '.dst.addr == "fd02::2"'
expect_events pmtu-blackhole-suspected 5 '.evidence.passed_behind == 10'
expect_all pmtu-blackhole-suspected '.severity == "symptom" and .victim.pod == "a" and .victim.how == "sk-cgroup" and .evidence.retransmissions == 3 and .evidence.path_mtu == 1500 and .evidence.mss > 1400 and .evidence.passed_before == 101'
expect_all pmtu-blackhole-suspected '.dst.port == 80 and (.process == null) and (.remedy | test("packets of 1500 bytes"))'
