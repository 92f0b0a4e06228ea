# SPDX-License-Identifier: GPL-2.0-only
# Losses of several kinds in two pods leave no remainder; one that whydrop is kept from seeing leaves itself.
. "$WD_LIB"

routed_pods
spawn_in b "$WD_GEN" sink 10.2.0.2 5000 2048 60000 > sink4
spawn_in b "$WD_GEN" sink fd02::2 5000 2048 60000 > sink6
sleep 0.3

audit_start() { # name flags...: its output in out.name, its pid in $auditor
	local name=$1
	shift
	"$WD_WHYDROP" audit -o json --all "$@" > "out.$name" 2> "err.$name" &
	auditor=$!
	case_pids="$case_pids $auditor"
	wait_for "err.$name" '^ready'
}

audit_stop() { # name exit-status
	local code=0
	kill -INT "$auditor"
	wait "$auditor" || code=$?
	[ $code = "$2" ] || fail "$1: ended with $code, expected $2: $(cat "err.$1"; jq -c 'select(.remainder != null and .remainder > 0)' "out.$1")"
}

row() { # name pod-or-namespace counter: kernel, whydrop and remainder
	[ -s "rows.$1" ] || jq -r '"\(.pod // .netns_name) \(.counter) \(.kernel) \(.whydrop) \(.remainder)"' "out.$1" > "rows.$1"
	awk -v whose="$2" -v counter="$3" '$1 == whose && $2 == counter { print $3, $4, $5 }' "rows.$1"
}

some() { # what row: as many seen as counted, and more than a hundred
	read -r kernel whydrop remainder <<< "$2"
	[ "$kernel" -gt 100 ] && [ "$kernel" = "$whydrop" ] && [ "$remainder" = 0 ] || fail "$1: $2"
}

audit_start all
in_ns a "$WD_GEN" udp 10.2.0.2 1234 5 100 > /dev/null # no listener
in_ns a "$WD_GEN" udp fd02::2 1234 6 100 > /dev/null
in_ns b "$WD_GEN" udp 10.1.0.2 1234 3 100 > /dev/null
in_ns b "$WD_GEN" udp 10.2.0.2 5000 200 500 > /dev/null # a full socket
in_ns b "$WD_GEN" udp fd02::2 5000 200 500 > /dev/null
in_ns a ping -c 2 -i 0.2 -W 1 -t 1 -q 10.2.0.2 > /dev/null || true # TTL expired, at the router
in_ns a ping -6 -c 3 -i 0.2 -W 1 -t 1 -q fd02::2 > /dev/null || true
sleep 0.3
audit_stop all 0
expect_eq "b, UdpNoPorts" "$(row all b UdpNoPorts)" "5 5 0"
expect_eq "b, Udp6NoPorts" "$(row all b Udp6NoPorts)" "6 6 0"
expect_eq "a, UdpNoPorts" "$(row all a UdpNoPorts)" "3 3 0"
expect_eq "a, Udp6NoPorts" "$(row all a Udp6NoPorts)" "0 0 0"
some "b, UdpRcvbufErrors" "$(row all b UdpRcvbufErrors)"
some "b, Udp6RcvbufErrors" "$(row all b Udp6RcvbufErrors)"
expect_eq "r, IpInHdrErrors" "$(row all wd-r IpInHdrErrors)" "2 2 0"
expect_eq "r, Ip6InHdrErrors" "$(row all wd-r Ip6InHdrErrors)" "3 3 0"
expect_eq "rows with another schema" "$(jq -c 'select(.v != 1 or (.causes | type) != "array")' out.all)" ""

# A listener's full queue for new connections is seen through functions alone.
listen_in b 10.2.0.2 80 1 0
listen_in b fd02::2 80 1 0
audit_start blind --attach tracepoint
for at in 10.2.0.2 fd02::2; do in_ns a "$WD_GEN" connect-many $at 80 8 300 > /dev/null; done
sleep 0.3
audit_stop blind 4
read -r kernel whydrop remainder <<< "$(row blind b TcpExtListenDrops)"
[ "$kernel" -gt 4 ] || fail "only $kernel connections were refused"
expect_eq "remainder of ListenDrops" "$remainder" $((kernel - whydrop))
expect_eq "readings" "$(jq -r 'select(.remainder != null and .remainder > 0) | .counter' out.blind | sort -u | tr '\n' ' ')" \
	"TcpExtListenDrops TcpExtListenOverflows "

# What has been counted before is shown for what it is.
code=0
"$WD_WHYDROP" audit --since boot --netns wd-b -o json > out.boot || code=$?
expect_eq "exit status since boot" $code 0
expect_eq "b, Udp6NoPorts since boot" "$(row boot b Udp6NoPorts)" "6 null null"
"$WD_WHYDROP" audit --schema | jq -e '.properties.remainder' > /dev/null || fail "no schema"

# A trace says it in one line.
trace_alone --attach tracepoint --netns wd-b
in_ns a "$WD_GEN" udp 10.2.0.2 1234 7 100 > /dev/null
trace_stop
grep -qx 'explained all 7 counted losses' trace.err || fail "not explained: $(cat trace.err)"
expect_events no-listener 7
