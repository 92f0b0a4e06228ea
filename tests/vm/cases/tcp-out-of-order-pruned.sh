# SPDX-License-Identifier: GPL-2.0-only
# Segments behind a gap, for a socket whose buffer autotuning may not let grow: first from the far end, each
# before the last one, then each behind it.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
in_ns b sysctl -qw net.ipv4.tcp_rmem="4096 6000 6000"
for at in 10.1.0.3 fd01::3; do receive_in b $at 80 0 idle 3000; done
pruned=$(snmp b TcpExtOfoPruned) refused=$(($(snmp b TcpExtTCPOFODrop) + $(snmp b TcpExtTCPRcvQDrop)))
trace_start --netns wd-b
for at in 10.1.0.3 fd01::3; do
	in_pod a "$WD_GEN" inject $at 80 10 2000 -100 1 18 200 > /dev/null
	in_pod a "$WD_GEN" inject $at 80 10 200 100 1 18 200 > /dev/null
done
trace_stop
pruned=$(($(snmp b TcpExtOfoPruned) - pruned))
refused=$(($(snmp b TcpExtTCPOFODrop) + $(snmp b TcpExtTCPRcvQDrop) - refused))
echo "OfoPruned $pruned OFODrop $refused"
[ $pruned -ge 10 ] || fail "nothing was pruned"
# one segment makes room enough, so each time one packet is pruned
expect_eq "pruned packets" "$(jq -s 'map(select(.cause == "tcp-out-of-order-pruned").segs) | add' $events)" $pruned
proved_apart tcp-out-of-order-pruned
expect_events tcp-receive-buffer-full $refused
for at in 10.1.0.3 fd01::3; do
	[ "$(events_of tcp-out-of-order-pruned ".dst.addr == \"$at\"")" -ge 5 ] || fail "none to $at"
done
for cause in tcp-out-of-order-pruned tcp-receive-buffer-full; do
	expect_all $cause '.victim.pod == "b" and .victim.how == "sk-cgroup" and .dst.port == 80 and
		.evidence.receive_buffer_fixed == 0 and .evidence.netns_tcp_rmem_max == 6000 and
		.evidence.receive_buffer_bytes == 6000 and .evidence.unread_bytes == 10'
	expect_all $cause '.process.comm == "gen" and .process.holders == 1'
	expect_all $cause '(.remedy | test("third number of net.ipv4.tcp_rmem to 65536")) and (.remedy | test("rmem_max") | not)'
done
expect_only tcp-out-of-order-pruned tcp-receive-buffer-full
