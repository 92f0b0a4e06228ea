# SPDX-License-Identifier: GPL-2.0-only
# All that an agent meets in a long life, behind its filter of system calls: pods that come and go, a module that is
# loaded, rules that are named, files that are rotated. The kernel logs each call that the filter refuses.
. "$WD_LIB"

takes_a_minute 5.10 7

get() { # path
	exec 3<> /dev/tcp/127.0.0.1/9435
	printf 'GET %s HTTP/1.1\r\n\r\n' "$1" >&3
	timeout 30 cat <&3
	exec 3>&-
}
refused() { dmesg | grep "type=1326.* pid=$agent " | sed 's/.* \(syscall=[0-9]*\).*/\1/' | sort -u; }
wait_until() { # what command...: up to 20 s
	local what=$1
	shift
	for _ in $(seq 100); do
		if "$@" > /dev/null 2>&1; then return 0; fi
		sleep 0.2
	done
	fail "no $what; refused: $(refused); $(cat err); $(get /metrics | grep '^whydrop_drops_total')"
}
has_metric() { get /metrics | grep -q "$1"; }
# How many are named, and by then, is for other cases: an agent that loads hooks in an emulated machine is late.
names_c() {
	in_pod c "$WD_GEN" udp 127.0.0.1 9 2 100 && has_metric '^whydrop_drops_total.*cause="no-listener".*pod="c"' &&
		cat lines* | grep -q '"no-listener"'
}
names_rule() {
	in_ns c "$WD_GEN" udp 10.2.0.2 81 2 100 && cat lines* | grep -q '"rule_text":"udp dport 81 counter drop"'
}

routed_pods
"$WD_WHYDROP" agent --listen 127.0.0.1:9435 --events "$PWD/lines" --events-max-age 1s --audit 1s 2> err &
agent=$!
case_pids="$case_pids $agent"
wait_for err '^ready'
expect_eq "modes of seccomp(2)" "$(awk '/^Seccomp:/ { print $2 }' "/proc/$agent/task"/*/status | sort | uniq -c | awk '{ print ($1 > 1) $2 }')" 12

# the hooks of a module that comes with its first rule, in a namespace of its own
[ -n "${WD_HOST:-}" ] ||
	in_ns r nft 'add table inet late; add chain inet late onward { type filter hook forward priority 0; }; add rule inet late onward udp dport 81 counter drop'
pod c
link c eth0 10.3.0.2 fd03::2 r rc 10.3.0.1 fd03::1
default_route c 10.3.0.1 fd03::1
wait_until "loss of c" names_c
if [ -z "${WD_HOST:-}" ]; then
	wait_until "rule by its text" names_rule
	wait_until "hook of the module" has_metric '^whydrop_hook_attached{hook="nft_immediate"'
	# other cases may have loaded that one; before this, none has loaded the next
	modprobe ip6_tables
	wait_until "hook of a second module" has_metric '^whydrop_hook_attached{hook="ip6t_table"'
fi
wait_until "rotated file" test -s lines.1
kill -HUP "$agent"
find_cgroup c
for pid in $(< "$cgroup/cgroup.procs"); do kill -9 "$pid"; done
ip netns del wd-c
get /readyz | grep -q ready || fail "not ready"
kill -TERM "$agent"
code=0
wait "$agent" || code=$?
expect_eq "exit status" $code 0
expect_eq "system calls that were refused" "$(refused)" ""
