# SPDX-License-Identifier: GPL-2.0-only
# Modules that are loaded after the tracer has started are seen all the same, and can go when the tracer has let go.
# Where the kernel lets them go before, what comes again is seen again, each loss once, and no program is left of the
# first time. The tracer of all cases has to let go first.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
loaded() { awk '/^(nft_|nf_tables |ip_vs)/ { print $1 }' /proc/modules; }
unload() { # tries: true once they are gone; the rules of a namespace that has ended go a little later
	local some
	for _ in $(seq "$1"); do
		some=$(loaded)
		[ -n "$some" ] || return 0
		# shellcheck disable=SC2086
		rmmod $some 2> /dev/null || true
		sleep 0.1
	done
	return 1
}
said() { # count words...: of what the tracer or agent says
	local i
	for i in "${@:2}"; do
		for _ in $(seq 600); do
			[ "$(grep -c "$i" trace.err)" -lt "$1" ] || continue 2
			sleep 0.05
		done
		fail "not $1 times '$i' within 30 s"
	done
}
programs() { grep -cE 'bpf_prog_[0-9a-f]{16}_nft_(run|immediate)__' /proc/kallsyms || true; }
late_rule() {
	in_ns b nft 'table inet late { chain in { type filter hook input priority 0; udp dport 81 counter drop; }; }'
}
lose() { # count: of each family
	in_pod a "$WD_GEN" udp 10.1.0.3 81 "$1" 100 > /dev/null
	in_pod a "$WD_GEN" udp fd01::3 81 "$1" 100 > /dev/null
}
# Without rules again, and then: did nf_tables go, although somebody watches it?
goes() {
	in_ns b nft flush ruleset
	unload 12
}

[ -z "${WD_SESSION:-}" ] || session_end
unload 40 || fail "$(echo $(loaded)) cannot be unloaded before the test"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
trace_start -v
late_rule
said 1 'nft_immediate: attached' 'nft_run: attached'
modprobe ip_vs # and with it nf_conntrack, where no case before has loaded that
said 1 'ct_confirm: attached' 'ipvs_lookup: attached'
# a kprobe where the module has BTF would mean that the verifier refused the cheaper program
if [ -e /sys/kernel/btf/nf_tables ]; then
	grep -q 'nft_run: attached by fexit' trace.err || fail "$(grep 'nft_run:' trace.err)"
	grep -q 'nft_immediate: attached by fentry' trace.err || fail "$(grep 'nft_immediate:' trace.err)"
fi
lose 3
before=$(programs)
[ "$before" -gt 0 ] || fail "no programs of nf_tables among the kernel's symbols"
# fentry and fexit hold the module, kprobes do not
if grep -q 'nft_run: attached by f' trace.err; then
	! goes || fail "nf_tables went while hooks are attached in it"
	late_rule
else
	goes || fail "$(echo $(loaded)) cannot be unloaded beside kprobes"
	said 1 'module nf_tables was unloaded'
	late_rule
	said 2 'nft_immediate: attached' 'nft_run: attached'
fi
expect_eq "programs for nf_tables when it was there again" "$(programs)" "$before"
lose 4
trace_stop
expect_events netfilter-rule-drop 14 '.dst.port == 81 and .evidence.rule and .evidence.table == "late"'
expect_only netfilter-rule-drop
settle
goes || fail "$(echo $(loaded)) cannot be unloaded after the tracer has ended"

# The agent, whose hooks there wait for a loss. They are held from when they are loaded since 6.3.
metric() { # cause
	exec 3<> /dev/tcp/127.0.0.1/9435
	printf 'GET /metrics HTTP/1.1\r\n\r\n' >&3
	timeout 30 awk -v c="cause=\"$1\"" 'index($0, "whydrop_drops_total{") == 1 && index($0, c) { n += $NF } END { print n + 0 }' <&3
	exec 3>&-
}
"$WD_WHYDROP" agent -v --listen 127.0.0.1:9435 --events "$PWD/lines" 2> trace.err &
agent=$!
case_pids="$case_pids $agent"
wait_for trace.err '^ready'
late_rule
said 1 'module nf_tables was loaded'
metric none > /dev/null # it has loaded the hooks when it answers
before=$(programs)
[ "$before" -gt 0 ] || fail "the agent has no programs for nf_tables"
! grep -q 'nft_run: attached' trace.err || fail "attached before there was a loss"
kill -HUP $agent
if goes; then
	said 1 'module nf_tables was unloaded'
	metric none > /dev/null
	expect_eq "programs for nf_tables without it" "$(programs)" 0
fi
late_rule
metric none > /dev/null
lose 1
said 1 'nft_immediate: attached' 'nft_run: attached'
expect_eq "programs for nf_tables when it was there again" "$(programs)" "$before"
sleep 0.5
lose 3
expect_eq "all that the rule dropped" "$(($(metric netfilter-rule-drop) + $(metric netfilter-drop-unattributed)))" 8
expect_eq "times a hook was attached" "$(grep -cE '(nft_immediate|nft_run): attached' trace.err)" 2
if grep -q 'nft_run: attached by f' trace.err; then
	! goes || fail "nf_tables went while hooks of the agent are attached in it"
fi
kill -TERM $agent
code=0
wait $agent || code=$?
expect_eq "exit status of the agent" $code 0
goes || fail "$(echo $(loaded)) cannot be unloaded after the agent has ended"
