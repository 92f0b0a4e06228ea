# SPDX-License-Identifier: GPL-2.0-only
# Hooks that run for every packet are attached with the first loss that they can tell more of, and none is
# counted twice or not at all meanwhile.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
in_ns r nft 'add table inet fw; add chain inet fw onward { type filter hook forward priority 0; };
	add rule inet fw onward udp dport 60 counter drop'
rule=$(in_ns r nft -a list ruleset | sed -n 's/.*dport 60 .* handle \([0-9]*\)$/\1/p')
"$WD_WHYDROP" probes > probes 2> probes.err || fail "probes: $(cat probes.err)"
grep -A 2 '^nft_run ' probes | grep -q 'when: with the first loss' || fail "probes do not say when nft_run is attached"

attached() { grep -q "debug: $1: attached by" trace.err; }
attached_soon() {
	for _ in $(seq 100); do ! attached "$1" || return 0; sleep 0.1; done
	fail "$1 was not attached after a loss that needs it"
}
lose() { # count: by the rule, of each family
	in_pod a "$WD_GEN" udp 10.2.0.2 60 "$1" 100 > /dev/null
	in_pod a "$WD_GEN" udp fd02::2 60 "$1" 100 > /dev/null
}

trace_alone -v --hooks demand
! attached nft_run && ! attached nft_immediate || fail "attached before there was a loss"
lose 1
attached_soon nft_run
sleep 0.5
expect_eq "losses before" "$(nft_count r)" 2
lose 3
spawn_in b "$WD_GEN" sink 127.0.0.1 5000 2048 60000 > sink
sleep 0.5
datagrams=$(snmp b UdpRcvbufErrors)
waits=
if grep -q '^udp_enqueue .*fexit' probes && has_reasons; then waits=yes; fi
[ -z "$waits" ] || ! attached udp_enqueue || fail "udp_enqueue is attached before a socket was full"
in_ns b "$WD_GEN" udp 127.0.0.1 5000 40 500 > /dev/null
[ -z "$waits" ] || attached_soon udp_enqueue
in_ns b "$WD_GEN" udp 127.0.0.1 5000 40 500 > /dev/null
datagrams=$(($(snmp b UdpRcvbufErrors) - datagrams))
counts_know_more=yes # of an owner, once the socket is told
trace_stop
named=$(events_of netfilter-rule-drop ".evidence.rule == \"$rule\" and .evidence.base_chain == \"onward\"")
[ "$named" -ge 6 ] && [ "$named" -lt 8 ] || fail "$named of 8 name the rule: not the 6 that were lost when the hooks were attached"
expect_eq "all that the rule dropped" "$((named + $(events_of netfilter-drop-unattributed)))" "$(nft_count r)"
[ "$datagrams" -ge 40 ] || fail "only $datagrams found the socket full"
expect_events udp-receive-buffer-full "$datagrams" '.victim.pod == "b"'
[ "$(events_of udp-receive-buffer-full '.victim.how == "sk-cgroup" and .evidence.receive_buffer_bytes == 4096')" -ge 40 ] ||
	fail "not even the last 40 tell the socket"
expect_only netfilter-rule-drop netfilter-drop-unattributed udp-receive-buffer-full
