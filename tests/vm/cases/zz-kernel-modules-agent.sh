# SPDX-License-Identifier: GPL-2.0-only
# An agent lives on while a module comes, goes where the kernel lets it, and comes again: its
# hooks there, which wait for a loss, are attached once, and the module can go when the agent has ended.
. "$WD_LIB"
. "${WD_LIB%/*}/modules.sh"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
takes_a_minute 5.10 7
metric() { # cause
	exec 3<> /dev/tcp/127.0.0.1/9435
	printf 'GET /metrics HTTP/1.1\r\n\r\n' >&3
	timeout 30 awk -v c="cause=\"$1\"" 'index($0, "whydrop_drops_total{") == 1 && index($0, c) { n += $NF } END { print n + 0 }' <&3
	exec 3>&-
}
begin
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
if ! is_held; then
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
	is_held || fail "nf_tables went while hooks are attached in it"
fi
kill -TERM $agent
code=0
wait $agent || code=$?
expect_eq "exit status of the agent" $code 0
gone "after the agent has ended"
