# SPDX-License-Identifier: GPL-2.0-only
# What happens to tracers: killed at any moment, stopped, a full disk, a reader that left, pods that vanish, and a
# kernel that gives no more. Nothing stays in the kernel, nothing waits for ever, and no count is wrong. With run's
# -l, stopped ones stay so for 10 s, and on the host 200 are killed.
. "$WD_LIB"

[ -n "${WD_HOST:-}${WD_LONG:-}" ] || skip "takes minutes in an emulated machine, and nothing here depends on the kernel: runs on the host, elsewhere with run's -l"
kills=200 least=20 seconds=40 rate=10000 stopped=4 limits="12 18 30 50" room=64k
[ -n "${WD_HOST:-}" ] || kills=8 least=0 seconds=30 rate=500 stopped=2 limits="12 40" room=16k
[ -z "${WD_LONG:-}" ] || stopped=10
[ -z "${WD_LONG:-}" ] || [ -z "${WD_HOST:-}" ] || kills=200 least=200 seconds=100
pod b c
trace=(trace -o json --attach tracepoint --netns "$(inode b)")
agent=(agent --attach tracepoint --listen 127.0.0.1:9437 --detail-rate 1000)
mkdir full
mount -t tmpfs -o size=$room whydrop-test full
at_end umount -l full

# Programs and maps of whydrop in the kernel, of whatever tracer: the kernel lists programs among its symbols.
in_kernel() {
	local maps=no
	! command -v bpftool > /dev/null || maps=$(bpftool map show | grep -cE 'name (losses|recent_losses) ' || true)
	echo "$(grep -cE 'bpf_prog_[0-9a-f]{16}_kfree_skb__' /proc/kallsyms || true) programs, $maps maps"
}
before=$(in_kernel)

nothing_left() { # after what: the kernel frees them a little later
	local now
	for _ in $(seq 50); do
		now=$(in_kernel)
		[ "$now" != "$before" ] || return 0
		sleep 0.2
	done
	fail "after $1, in the kernel: $now; before: $before"
}

started=
start() { # name arguments...: its pid in $started; it shows losses on the descriptor 5
	local name=$1
	shift
	: > "err.$name"
	"$WD_WHYDROP" "$@" >&5 2> "err.$name" &
	started=$!
	case_pids="$case_pids $started"
	wait_for "err.$name" '^ready'
}

ends() { # pid status what: as it should, and soon
	local code=0 watch
	(exec sleep 20) &
	watch=$!
	while kill -0 "$1" 2> /dev/null && kill -0 $watch 2> /dev/null; do sleep 0.1; done
	kill $watch 2> /dev/null || fail "$3: it did not end"
	wait "$1" || code=$?
	expect_eq "$3: exit status" $code "$2"
}

fails() { # status words command...
	local want=$1 words=$2 code=0
	shift 2
	timeout 30 "$@" > out 2> err || code=$?
	[ $code = "$want" ] || fail "$*: exit $code, expected $want: $(cat err)"
	grep -q -- "$words" err || fail "$*: no '$words' in: $(cat err)"
}

storm() { # pod ms
	in_pod "$1" "$WD_GEN" storm 127.0.0.1 9 $rate "$2" > /dev/null
}

counted() { # name owner
	awk -v o="$2" '$3 == "no-listener" && $4 == o { n += $1 } END { print n + 0 }' "err.$1"
}
account() { awk -v w="$2" '$2 == w { print $1 }' "err.$1"; } # name word

metrics() {
	exec 3<> /dev/tcp/127.0.0.1/9437
	printf 'GET /metrics HTTP/1.1\r\nHost: agent\r\n\r\n' >&3
	timeout 20 cat <&3 > metrics
	exec 3>&-
}
value() { awk -v m="$1" '$1 == m { print $2 }' metrics; }
served() { # pod: its losses
	metrics
	awk -v p="pod=\"$1\"" 'index($0, "whydrop_drops_total{cause=\"no-listener\"") == 1 && index($0, p) { n += $NF }
		END { print n + 0 }' metrics
}

# Killed at moments from before they are ready to long after, four at a time.
spawn_in b "$WD_GEN" storm 127.0.0.1 9 $rate $((seconds * 2000)) > /dev/null
load=${case_pids##* }
from=${EPOCHREALTIME/./}
start first "${trace[@]}" 5> /dev/null
ready=$(((${EPOCHREALTIME/./} - from) / 1000))
[ "$(in_kernel)" != "$before" ] || fail "a tracer that runs is not seen in the kernel: $before"
kill -9 $started
pause() { # up to so many ms
	local ms=$((RANDOM % $1))
	sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
}
killed=0 late=0 end=$((SECONDS + seconds))
while [ $killed -lt $kills ] && [ $SECONDS -lt $end ]; do
	victims=()
	for i in 1 2 3 4; do
		: > err.$i
		case $i in
		1 | 3) "$WD_WHYDROP" "${trace[@]}" > lines.$i 2> err.$i & ;;
		*) "$WD_WHYDROP" agent --attach tracepoint --listen "unix:$PWD/socket.$i" --events "$PWD/lines.$i" 2> err.$i & ;;
		esac
		victims+=($!)
	done
	for pid in "${victims[@]}"; do
		pause $((ready * 3 / 4))
		kill -9 "$pid"
	done
	wait "${victims[@]}" 2> /dev/null || true
	killed=$((killed + 4)) late=$((late + $(cat err.? | grep -c '^ready' || true)))
done
rm -f lines.?
kill $load 2> /dev/null || true # it may have ended by itself
wait $load 2> /dev/null || true
echo "killed $killed times, $late of them when they were ready, which takes $ready ms"
[ $least = 0 ] || [ $((killed >= least && late > 0)) = 1 ] || fail "killed $killed times, $late of them when they were ready"
nothing_left "kill -9"

# Stopped while losses go on, beside one that is killed.
start one "${trace[@]}" 5> lines
one=$started
start two "${agent[@]}" --events "$PWD/events" 5> /dev/null
two=$started
start three "${trace[@]}" 5> /dev/null
three=$started
losses=$(snmp b UdpNoPorts)
storm b $((stopped * 1000 + 1000)) &
load=$!
sleep 0.5
kill -STOP $one $two
sleep $stopped
kill -9 $three
kill -CONT $one $two
wait $load
losses=$(($(snmp b UdpNoPorts) - losses))
expect_eq "the agent that was stopped" "$(served b)" $losses
sleep 1
kill -INT $one
ends $one 0 "the tracer that was stopped"
expect_eq "the tracer that was stopped" "$(counted one case/b/app)" $losses
echo "stopped for $stopped s: $losses lost, $(account one shown) shown, $(account one lost) not described"
expect_eq "shown and lost" $(($(account one shown) + $(account one lost))) $losses
expect_eq "lines" "$(wc -l < lines)" "$(account one shown)"
kill -TERM $two
ends $two 0 "the agent that was stopped"
[ "$(jq -c 'select(.cause == "no-listener")' events | wc -l)" -gt 0 ] || fail "no events"
nothing_left "SIGSTOP"

# A full disk ends a tracer; the agent goes on, and its events come back with the room.
start full "${trace[@]}" 5> full/lines
storm b 2000
ends $started 1 "a full disk"
grep -q 'No space left' err.full || fail "not said: $(cat err.full)"
rm full/lines
start record "${trace[@]}" -w full/record 5> /dev/null
storm b 2000
ends $started 1 "a full disk for --write"
grep -q 'No space left' err.record || fail "not said: $(cat err.record)"
rm full/record
cat /dev/zero > full/filler 2> /dev/null || true
start agent "${agent[@]}" --events "$PWD/full/events" 5> /dev/null
losses=$(snmp b UdpNoPorts)
storm b 1000
sleep 1.5
expect_eq "counted with a full disk" "$(served b)" $(($(snmp b UdpNoPorts) - losses))
[ "$(value whydrop_events_unwritten_total)" -gt 0 ] || fail "no event was unwritten"
rm full/filler
for _ in $(seq 60); do
	storm b 100
	[ ! -s full/events ] || break
	sleep 0.5
done
kill -TERM $started
ends $started 0 "an agent on a full disk"
jq -e .cause full/events > /dev/null || fail "events are not whole: $(tail -c 300 full/events)"
nothing_left "a full disk"

# A reader that has seen enough is the end of a tracer, and costs the agent nothing but events.
mkfifo pipe
(exec head -n 5 < pipe > /dev/null) &
start pipe "${trace[@]}" 5> pipe
storm b 1000
ends $started 0 "a closed pipe"
(exec head -n 5 < pipe > /dev/null) &
start pipe "${agent[@]}" --events - 5> pipe
losses=$(snmp b UdpNoPorts)
storm b 3000
sleep 1.5
storm b 500
expect_eq "counted with a closed pipe" "$(served b)" $(($(snmp b UdpNoPorts) - losses))
[ "$(value whydrop_events_unwritten_total)" -gt 0 ] || sleep 1.5
metrics
[ "$(value whydrop_events_unwritten_total)" -gt 0 ] || fail "no event was unwritten"
kill -TERM $started
ends $started 0 "an agent with a closed pipe"
nothing_left "a closed pipe"

# A pod that vanishes in the middle of its losses leaves them all to its name.
start gone trace --count-only --attach tracepoint 5> /dev/null
one=$started
start agent "${agent[@]}" 5> /dev/null
two=$started
spawn_in c "$WD_GEN" storm 127.0.0.1 9 $rate 20000 > /dev/null
sleep 1
find_cgroup c
for pid in $(< "$cgroup/cgroup.procs"); do kill -9 "$pid"; done
sleep 0.2
losses=$(snmp c UdpNoPorts)
ip netns del wd-c
rmdir "$cgroup"
rm -rf "/var/log/pods/case_c_$uid" "$oci/${cgroup##*/}"
storm b 500
expect_eq "the vanished pod's, by the agent" "$(served c)" "$losses"
kill -INT $one
ends $one 0 "a pod that vanished"
expect_eq "the vanished pod's" "$(counted gone case/c/app)" "$losses"
kill -TERM $two
ends $two 0 "a pod that vanished, the agent"
nothing_left "a pod that vanished"

# bpf() refused at first, or half-way.
for limit in $limits; do # of file descriptors
	# shellcheck disable=SC2016
	fails 1 'ulimit -n' bash -c 'ulimit -n "$0" && exec "$@"' "$limit" "$WD_WHYDROP" "${trace[@]}"
	# shellcheck disable=SC2016
	fails 1 'ulimit -n' bash -c 'ulimit -n "$0" && exec "$@"' "$limit" "$WD_WHYDROP" "${agent[@]}"
done
for kept in -all -all,+bpf -all,+perfmon; do
	fails 3 'root' setpriv --inh-caps=-all --bounding-set=$kept "$WD_WHYDROP" "${trace[@]}"
	fails 3 'root' setpriv --inh-caps=-all --bounding-set=$kept "$WD_WHYDROP" "${agent[@]}"
done
nothing_left "a refusal"
