# SPDX-License-Identifier: GPL-2.0-only
# On a terminal a storm folds, colours are used, Ctrl-C brings the summary; in a file neither; and a
# line is there within 100 ms.
. "$WD_LIB"

any_kernel
pod b
sleep 0.3
storm() { in_pod b "$WD_GEN" udp 127.0.0.1 9 500 10 > /dev/null; }
on_terminal() { # file environment...
	local file=$1 pid
	shift
	: > err
	env "$@" "$WD_GEN" pty "$file" 90000 "$WD_WHYDROP" trace --attach tracepoint --netns wd-b 2> err &
	pid=$!
	case_pids="$case_pids $pid"
	wait_for err ready
	storm
	sleep 1.3
	kill $pid
	wait $pid || fail "ended with $?: $(cat err)"
	tr -d '\r' < "$file" > "$file.text"
}
on_terminal shown TERM=xterm
esc=$(printf '\033')
expect_eq "lines in full" "$(grep -c 'no-listener.*127\.0\.0\.1:.* > 127\.0\.0\.1:9 ' shown.text)" 3
grep -qE '^… and 497 more like this in 1 s: no-listener case/b' shown.text || fail "not folded: $(cat shown.text)"
grep -q "$esc\[" shown.text || fail "no colour: $(cat shown.text)"
grep -q '^no-listener: no socket listens' err || fail "no explanation at the end: $(cat err)"
grep -qE '^ *500 +100\.0% +no-listener +case/b' err || fail "no count at the end: $(cat err)"
for line in 'events were seen' shown 'hidden as normal' filtered lost; do
	grep -qE "^ *[0-9]+ $line" err || fail "the account does not say '$line': $(cat err)"
done
on_terminal plain NO_COLOR=1 TERM=xterm
! grep -q "$esc" plain.text || fail "colour in spite of NO_COLOR"
grep -q '^… and 497 more' plain.text || fail "not folded without colour"

"$WD_WHYDROP" trace --attach tracepoint --netns wd-b > piped 2> err &
tracer=$!
wait_for err ready
storm
sleep 0.2
kill -INT $tracer
wait $tracer || fail "ended with $?"
tracer=
expect_eq "lines in a file" "$(grep -c no-listener piped)" 500
! grep -q "$esc" piped || fail "colour in a file"
grep -qE '^[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} no-listener +case/b/app +127\.0\.0\.1:[0-9]+ > 127\.0\.0\.1:9 udp +lo ' piped ||
	fail "the columns are not these: $(head -n 1 piped)"

"$WD_WHYDROP" trace -o json --attach tracepoint --netns wd-b 2> err > >("$WD_GEN" stamp > stamped) &
tracer=$!
wait_for err ready
for _ in $(seq 15); do
	in_pod b "$WD_GEN" udp 127.0.0.1 9 1 10 > /dev/null
	sleep 0.03
done
sleep 0.2
kill -INT $tracer
wait $tracer || fail "ended with $?"
tracer=
sleep 0.1
sed -E 's/^([0-9]+) (.*)/{"read": \1, "event": \2}/' stamped | jq '(.read - .event.mono_ns) / 1e6 | floor' | sort -n > late
expect_eq "losses read" "$(wc -l < late)" 15
# an emulated CPU may be away for longer than that: there the most of them must do
late=$(sed -n "$([ -n "${WD_HOST:-}" ] && echo 14 || echo 10)p" late)
[ "$late" -le 100 ] || fail "lines came late, by ms: $(tr '\n' ' ' < late)"
