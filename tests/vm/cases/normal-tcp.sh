# SPDX-License-Identifier: GPL-2.0-only
# What the ordinary life of TCP frees: counted, hidden, and shown by --all with their reason.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
for at in 10.1.0.3 fd01::3; do
	spawn_in b "$WD_GEN" serve $at 8080 > "serve.$at"
	spawn_in b "$WD_GEN" listen $at 8081 16 5 90000 > "defer.$at"
	spawn_in b "$WD_GEN" listen $at 8082 16 0 90000 > "listen.$at"
	wait_for "serve.$at" bound
	wait_for "defer.$at" bound
	wait_for "listen.$at" bound
done
twice() { # add or del; not every host has netem
	[ -z "${WD_HOST:-}" ] || return 0
	in_ns a tc qdisc $1 dev eth0 root netem duplicate 100%
	in_ns b tc qdisc $1 dev eth0 root netem duplicate 100%
}
provoke() {
	for at in 10.1.0.3 fd01::3; do
		# an empty ACK to a listener that waits for data
		in_pod a "$WD_GEN" connect $at 8081 3 500 > /dev/null
		# the end of a connection that the other end has forgotten: reset, FIN, late ACK
		in_pod a "$WD_GEN" connect $at 8082 4 500 > /dev/null
	done
	# every segment twice: what came first is kept
	twice add
	for at in 10.1.0.3 fd01::3; do in_pod a "$WD_GEN" chat $at 8080 20 > /dev/null; done
	twice del
	# datagrams that nobody read
	for at in 10.1.0.3 fd01::3; do
		spawn_in b "$WD_GEN" sink $at 5000 100000 90000 > "sink.$at"
		sink=$!
		wait_for "sink.$at" bound
		in_pod a "$WD_GEN" udp $at 5000 9 100 > /dev/null
		kill $sink
		wait $sink
	done
	sleep 0.1
}
deferred=$(snmp b TcpExtTCPDeferAcceptDrop)
trace_start --all
provoke
trace_stop
deferred=$(($(snmp b TcpExtTCPDeferAcceptDrop) - deferred))
# a link that brings every SYN-ACK twice looks to the client like a server that repeats it
bad=$(jq -c 'select(.severity != "normal" and .cause != "syn-ack-repeated")' $events | head -n 3)
[ -z "$bad" ] || fail "a loss among normal frees: $bad"
expect_events socket-closed 9 '.proto == "udp" and .dst.addr == "10.1.0.3"'
expect_events socket-closed 9 '.proto == "udp" and .dst.addr == "fd01::3"'
if rx_sk; then expect_events defer-accept $deferred; fi
[ $deferred -ge 6 ] || fail "only $deferred empty ACKs were deferred"
if has_reasons && [ -z "${WD_HOST:-}" ]; then
	for at in 10.1.0.3 fd01::3; do
		[ "$(events_of tcp-duplicate ".dst.addr == \"$at\"")" -gt 20 ] || fail "too few duplicates to $at"
	done
fi
trace_start
provoke
trace_stop
expect_only syn-ack-repeated
