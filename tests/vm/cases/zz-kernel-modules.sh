# SPDX-License-Identifier: GPL-2.0-only
# Modules that are loaded after the tracer has started are seen all the same, and can go when the tracer has let go.
# Where the kernel lets them go before, what comes again is seen again, each loss once, and no program is left of the
# first time. The tracer of all cases has to let go first.
. "$WD_LIB"
. "${WD_LIB%/*}/modules.sh"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
begin
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
	is_held || fail "nf_tables went while hooks are attached in it"
	late_rule
else
	gone "beside kprobes"
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
gone "after the tracer has ended"
