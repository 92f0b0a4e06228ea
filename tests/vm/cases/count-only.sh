# SPDX-License-Identifier: GPL-2.0-only
# Counting without records: the summary is as exact, and all filters hold for it.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3

watch() { # name flags...
	local name=$1
	shift
	"$WD_WHYDROP" trace --count-only --attach tracepoint "$@" > "out.$name" 2> "err.$name" &
	echo $! > "pid.$name"
	case_pids="$case_pids $!"
	for _ in $(seq 200); do
		if grep -q '^ready' "err.$name"; then return; fi
		sleep 0.05
	done
	fail "the tracer $name did not get ready: $(cat "err.$name")"
}

row() { # name cause owner: packets of that row
	awk -v c="$2" -v o="$3" '$3 == c && $4 == o { n = $1 } END { print n + 0 }' "err.$1"
}
account() { # name words: the number before them
	awk -v w="$2" 'index($0, w) == 12 { n = $1 } END { print n + 0 }' "err.$1"
}

watch all
watch filtered --netns wd-b --port 1001
watch pod --pod b
in_ns a "$WD_GEN" udp 10.1.0.3 1001 30 100 > /dev/null
in_ns a "$WD_GEN" udp fd01::3 1002 40 100 > /dev/null
for name in all filtered pod; do
	kill -INT "$(cat "pid.$name")"
	wait "$(cat "pid.$name")" || fail "$name: ended with $?: $(cat "err.$name")"
	[ ! -s "out.$name" ] || fail "$name: something was shown: $(cat "out.$name")"
	expect_eq "$name: shown" "$(account "$name" shown)" 0
	expect_eq "$name: seen" "$(account "$name" 'events were seen')" \
		$(($(account "$name" 'counted (--count-only)') + $(account "$name" 'hidden as normal') + $(account "$name" filtered)))
done
expect_eq "b, no listener" "$(row all no-listener case/b/app)" 70
expect_eq "b by port" "$(row filtered no-listener case/b/app)" 30
expect_eq "counted by port" "$(account filtered 'counted (--count-only)')" 30
expect_eq "b by pod" "$(row pod no-listener case/b/app)" 70
expect_eq "counted by pod" "$(account pod 'counted (--count-only)')" 70
for flags in "-c 3" --stack -q "-o json"; do
	code=0
	# shellcheck disable=SC2086
	"$WD_WHYDROP" trace --count-only $flags > /dev/null 2> err || code=$?
	expect_eq "exit status with $flags" $code 2
	grep -q 'count-only' err || fail "$flags: $(cat err)"
done
