# SPDX-License-Identifier: GPL-2.0-only
# Each filter lets its own losses through and no others: many tracers watch the same losses.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3

n=0
watch() { # events flags...: a tracer, with the one hook it needs, that should see so many of the losses below
	n=$((n + 1))
	echo "$1" > want.$n
	shift
	echo "$*" > flags.$n
	"$WD_WHYDROP" trace -o json --attach tracepoint "$@" > seen.$n 2> err.$n &
	echo $! > pid.$n
	case_pids="$case_pids $!"
}
watch 6 --netns "$(inode a)"
watch 4 --host fd01::3
watch 4 --port 1002
watch 6 -i lo --netns wd-a
# without reasons only a function's hook tells that nobody listened on the TCP port
has_reasons && watch 12 --pod b || watch 7 --pod b
# each costs seconds of an emulated processor
[ -n "${WD_HOST:-}" ] && more=watch || more=:
$more 12 --netns wd-b
$more 8 --host 10.1.0.3
$more 5 --proto tcp
$more 12 -i eth0 --netns wd-b
$more 18 --namespace case
$more 0 --namespace other
$more 18 --cause no-listener
$more 0 --cause netfilter-drop-unattributed
watch 4 -c 4
for i in $(seq $n); do
	for _ in $(seq 120); do
		if grep -q '^ready' err.$i; then continue 2; fi
		sleep 0.5
	done
	fail "the tracer with $(cat flags.$i) did not get ready: $(cat err.$i)"
done
in_ns a "$WD_GEN" udp 10.1.0.3 1001 3 100 > /dev/null
in_ns a "$WD_GEN" udp fd01::3 1002 4 100 > /dev/null
in_ns a "$WD_GEN" connect 10.1.0.3 1003 5 1000 > /dev/null
in_ns a "$WD_GEN" udp 127.0.0.1 1004 6 100 > /dev/null
sleep 0.3
for i in $(seq $n); do
	kill -INT "$(cat pid.$i)" 2>/dev/null || grep -q -- '-c 4' flags.$i || fail "ended early: $(cat flags.$i)"
done
for i in $(seq $n); do
	wait "$(cat pid.$i)" || fail "$(cat flags.$i): ended with $?: $(cat err.$i)"
	expect_eq "events with $(cat flags.$i)" "$(wc -l < seen.$i)" "$(cat want.$i)"
	grep -q filtered err.$i || fail "the account does not say what was filtered: $(cat err.$i)"
done
start=$SECONDS
"$WD_WHYDROP" trace --attach tracepoint --duration 1s > /dev/null 2>&1 || fail "--duration ended with $?"
[ $((SECONDS - start)) -le 30 ] || fail "--duration 1s took $((SECONDS - start)) s"
