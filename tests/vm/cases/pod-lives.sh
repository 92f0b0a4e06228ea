# SPDX-License-Identifier: GPL-2.0-only
# Pods that are made, end and are followed by others while the tracer runs: each loss is its own pod's.
. "$WD_LIB"

close_pod() { # name: its processes, cgroups and namespace, as a runtime and kubelet remove them
	local pid
	for pid in $(cat "$(pod_cgroup "$1")/cgroup.procs"); do kill -9 "$pid"; done
	while [ -s "$(pod_cgroup "$1")/cgroup.procs" ]; do sleep 0.01; done
	rmdir "$(pod_cgroup "$1")"
	ip netns del "wd-$1"
	ip -n wd-r link del "v$1" 2>/dev/null || true
}

# A pod whose link to the node is a veth, with the same addresses each time.
open_pod() { # name log-directory-delay
	ns "$1"
	link "$1" eth0 10.9.0.2 fd09::2 r "v$1" 10.9.0.1 fd09::1
	default_route "$1" 10.9.0.1 fd09::1
	mkdir -p "$(pod_cgroup "$1")"
	spawn_in "$1" sleep 300
	until [ "$(stat -L -c %i "/proc/${case_pids##* }/ns/net")" = "$(inode "$1")" ]; do sleep 0.01; done
	(sleep "$2"; mkdir -p "/var/log/pods/case_$1_$(pod_uid "$1")/app") &
	case_pids="$case_pids $!"
}

ns r
in_ns r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
trace_start --attach tracepoint --cause no-route --cause no-listener

# its first losses 50 ms after its start, the name later than these: the socket tells, else the namespace
open_pod one 0.1
sleep 0.05
in_pod one "$WD_GEN" udp 127.0.0.1 9002 2 10 > /dev/null
in_ns r "$WD_GEN" udp 10.9.0.2 9003 2 10 > /dev/null
sleep 0.3
# on its way, when the kernel has to know whose the device is
in_ns one "$WD_GEN" udp 10.8.0.1 9001 3 10 > /dev/null
in_ns one "$WD_GEN" udp fd08::1 9001 3 10 > /dev/null

# a socket of one that outlives its cgroup; before 5.12 a namespace has no cookie, and nobody can tell later
# whether its inode is still the same namespace's
! has_reasons || spawn_in one "$WD_GEN" late 2500 127.0.0.1 9004 4
if has_reasons; then
	until grep -qx "${case_pids##* }" "$(pod_cgroup one)/cgroup.procs"; do sleep 0.02; done
	sleep 0.1
	echo "${case_pids##* }" > "$cgroot/cgroup.procs"
fi
close_pod one

# the next pod has its addresses, at once, and mostly its inode
open_pod two 0
in_ns two "$WD_GEN" udp 10.8.0.1 9007 3 10 > /dev/null
in_ns r "$WD_GEN" udp 10.9.0.2 9006 2 10 > /dev/null
sleep 0.3
in_ns two "$WD_GEN" udp 10.8.0.1 9005 3 10 > /dev/null
in_ns two "$WD_GEN" udp fd08::1 9005 3 10 > /dev/null
sleep 2.5
trace_stop

owners() { jq -r "select(.dst.port == $1) | .victim.pod // .victim.uid // .victim.netns_name // .victim.how" $events | sort | uniq -c | awk '{ print $1 "*" $2 }'; }
judge "no route" ptp "made by hand" 9001 "6 one veth > - -"
judge "no socket, 50 ms after its start" ptp "made by hand" 9002 "2 one netns > - -"
judge "no socket, 50 ms after its start" ptp "made by hand" 9003 "2 one netns > - -"
judge "no route, address of the pod before" ptp "made by hand" 9005 "6 two veth > - -"
case $(owners 9007) in # perhaps before anybody could know, but never the one before
"3*two") ;;
"3*wd-r" | *wd-r*two) counts_know_more=1 ;;
"3*$(pod_uid two)") counts_know_more=1 ;; # its name is written a moment later
*) fail "two's first losses: $(owners 9007)" ;;
esac
# where namespaces have no cookies, the second pod has what the first lost in a namespace of the same inode
has_reasons || counts_know_more=1
judge "no socket, address of the pod before" ptp "made by hand" 9006 "2 two netns > - -"
ended="4*one netns true true"
has_reasons || ended=
expect_eq "the ended pod" "$(jq -r 'select(.dst.port == 9004) | .victim |
	"\(.pod // "none") \(.how) \(.flags | index("terminated") != null) \((.terminated_ms // 0) > 0 and .terminated_ms < 9000)"' $events |
	sort | uniq -c | awk '{ printf "%s*%s %s %s %s\n", $1, $2, $3, $4, $5 }')" "$ended"
expect_eq "ends before their time" "$(jq -r 'select(.dst.port != 9004) | .victim.terminated_ms' $events | sort -u)" null
! has_reasons || grep -q 'case/one.*(terminated)' trace.err || fail "the summary does not say that one has ended"
