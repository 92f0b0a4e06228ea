# SPDX-License-Identifier: GPL-2.0-only
# The profile "reduced" (tools/deploy/whydrop.yaml): without CAP_SYS_ADMIN all is counted and has an owner, modules'
# hooks too, and what is lost is said.
. "$WD_LIB"

caps=-all,+bpf,+perfmon,+syslog,+net_admin,+sys_ptrace,+dac_read_search
[[ "$(uname -r)" != 5.10.* ]] || caps=$caps,+sys_resource # its maps count as locked memory
get() { # path
	exec 3<> /dev/tcp/127.0.0.1/9435
	printf 'GET %s HTTP/1.1\r\n\r\n' "$1" >&3
	timeout 30 cat <&3
	exec 3>&-
}
lost_by_b() { # cause
	awk -v c="cause=\"$1\"" '/^whydrop_drops_total/ && index($0, c) && /namespace="case",pod="b"/ { n += $NF } END { print n + 0 }' metrics
}
# Debian's kernels want more for kprobes where this is 3
paranoid=$(sysctl -n kernel.perf_event_paranoid)
at_end sysctl -qw "kernel.perf_event_paranoid=$paranoid"
[ -n "${WD_HOST:-}" ] || sysctl -qw kernel.perf_event_paranoid=2
routed_pods
[ -n "${WD_HOST:-}" ] || in_ns b nft 'add table inet fw; add chain inet fw in { type filter hook input priority 0; }; add rule inet fw in udp dport 81 counter drop'
setpriv --bounding-set "$caps" --inh-caps -all --no-new-privs "$WD_WHYDROP" agent --listen 127.0.0.1:9435 --audit 1s 2> err &
agent=$!
case_pids="$case_pids $agent"
wait_for err '^ready'

# the hooks of rules may come with the first loss only
by_rule=0
for _ in $(seq 50); do
	[ -z "${WD_HOST:-}" ] || break
	in_ns a "$WD_GEN" udp 10.2.0.2 81 1 100 > /dev/null
	get /metrics > metrics
	if grep -q '^whydrop_hook_attached{hook="nft_immediate"' metrics; then break; fi
	sleep 0.2
done
[ -n "${WD_HOST:-}" ] || by_rule=$(lost_by_b netfilter-rule-drop)
in_ns a "$WD_GEN" udp 10.2.0.2 1234 30 100 > /dev/null
in_ns a "$WD_GEN" udp fd02::2 1234 20 100 > /dev/null
in_ns a "$WD_GEN" udp 10.2.0.2 81 7 100 > /dev/null
get /metrics > metrics
get /readyz > ready
expect_eq "lost by b, nobody listening" "$(lost_by_b no-listener)" $([ -n "${WD_HOST:-}" ] && echo 57 || echo 50)
[ -n "${WD_HOST:-}" ] || expect_eq "lost by b, by a rule" $(($(lost_by_b netfilter-rule-drop) - by_rule)) 7
grep -q '^whydrop_capability_missing{capability="CAP_SYS_ADMIN"} 1' metrics || fail "no word of CAP_SYS_ADMIN: $(grep capab metrics)"
expect_eq "what it said" "$(grep -v '^ready' err)" ""
grep -q '^missing CAP_SYS_ADMIN; lost: ' ready || fail "not said what is lost: $(cat ready)"
[ -n "${WD_HOST:-}" ] || expect_eq "hooks on nf_tables" "$(grep -cE '^missing nft_(run|immediate)' ready || true)" 0
# bits of capabilities(7): 2 DAC_READ_SEARCH, 12 NET_ADMIN, 19 SYS_PTRACE, 34 SYSLOG, 38 PERFMON, 39 BPF
expect_eq "capabilities" "$(awk '/^Cap(Prm|Eff)/ { print $2 }' "/proc/$agent/status" | sort -u)" 000000c400081004
kill -TERM "$agent"
code=0
wait "$agent" || code=$?
expect_eq "exit status" $code 0

# to load all once more takes seconds in an emulated machine
[[ "${WD_HOST:-}$(uname -r)" =~ ^(1|6\.12\.) ]] || exit 0
[ -n "${WD_HOST:-}" ] || sysctl -qw kernel.perf_event_paranoid=3
setpriv --bounding-set "$caps" --inh-caps -all --no-new-privs "$WD_WHYDROP" probes > probes
grep -qE '^CAP_SYS_ADMIN +missing' probes || fail "probes does not say what is lost: $(tail -n 5 probes)"
[ -n "${WD_HOST:-}" ] || expect_eq "causes lost without kprobes" \
	"$(awk '/^nft_run / { on = 1 } /^nft_immediate / { on = 0 } on && /lost:/ { print $2, $3 }' probes)" "netfilter-rule-drop, netfilter-policy-drop"
