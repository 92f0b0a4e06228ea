# SPDX-License-Identifier: GPL-2.0-only
# A way that loses long packets and says nothing. Two kinds of connections: full segments with a short one
# behind them, and nothing but full ones. A way that is dead altogether is no black hole.
. "$WD_LIB"

routed_pods
# nobody reads and nobody answers: what is acknowledged is all that comes back
for at in 10.2.0.2 fd02::2; do spawn_in b "$WD_GEN" listen $at 80 10 0 80000 > "bound.$at"; done
spawn_in b "$WD_GEN" listen 10.2.0.2 81 10 0 80000 > bound.dead
for at in 10.2.0.2 fd02::2 dead; do
	for _ in $(seq 100); do ! grep -q bound "bound.$at" 2>/dev/null || break; sleep 0.05; done
done
trace_alone --attach tracepoint # that is all it takes
mkfifo go
exec 9<> go
load() { # address port count first full: sends what is long when the way has become narrow
	in_pod a "$WD_GEN" segments "$1" "$2" "$3" "$4" "$5" - 80000 > "connected.$1.$2.$5" < go 9>&- &
	case_pids="$case_pids $!"
	for _ in $(seq 100); do ! grep -q connected "connected.$1.$2.$5" 2>/dev/null || break; sleep 0.05; done
}
load 10.2.0.2 80 2 100 2
load fd02::2 80 3 100 2
load 10.2.0.2 80 1 100 1
load 10.2.0.2 81 2 3000 2
in_ns r nft -f - <<'END'
add table inet wd
add chain inet wd f { type filter hook forward priority 0; }
add rule inet wd f meta length > 1000 drop
add rule inet wd f tcp dport 81 drop
END
exec 9>&-
for _ in $(seq 300); do [ "$(events_of pmtu-blackhole-suspected)" -lt 6 ] || break; sleep 0.05; done
sleep 1 # none comes from the dead way
trace_stop
expect_events pmtu-blackhole-suspected 3 '.dst.addr == "10.2.0.2"'
expect_events pmtu-blackhole-suspected 3 '.dst.addr == "fd02::2"'
expect_events pmtu-blackhole-suspected 5 '.evidence.passed_behind == 10'
expect_all pmtu-blackhole-suspected '.severity == "symptom" and .victim.pod == "a" and .victim.how == "sk-cgroup" and .evidence.retransmissions == 3 and .evidence.path_mtu == 1500 and .evidence.mss > 1400 and .evidence.passed_before == 101'
expect_all pmtu-blackhole-suspected '.dst.port == 80 and (.process == null or .process.comm == "gen") and (.remedy | test("packets of 1500 bytes"))'
# who holds a socket is looked up a few times per second only
[ "$(events_of pmtu-blackhole-suspected '.process.comm == "gen"')" -gt 0 ] || fail "no sender's process"
