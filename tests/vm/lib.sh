# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What cases are written in: namespaces, pods, links, counters, the tracer and its events.
#
# A case runs in an empty directory of its own. Namespaces are called wd-<name> and are removed with
# everything in them when the case ends. The tracer writes events.json and trace.err.
set -eu

: "${WD_CACHE:=.}" # where answers are kept that do not change from case to case
events=events.json
nf_drop=netfilter-rule-drop # where rules can be watched
[ -z "${WD_HOST:-}" ] || nf_drop=netfilter-drop-unattributed
tracer=
traced= # a trace has ended and was not looked at: "alone" or "session"
session_from= # where in the events of all cases this trace begins
session_netns=
session_all= # or --all
recorder=
unaudited= # why what the kernel counted need not have been seen: see audited
undo= # what a case wants done at its end: see at_end
names=
case_pids=
expected=() wanted=() asked=() # of the last trace: what, the result, by which jq expression
proves=() # the cause that is proved if that is so, by the same index
besides=() # what else to ask of them: each tells of a proved cause
cgroot=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)

fail() {
	echo "FAIL: $*" >&2
	if [ -s trace.err ]; then sed 's/^/tracer: /' trace.err >&2; fi
	if [ -s $events ]; then
		echo "events by cause:" >&2
		jq -r '.cause + " " + (.reason // "-") + " " + .symbol + " " + (.victim.pod // .victim.unit // "-")' $events | sort | uniq -c >&2
		echo "the first of each cause:" >&2
		jq -sc 'unique_by(.cause)[]' $events >&2
	fi
	exit 1
}

skip() {
	echo "SKIP: $*"
	exit 77
}

# What no kernel has a say in is tried on the host and on one of the others.
any_kernel() {
	[ -n "${WD_HOST:-}" ] || [[ "$(uname -r)" = 6.1.* ]] || skip "nothing here depends on the kernel: runs on 6.1 and the host"
}

# What takes a minute runs on two kernels and the host.
takes_a_minute() { # kernel kernel
	[[ -n "${WD_HOST:-}" || -z "${WD_AGAIN:-}" || "$(uname -r)" = "$1".* || "$(uname -r)" = "$2".* ]] ||
		skip "takes a minute: runs on $1 and $2, elsewhere if it is named"
}

# A trap of the case's own would keep what it expects from being looked at.
at_end() { # command...: whether the case passes or not
	undo="$*"
}

finish() {
	local code=$?
	if [ $code = 0 ]; then (settle) || code=1; fi
	set +e
	eval "$undo"
	cleanup
	exit $code
}

cleanup() {
	local gone=()
	set +e
	[ -z "$tracer" ] || kill "$tracer" 2>/dev/null
	[ -z "$recorder" ] || kill "$recorder" 2>/dev/null
	for pid in $case_pids; do kill "$pid" 2>/dev/null; done
	wait 2>/dev/null
	for name in $names; do
		find_cgroup "$name"
		if [ -d "$cgroup" ]; then
			for pid in $(< "$cgroup/cgroup.procs"); do kill -9 "$pid" 2>/dev/null; done
		fi
		[ ! -d "${cgroup%/*}" ] || rmdir "$cgroup" "${cgroup%/*}" 2>/dev/null
		gone+=("/var/log/pods/case_${name}_$uid" "$oci/${cgroup##*/}")
	done
	# shellcheck disable=SC2086
	printf 'netns del wd-%s\n' $names | ip -force -batch - 2> /dev/null
	rm -rf "${gone[@]}"
	rmdir "$cgroot/kubepods/burstable" "$cgroot/kubepods" 2>/dev/null
}
trap finish EXIT

# Namespaces and pods ---------------------------------------------------------------------------

# Processes take long in an emulated machine, most of all those with many libraries, like ip: as much as can
# be is done by few.
ns_setup='
cd /proc/sys/net
for which in all default; do
	echo 0 > ipv6/conf/$which/accept_dad
	echo 0 > ipv6/conf/$which/router_solicitations
	echo 0 > ipv4/conf/$which/rp_filter
done
exec busybox ip link set lo up'

ns() { # name...
	printf 'netns add wd-%s\n' "$@" | ip -batch -
	names="$names $*"
	for name in "$@"; do in_ns "$name" sh -c "$ns_setup"; done
}

in_ns() { # name command...
	local name=$1
	shift
	program "$1"
	nsenter -n"/run/netns/wd-$name" "$program" "${@:2}"
}

# Where it is, in $program: busybox would take its own programs of that name.
program=
program() { # name
	hash "$1" 2> /dev/null || true
	program=${BASH_CMDS[$1]:-$1}
}

# Ids are made of the name's letters, by the shell alone: processes take long in an emulated machine.
hex=
to_hex() { # name digits: in $hex, filled up with zeros
	local i letter
	hex=
	for ((i = 0; i < ${#1}; i++)); do
		printf -v letter %02x "'${1:i:1}"
		hex+=$letter
	done
	printf -v hex "%-$2s" "$hex"
	hex=${hex// /0} hex=${hex:0:$2}
}
uid=
find_uid() { # name: in $uid
	to_hex "$1" 12
	uid=00000000-0000-4000-8000-$hex
}
cgroup=
find_cgroup() { # name: of its container, in $cgroup; the last part is the container's id
	find_uid "$1"
	to_hex "$1" 64
	cgroup=$cgroot/kubepods/burstable/pod$uid/$hex
}
pod_uid() { find_uid "$1" && echo "$uid"; }
pod_container() { find_cgroup "$1" && echo "${cgroup##*/}"; }
pod_cgroup() { find_cgroup "$1" && echo "$cgroup"; }

# Where containerd keeps what it knows of its containers.
oci=/run/containerd/io.containerd.runtime.v2.task/k8s.io

# A namespace that is a pod "case/NAME" with the container "app": a cgroup with its uid, a log directory with
# its name, the runtime's file about the container, and a process that lives in the namespace and the cgroup.
pod() { # name...
	for name in "$@"; do
		ns "$name"
		find_cgroup "$name"
		mkdir -p "$oci/${cgroup##*/}"
		echo '{ "annotations": { "io.kubernetes.cri.container-type": "container", "io.kubernetes.cri.container-name": "app" } }' \
			> "$oci/${cgroup##*/}/config.json"
		mkdir -p "$cgroup" "/var/log/pods/case_${name}_$uid/app"
		spawn_in "$name" sleep 300
	done
}

in_pod() { # name command...
	local name=$1
	find_cgroup "$name"
	shift
	program "$1"
	(echo "$BASHPID" > "$cgroup/cgroup.procs" && exec nsenter -n"/run/netns/wd-$name" "$program" "${@:2}")
}

spawn_in() { # name command...: in the pod, in the background, until the case ends
	local name=$1
	find_cgroup "$name"
	shift
	program "$1"
	(echo "$BASHPID" > "$cgroup/cgroup.procs" && exec nsenter -n"/run/netns/wd-$name" "$program" "${@:2}") &
	case_pids="$case_pids $!"
}

link() { # name dev v4 v6 name dev v4 v6: a veth between two namespaces
	{ echo "link add $2 type veth peer name $6 netns wd-$5"; end_lines "$2" "$3" "$4"; } | ip_lines "$1"
	end "$5" "$6" "$7" "$8"
}

ip_lines() { # name: commands of ip on stdin, in one process
	ip -n "wd-$1" -batch -
}

end_lines() { # dev v4 v6
	printf '%s\n' "addr add $2/24 dev $1" "link set $1 up" "addr add $3/64 dev $1 nodad"
}

end() { # name dev v4 v6
	end_lines "$2" "$3" "$4" | ip_lines "$1"
}

route_lines() { # v4 v6
	printf '%s\n' "route add default via $1" "route add default via $2"
}

default_route() { # name v4 v6
	route_lines "$2" "$3" | ip_lines "$1"
}

# a --- r --- b: two pods and a node that forwards. 10.1.0.2 / fd01::2 and 10.2.0.2 / fd02::2.
routed_pods() {
	ns r
	in_ns r sh -c 'cd /proc/sys/net && echo 1 > ipv4/ip_forward && echo 1 > ipv6/conf/all/forwarding'
	pod a b
	{ printf 'link add r%s type veth peer name eth0 netns wd-%s\n' a a b b
		end_lines ra 10.1.0.1 fd01::1
		end_lines rb 10.2.0.1 fd02::1; } | ip_lines r
	{ end_lines eth0 10.1.0.2 fd01::2; route_lines 10.1.0.1 fd01::1; } | ip_lines a
	{ end_lines eth0 10.2.0.2 fd02::2; route_lines 10.2.0.1 fd02::1; } | ip_lines b
	warm_up a 10.2.0.2 fd02::2
}

warm_up() { # name v4 v6: neighbours and routes are resolved, so that only the case's own packets are lost
	local v4
	in_ns "$1" ping -c 1 -W 4 -q "$2" > /dev/null &
	v4=$!
	in_ns "$1" ping -6 -c 1 -W 4 -q "$3" > /dev/null || fail "no way from $1 to $3"
	wait $v4 || fail "no way from $1 to $2"
}

wait_for() { # file pattern: up to 30 s
	for _ in $(seq 600); do
		if grep -q -- "$2" "$1" 2> /dev/null; then return 0; fi
		sleep 0.05
	done
	fail "no '$2' in $1 within 30 s: $(cat "$1")"
}

# Sockets of a pod in the background; they are there when these return.
listen_in() { # name address port backlog defer: a listener that never accepts
	spawn_in "$1" "$WD_GEN" listen "$2" "$3" "$4" "$5" 60000 > "listen.$2.$3"
	wait_for "listen.$2.$3" bound
}

receive_in() { # name address port rcvbuf action ms: see gen
	spawn_in "$1" "$WD_GEN" receive "$2" "$3" "$4" "$5" "$6" > "receive.$2.$3"
	wait_for "receive.$2.$3" bound
}

inode() { stat -L -c %i "/run/netns/wd-$1"; }

# Counters --------------------------------------------------------------------------------------

# Absolute value, 0 if the kernel does not list it. The name as nstat has it: what /proc/net says, with the
# protocol in front of it.
snmp() { # namespace name
	in_ns "$1" awk -v n="$2" '
		FILENAME ~ /snmp6/ { if ($1 == n) v = $2; next }
		$1 != head { head = $1; split($0, names); next }
		{ head = ""; for (i = 2; i <= NF; i++) if (substr($1, 1, length($1) - 1) names[i] == n) v = $i }
		END { print v + 0 }' /proc/net/snmp6 /proc/net/snmp /proc/net/netstat
}

nft_count() { # namespace: packets that its nftables rules with a counter have counted
	in_ns "$1" nft -j list ruleset | jq '[.nftables[].rule?.expr[]?.counter?.packets // 0] | add'
}

ct_stat() { # namespace name: conntrack's own counter, all CPUs together
	in_ns "$1" conntrack -S | tr ' ' '\n' | awk -F = -v n="$2" '$1 == n { v += $2 } END { print v + 0 }'
}

# The tracer ------------------------------------------------------------------------------------

# In a virtual machine one tracer runs for all cases (tests/vm/inside): to start one takes seconds there. It
# stands in for a tracer with no flags but --all and --netns.
trace_start() { # [--all] [--netns NAME] flags...
	local all= netns=
	if [ "${1:-}" = --all ]; then
		all=--all
		shift
	fi
	if [ "${1:-}" = --netns ]; then
		netns=$(inode "${2#wd-}")
		shift 2
	fi
	if [ -z "${WD_SESSION:-}" ] || [ $# != 0 ]; then
		trace_alone "$@" $all ${netns:+--netns "$netns"}
		return
	fi
	settle
	session_netns=$netns
	session_all=$all
	settled_session
	session_from=$(stat -c %s "$WD_SESSION/events.json")
	: > trace.err
}

# What was lost so far has been written by the tracer of all cases: it writes no more, and has not been busy,
# as it is with the hooks of a new module.
settled_session() {
	local size=-1 busy=-1 now_size now_busy pid stat
	pid=$(< "$WD_SESSION/pid")
	kill -0 "$pid" || fail "the tracer of all cases has ended: $(cat "$WD_SESSION/trace.err")"
	for _ in $(seq 200); do
		now_size=$(stat -c %s "$WD_SESSION/events.json")
		stat=$(< "/proc/$pid/stat")
		read -ra stat <<< "${stat##*)}"
		now_busy=$((stat[11] + stat[12]))
		if [ "$now_size" = $size ] && [ $((now_busy - busy)) -le 5 ]; then return 0; fi
		size=$now_size busy=$now_busy
		sleep 0.3
	done
	fail "the tracer of all cases did not come to rest"
}

# Ends the tracer of all cases, if that has not been done; what it said is in $events and trace.err then.
session_end() {
	local pid
	pid=$(< "$WD_SESSION/pid")
	if kill -0 "$pid" 2> /dev/null; then
		settled_session
		kill -INT "$pid"
	fi
	for _ in $(seq 100); do
		if ! kill -0 "$pid" 2> /dev/null; then break; fi
		sleep 0.2
	done
	! kill -0 "$pid" 2> /dev/null || fail "the tracer of all cases did not end"
	cp "$WD_SESSION/events.json" $events
	cp "$WD_SESSION/trace.err" trace.err
}

trace_alone() { # flags...
	settle
	session_from=
	: > trace.err
	"$WD_WHYDROP" trace -o json --hooks always "$@" > $events 2> trace.err &
	tracer=$!
	if [ -n "${WD_RECORD:-}" ]; then
		"$WD_WHYDROP" trace -qq -o key --all "$@" >> keys 2> keys.err &
		recorder=$!
	fi
	for _ in $(seq 150); do
		if grep -q '^ready' trace.err; then return 0; fi
		kill -0 "$tracer" 2>/dev/null || fail "the tracer ended before it was ready"
		sleep 0.2
	done
	fail "the tracer was not ready within 30 s"
}

trace_stop() { # what was lost in the last moment still arrives
	if [ -n "$session_from" ]; then
		settled_session
		tail -c "+$((session_from + 1))" "$WD_SESSION/events.json" |
			{ grep -E "\"netns\":${session_netns:-[0-9]}" || true; } |
			{ [ -n "$session_all" ] && cat || grep -vE '"severity":"(normal|info)"' || true; } > $events
		traced=session
		return
	fi
	sleep 0.15
	if [ -n "$recorder" ]; then
		kill -INT "$recorder"
		wait "$recorder" || true
		recorder=
	fi
	kill -INT "$tracer"
	code=0
	wait "$tracer" || code=$?
	tracer=
	[ $code = 0 ] || fail "the tracer ended with $code"
	! grep -qE '^ *[1-9][0-9]* lost' trace.err || fail "events were lost"
	audited
	traced=alone
}

# What the kernel's counters of losses counted meanwhile has been seen, unless the case says why not. A tracer
# with filters says nothing of it.
audited() {
	[ -z "$unaudited" ] || return 0
	! grep -qE '^explained [0-9]' trace.err || fail "$(sed -n '/^explained/,$p' trace.err | tr '\n' ' ')"
}

# What is expected of the events of a trace is looked at together, when the next one starts or the case ends:
# jq takes most of a second to start in an emulated machine. Along with it, whether the events keep the
# schema, and whether the exact counts name the same causes and owners, as often, as the events do.
settle() {
	local i
	[ -n "$traced" ] || return 0
	{
		cat "${WD_LIB%/*}/verify.jq"
		echo '"schema \(keeps_schema)", counts'
		for i in "${asked[@]}" "${besides[@]}"; do echo ", $i"; done
	} > verify.jq
	[ -s "$WD_CACHE/schema.json" ] || "$WD_WHYDROP" trace --schema > "$WD_CACHE/schema.json"
	jq -rs --slurpfile s "$WD_CACHE/schema.json" -f verify.jq $events > told || fail "not JSON, or the case's conditions are not jq"
	grep -q '^schema true' told || fail "not as the schema says"
	# the tracer of all cases counts at its end
	if [ $traced = alone ]; then counts_match; fi
	traced=
	settle_expectations < told
	sed -n 's/^proved //p' told >> proved
	expected=() wanted=() asked=() proves=() besides=()
}

# Counts are judged at the end, when more may be known of owners than when the events were: then by causes alone.
counts_know_more=
counts_match() { # told
	local counted described
	counted=$(awk '/^ *packets +share/ { on = 1; next } !NF { on = 0 } on { print $3, $4, $1 }' trace.err | sort)
	described=$(grep -vE '^(schema|expect|proved) ' told | sort || true)
	if [ -n "$counts_know_more" ]; then
		counted=$(by_cause <<< "$counted") described=$(by_cause <<< "$described")
	fi
	[ "$counted" = "$described" ] || fail "counted: $counted; described: $described"
}

by_cause() { awk 'NF { n[$1] += $NF } END { for (c in n) print c, n[c] }' | sort; }

settle_expectations() { # lines "expect number result" on stdin, those of events with the families of these
	local word i got families looked_at=0
	while read -r word i got families; do
		[ "$word" = expect ] || continue
		looked_at=$((looked_at + 1))
		[ "$got" = "${wanted[i]}" ] || fail "${expected[i]}: got $got $families, expected ${wanted[i]}"
		[ -z "${proves[i]:-}" ] || echo "${proves[i]} $families" >> proved
	done
	[ $looked_at = ${#wanted[@]} ] || fail "$looked_at of ${#wanted[@]} expectations were looked at"
}

expect() { # what want jq
	expected+=("$1") wanted+=("$2") asked+=("$3")
}

events_of() { # cause [jq condition]
	jq -c "select(.cause == \"$1\") | select(${2:-true})" $events | wc -l
}

expect_events() { # cause count [jq condition]
	[ "$2" = 0 ] || proves[${#asked[@]}]=$1
	expect "$1 ${3:-}" "$2" "expected(${#asked[@]}; .cause == \"$1\" and (${3:-true}))"
}

# As many as the kernel counted, which goes on counting while a trace begins and ends: neighbour discovery is
# lost, too.
expect_between() { # cause least most
	local n
	[ "$3" -le $(($2 + 5)) ] || fail "$2 counted, $(($3 - $2)) more while the trace began and ended"
	n=$(events_of "$1")
	[ "$n" -ge "$2" ] && [ "$n" -le "$3" ] || fail "$1: got $n, expected $2 to $3"
	[ "$n" = 0 ] || proved_apart "$1"
}

# For the README's table: events of that cause were held against a counter in another way than by number.
proved_apart() { # cause
	besides+=("between(\"$1\")")
}

expect_eq() { # what got want
	[ "$2" = "$3" ] || fail "$1: got $2, expected $3"
}

expect_all() { # cause jq-condition: holds for every event of that cause
	expect "a $1 without $2" '""' "refused(${#asked[@]}; .cause == \"$1\" and (($2) | not))"
}

expect_only() { # causes...: nothing else was reported
	local causes
	causes=$(printf '"%s",' "$@")
	expect "other than $*" '""' "refused(${#asked[@]}; .cause as \$c | [${causes%,}] | index(\$c) == null)"
}

# What whydrop knows of this kernel, asked once for all cases: it takes seconds in an emulated machine.
facts() {
	[ -s "$WD_CACHE/facts" ] || "$WD_WHYDROP" probes --facts > "$WD_CACHE/facts" 2> /dev/null
	cat "$WD_CACHE/facts"
}

# Whether the kernel tells at the free whose socket it was (6.11).
rx_sk() { facts | grep -qE "^tp kfree_skb [4-9]"; }

# Whether the kernel gives drop reasons: without them (before 5.17) the place decides.
has_reasons() { grep -q skb_drop_reason /sys/kernel/tracing/events/skb/kfree_skb/format 2>/dev/null ||
	facts | grep -qE '^tp kfree_skb [3-9]'; }

# Owners ----------------------------------------------------------------------------------------

# Whose the losses to a port are: "victim how,flags > peer how", the victim with its container, each with its
# number. Unknown is "-".
owners_by_port() {
	jq -r 'def name: .pod // .uid // "-"; def how: [.how // "-", .flags[]?] | join(",");
		(.victim.container | if . then "/" + . else "" end) as $c |
		"\(.dst.port) \(.victim | name)\($c) \(.victim | how) > \(.peer | name) \(.peer | how)"' $events | sort | uniq -c
}

# Compares what a drop point's losses were attributed to with what was set up, after trace_stop, and notes for the
# README's table (tools/matrix) whether that was right, wrong or unknown.
judge() { # drop-point cni runtime port "count victim how > peer how"
	local verdict how pod=${5#* }
	pod=${pod%% *}
	find_uid "${pod%/*}"
	[ owners -nt $events ] || owners_by_port > owners
	verdict=$(awk -v port="$4" -v want="$5" -v uid="$uid" '
		# a pod whose name or container is not known yet is not a wrong one
		function less(got, want) { return got != want && (got == "-" || got == uid || index(want, got "/") == 1) }
		BEGIN { split(want, w, " ") }
		$2 == port {
			seen += $1
			if (less($3, w[2]) || less($6, w[5])) unknown = 1
			if ($3 != w[2] && !less($3, w[2]) || $6 != w[5] && !less($6, w[5])) wrong = 1
		}
		END { print (wrong ? "wrong" : (unknown || seen != w[1]) ? "unknown" : "right") }' owners)
	how=$(awk -v port="$4" '$2 == port { print $4, $5, $7 }' owners | sort -u | tr '\n' ';')
	printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$verdict" "${how%;}" >> accuracy
	expect_eq "$1, $2" "$(awk -v port="$4" '$2 == port { print $1, $3, $4, $5, $6, $7 }' owners)" "$5"
}
