# SPDX-License-Identifier: GPL-2.0-only
# Modules that are loaded after the tracer has started are seen all the same, and can go when the tracer has let go.
# The tracer of all cases has to let go first.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
loaded() { awk '/^(nft_|nf_tables |ip_vs)/ { print $1 }' /proc/modules; }
unload() { # true once they are gone; the rules of a namespace that has ended go a little later
	local some
	for _ in $(seq 40); do
		some=$(loaded)
		[ -n "$some" ] || return 0
		# shellcheck disable=SC2086
		rmmod $some 2> /dev/null || true
		sleep 0.1
	done
	return 1
}
attached() { # hook...
	local hook
	for hook in "$@"; do
		for _ in $(seq 200); do
			! grep -q "^whydrop: debug: $hook: attached" trace.err || continue 2
			sleep 0.05
		done
		fail "$hook was not attached within 10 s"
	done
}
[ -z "${WD_SESSION:-}" ] || session_end
unload || fail "$(echo $(loaded)) cannot be unloaded before the test"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
trace_start -v
in_ns b nft -f - <<'NFT'
table inet late {
	chain in { type filter hook input priority 0; udp dport 81 counter drop; }
}
NFT
attached nft_immediate nft_run
modprobe ip_vs # and with it nf_conntrack, where no case before has loaded that
attached ct_confirm ipvs_lookup
# a kprobe where the module has BTF would mean that the verifier refused the cheaper program
if [ -e /sys/kernel/btf/nf_tables ]; then
	grep -q 'nft_run: attached by fexit' trace.err || fail "$(grep 'nft_run:' trace.err)"
	grep -q 'nft_immediate: attached by fentry' trace.err || fail "$(grep 'nft_immediate:' trace.err)"
fi
in_pod a "$WD_GEN" udp 10.1.0.3 81 3 100 > /dev/null
in_pod a "$WD_GEN" udp fd01::3 81 4 100 > /dev/null
trace_stop
handle=$(in_ns b nft -a list ruleset inet | sed -n 's/.*dport 81 .*handle \([0-9]*\)$/\1/p')
expect_events netfilter-rule-drop 7 ".dst.port == 81 and .evidence.rule == \"$handle\" and .evidence.table == \"late\""
expect_only netfilter-rule-drop
in_ns b nft flush ruleset
unload || fail "$(echo $(loaded)) cannot be unloaded after the tracer has ended"
