# SPDX-License-Identifier: GPL-2.0-only
# What is lost of the connection that the output takes is not shown: it would make losses of its own.
. "$WD_LIB"

any_kernel
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
try() { # family address peer
	spawn_in b "$WD_GEN" drain "$3" 7000 > "drain.$1"
	wait_for "drain.$1" bound
	in_ns b nft -f - <<-NFT
		table inet fw {
			chain in { type filter hook input priority 0; tcp dport 7000 tcp flags & (syn | psh) == psh numgen random mod 2 == 0 counter drop; }
		}
	NFT
	# the tracer's standard output is a TCP connection, as in 'whydrop trace | nc' or over ssh
	spawn_in a bash -c "exec 3<> /dev/tcp/$3/7000; exec \"\$@\" >&3 3>&-" bash \
		"$WD_WHYDROP" trace -o json --attach tracepoint --cause netfilter-drop-unattributed,no-listener  2> err
	tracer=$!
	wait_for err ready
	for _ in $(seq 10); do
		in_pod a "$WD_GEN" udp "$3" 9 2 100 > /dev/null
		sleep 0.06
	done
	sleep 0.5
	kill -INT $tracer
	wait $tracer || fail "ended with $?: $(cat err)"
	tracer=
	sleep 0.5
	lost=$(nft_count b)
	[ "$lost" -gt 0 ] || fail "nothing of the connection was lost"
	own=$(sed -nE 's/^ *([0-9]+) of this terminal.s own connection.*/\1/p' err)
	[ "${own:-0}" -gt 0 ] && [ "$own" -le $((lost + 40)) ] || fail "own: ${own:-none}, dropped by the rule: $lost; $(cat err)"
	in_ns b nft flush ruleset # what it lost is sent again
	for _ in $(seq 50); do
		[ -n "$(tail -c 1 "drain.$1")" ] || [ "$(grep -c '^{' "drain.$1")" -lt 20 ] || break
		sleep 0.2
	done
	grep '^{' "drain.$1" > $events
	expect_events no-listener 20 '.proto == "udp"'
	expect_only no-listener
	traced=session # counts are not on record
	settle
}
try 4 10.1.0.2 10.1.0.3
try 6 fd01::2 fd01::3

# over ssh the connection is sshd's: the environment tells which it is
spawn_in b "$WD_GEN" drain 10.1.0.3 7001 > drain
wait_for drain bound
in_ns b nft -f - <<'NFT'
table inet fw {
	chain in { type filter hook input priority 0; tcp dport { 7001, 7002 } counter drop; }
}
NFT
SSH_CONNECTION="10.1.0.3 7001 10.1.0.2 4001" trace_alone --attach tracepoint
in_pod a "$WD_GEN" syn-from 10.1.0.2 4001 10.1.0.3 7001 5 > /dev/null
in_pod a "$WD_GEN" syn-from 10.1.0.2 4002 10.1.0.3 7001 3 > /dev/null
trace_stop
expect_events netfilter-drop-unattributed 3 '.src.port == 4002'
expect_events netfilter-drop-unattributed 3
grep -qE '^ *5 of this terminal.s own connection' trace.err || fail "the account does not tell: $(cat trace.err)"
