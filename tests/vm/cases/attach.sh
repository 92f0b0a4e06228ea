# SPDX-License-Identifier: GPL-2.0-only
# Every way to attach does the same work.
. "$WD_LIB"

routed_pods
sets="tp_btf,fentry raw_tp,kprobe"
[ -z "${WD_HOST:-}" ] || sets="tp_btf raw_tp" # it allows tracepoints only
for ways in $sets; do
	trace_start -v --attach $ways
	for way in $(echo $ways | tr , ' '); do
		grep -q "attached by $way" trace.err || fail "$way was not used"
	done
	# a program that the verifier refuses is replaced by the next way without a word, which costs more
	! grep ' refused: ' trace.err || fail "a program was refused"
	in_pod a "$WD_GEN" udp 10.2.0.2 1234 3 100 > /dev/null
	in_pod a "$WD_GEN" connect fd02::2 4321 4 2000 > /dev/null
	in_pod a "$WD_GEN" raw 10.1.0.2 10.2.0.2 7 2 1 1 > /dev/null
	trace_stop
	expect_events no-listener 7 '.victim.pod == "b"'
	expect_events ttl-expired 2 '.victim.pod == "a"'
	expect_only no-listener ttl-expired
done
