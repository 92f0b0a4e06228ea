# SPDX-License-Identifier: GPL-2.0-only
# Source and destination addresses that may not come from outside.
. "$WD_LIB"

routed_pods
mac=$(ip -n wd-r -j link show ra | jq -r '.[0].address')
martians() { # sources and destinations, of all CPUs
	local n=0 x
	for x in $(awk 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^in_martian/) on[i] } NR > 1 { for (i in on) print $i }' \
		/proc/net/stat/rt_cache); do n=$((n + 0x$x)); done
	echo $n
}
before=$(martians) in6=$(snmp r Ip6InHdrErrors)
trace_start --netns wd-r
frame() { in_pod a "$WD_GEN" frame eth0 "$mac" "$@" > /dev/null; }
frame 0800 127.0.0.1 10.2.0.2 17 3
frame 0800 224.0.0.9 10.2.0.2 17 4
frame 0800 10.1.0.2 127.0.0.1 17 5
frame 86dd ::1 fd02::2 17 6
frame 86dd ff02::9 fd02::2 17 7
frame 86dd fd01::2 ::1 17 8
trace_stop
expect_eq "martians counted" $(($(martians) - before)) 12
expect_eq Ip6InHdrErrors $(($(snmp r Ip6InHdrErrors) - in6)) 21
expect_events martian-address 3 '.src.addr == "127.0.0.1"'
expect_events martian-address 4 '.src.addr == "224.0.0.9"'
expect_events martian-address 5 '.dst.addr == "127.0.0.1"'
expect_events martian-address 6 '.src.addr == "::1"'
expect_events martian-address 7 '.src.addr == "ff02::9"'
expect_events martian-address 8 '.dst.addr == "::1"'
expect_all martian-address '.iface == "ra"'
expect_only martian-address
